"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/trpc";
import { Badge } from "#components/ui/badge";
import { Button } from "#components/ui/button";
import { HeadCell, Table, TextCell } from "#components/ui/table-cells";
import { Moment } from "#components/units/moment";
import type { TokenRow } from "#domain/people";
import { AddToken } from "./add-token.tsx";
import { NotRead } from "./notes.tsx";
import { RevokeToken } from "./revoke-token.tsx";
import { Section, stickyEnd } from "./section.tsx";
import { useOneDialog } from "./use-one-dialog.ts";

type TokenTask = { kind: "add" } | { kind: "revoke"; token: TokenRow };

/** What programs show in place of a name and password. */
export function Tokens() {
  const t = useTranslations("tokens");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data, error, refetch, dataUpdatedAt } = useQuery(trpc.tokens.list.queryOptions());
  const { task, opening, open, close, onCloseAutoFocus } = useOneDialog<TokenTask>();
  const closing = {
    onClose: close,
    onCloseAutoFocus,
    readAgain: () => void queries.invalidateQueries(trpc.tokens.list.queryFilter()),
  };

  return (
    <Section
      title={t("title")}
      help={t("help")}
      actions={
        <Button onClick={() => open({ kind: "add" })}>
          <Plus className="size-4" aria-hidden="true" />
          {t("add")}
        </Button>
      }
    >
      {!data ? (
        <NotRead error={error} retry={() => void refetch()} />
      ) : data.length === 0 ? (
        <p className="rounded-lg border border-line bg-surface px-4 py-3 text-muted">{t("none")}</p>
      ) : (
        <Table label={t("table")}>
          <thead>
            <tr>
              <HeadCell>{t("name")}</HeadCell>
              <HeadCell>{t("role")}</HeadCell>
              <HeadCell>{t("created")}</HeadCell>
              <HeadCell>{t("used")}</HeadCell>
              <HeadCell>{t("ends")}</HeadCell>
              <HeadCell className="relative">
                <span className="sr-only">{t("actions")}</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.map((token) => (
              <TokenLine
                key={token.id}
                token={token}
                nowMs={dataUpdatedAt}
                revoke={() => open({ kind: "revoke", token })}
              />
            ))}
          </tbody>
        </Table>
      )}
      {task?.kind === "add" && <AddToken key={opening} {...closing} />}
      {task?.kind === "revoke" && <RevokeToken key={opening} token={task.token} {...closing} />}
    </Section>
  );
}

function TokenLine({ token, nowMs, revoke }: { token: TokenRow; nowMs: number; revoke: () => void }) {
  const t = useTranslations("tokens");
  const people = useTranslations("people");
  const { name, endsAtMs } = token;
  return (
    <tr>
      <th scope="row" className="min-w-24 border-b border-line/60 px-2.5 py-1.5 text-left font-medium break-words">
        {name}
      </th>
      <TextCell>{people(`roles.${token.role}`)}</TextCell>
      <TextCell>
        <Moment atMs={token.createdAtMs} />
        <span className="block text-xs text-muted">{t("by", { name: token.createdBy })}</span>
      </TextCell>
      <TextCell>
        {token.usedAtMs === null ? t("neverUsed") : <Moment atMs={token.usedAtMs} />}
        {token.usedFrom && (
          <span className="block text-xs text-muted tabular-nums">{t("usedFrom", { address: token.usedFrom })}</span>
        )}
      </TextCell>
      <TextCell>
        {endsAtMs === null ? (
          t("neverEnds")
        ) : (
          <>
            <Moment atMs={endsAtMs} />
            {endsAtMs <= nowMs && (
              <Badge tone="off" className="ml-2">
                {t("ended")}
              </Badge>
            )}
          </>
        )}
      </TextCell>
      <TextCell className={stickyEnd}>
        <Button size="sm" aria-label={t("revokeOne", { name })} onClick={revoke}>
          {t("revoke")}
        </Button>
      </TextCell>
    </tr>
  );
}
