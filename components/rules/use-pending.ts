import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useSession } from "#components/session/session-provider";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { toast } from "#components/ui/toaster";
import { useErrorText } from "#components/words";
import type { PendingConfirm } from "#domain/revision";

/** While something waits, others may confirm it too. */
const askEveryMs = 3000;

export interface Pending {
  /** the change that waits for its confirmation */
  waiting: PendingConfirm | null;
  /** whole seconds until the old table comes back; 0 when it should be on its way */
  leftS: number;
  busy: boolean;
  keep: () => void;
  putBack: () => void;
}

/**
 * The change that waits for its confirmation. Asked for when the page is loaded or looked at again and after own changes;
 * every few seconds only while there is one. How it ended is said, whoever ended it.
 */
export function usePending(): Pending {
  const t = useTranslations("pending");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const session = useSession();
  const call = useAskPassword();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [now, setNow] = useState(() => Date.now());
  const { data, refetch } = useQuery(
    trpc.rules.pending.queryOptions(undefined, {
      staleTime: 0,
      refetchOnWindowFocus: true,
      refetchInterval: ({ state }) => (state.data ? askEveryMs : false),
    }),
  );
  const waiting = data ?? null;
  const endsAtMs = waiting ? session.inBrowserTime(waiting.confirmBy) : null;
  const leftS = endsAtMs === null ? 0 : Math.max(0, Math.floor((endsAtMs - now) / 1000));

  useEffect(() => {
    if (endsAtMs === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    // Just behind the end there is news.
    const end = setTimeout(() => void refetch(), Math.max(0, endsAtMs - Date.now()) + 500);
    return () => {
      clearInterval(timer);
      clearTimeout(end);
    };
  }, [endsAtMs, refetch]);

  const waited = useRef<number | null>(null);
  const revision = waiting?.revision ?? null;
  useEffect(() => {
    const ended = waited.current;
    waited.current = revision;
    if (ended === null || ended === revision) return;
    void queries.invalidateQueries(trpc.rules.pathFilter());
    client.rules.revision.query({ id: ended }).then(
      ({ outcome }) => {
        if (outcome === "confirmed") toast("success", t("wasKept"));
        else if (outcome === "put-back") toast("warning", t("wasPutBack"), { duration: 15_000 });
      },
      // The revision says it, whenever it can be read again.
      () => {},
    );
  }, [revision, client, queries, trpc, t]);

  async function end(how: "confirm" | "putBack") {
    if (!waiting) return;
    setBusy(true);
    const answered = await call(() => client.rules[how].mutate({ revision: waiting.revision }));
    setBusy(false);
    void refetch();
    if (!answered.ok && answered.refusal)
      toast("error", t(`failed.${how}`), { description: errorText(answered.refusal) });
  }
  return { waiting, leftS, busy, keep: () => void end("confirm"), putBack: () => void end("putBack") };
}
