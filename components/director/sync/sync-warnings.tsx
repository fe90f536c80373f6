import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseServiceId } from "#domain/service";
import type { SyncWarning } from "#domain/sync-warnings";
import { useNames } from "../../changes/use-names.ts";

/** What should be known of the daemons that run, a line each; nothing when there is nothing. */
export function SyncWarnings({ warnings }: { warnings: readonly SyncWarning[] }) {
  const t = useTranslations("directorPage.sync");
  const { serviceName } = useNames();
  if (warnings.length === 0) return null;
  const textOf = ({ code, ...params }: SyncWarning): string => {
    if (!("service" in params)) return t(`warning.${code}`, params);
    const key = parseServiceId(params.service);
    return t(`warning.${code}`, { ...params, service: key ? serviceName(key) : params.service });
  };
  return (
    <ul aria-label={t("warnings")} className="flex flex-col gap-1.5 rounded-lg bg-changing-soft px-4 py-2.5">
      {warnings.map((warning) => (
        <li key={JSON.stringify(warning)} className="flex items-start gap-2.5">
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-changing" aria-hidden="true" />
          <span className="min-w-0">{textOf(warning)}</span>
        </li>
      ))}
    </ul>
  );
}
