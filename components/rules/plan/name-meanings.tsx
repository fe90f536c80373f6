"use client";
import { useTranslations } from "next-intl";
import { HeadCell, Table, TextCell } from "#components/ui/table-cells";
import type { NameMeaning } from "#domain/rules-exchange";

const mostShown = 100;

/** What each name in the text became: the table holds addresses and numbers only. */
export function NameMeanings({ names }: { names: readonly NameMeaning[] }) {
  const t = useTranslations("rulesPage.names");
  return (
    <div className="flex flex-col gap-1.5">
      <h3 className="text-[13px] font-semibold">{t("title")}</h3>
      <p className="text-[13px] text-muted">{t("help")}</p>
      <Table label={t("title")} className="max-h-72 overflow-y-auto">
        <thead>
          <tr>
            <HeadCell>{t("name")}</HeadCell>
            <HeadCell>{t("became")}</HeadCell>
            <HeadCell>{t("others")}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {names.slice(0, mostShown).map((meaning) => (
            <tr key={`${meaning.kind} ${meaning.name} ${meaning.protocol ?? ""}`}>
              <TextCell className="font-mono">
                {meaning.name}
                {meaning.protocol !== null && <span className="text-muted"> /{meaning.protocol}</span>}
              </TextCell>
              <TextCell className="font-mono">
                {meaning.became ?? <span className="font-sans text-failed">{t("unknown")}</span>}
              </TextCell>
              <TextCell className="font-mono whitespace-normal! text-muted">{meaning.others.join(", ")}</TextCell>
            </tr>
          ))}
        </tbody>
      </Table>
      {names.length > mostShown && (
        <p className="text-[13px] text-muted">{t("andMore", { count: names.length - mostShown })}</p>
      )}
    </div>
  );
}
