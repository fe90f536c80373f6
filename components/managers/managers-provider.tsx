"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { toast } from "#components/ui/toaster";
import { useErrorText } from "#components/words";
import type { FoundManager } from "#domain/doctor";

/** The director looks this often itself. */
const askEveryMs = 30_000;

export interface Managers {
  /** programs that write this very table besides the console */
  managers: readonly FoundManager[];
  /** the session has said that it edits the table in spite of them */
  agreed: boolean;
  busy: boolean;
  editAnyway: () => void;
}

const nobody: Managers = { managers: [], agreed: true, busy: false, editAnyway: () => {} };
const ManagersContext = createContext<Managers>(nobody);

/** Once around the pages: who else writes the table. While nobody knows, nobody does. */
export function ManagersProvider({ children }: { children: ReactNode }) {
  const t = useTranslations("managers");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const { data } = useQuery(
    trpc.managers.state.queryOptions(undefined, {
      staleTime: 0,
      refetchInterval: askEveryMs,
      refetchOnWindowFocus: true,
    }),
  );
  const value = useMemo<Managers>(() => {
    const editAnyway = async () => {
      setBusy(true);
      const shown = data?.managers.map(({ manager }) => manager) ?? [];
      const answered = await call(() => client.managers.editAnyway.mutate(shown));
      setBusy(false);
      if (answered.ok) queries.setQueryData(trpc.managers.state.queryKey(), answered.value);
      else if (answered.refusal) toast("error", t("failed"), { description: errorText(answered.refusal) });
    };
    return data ? { ...data, busy, editAnyway: () => void editAnyway() } : nobody;
  }, [data, busy, call, client, queries, trpc, t, errorText]);
  return <ManagersContext value={value}>{children}</ManagersContext>;
}

export function useManagers(): Managers {
  return use(ManagersContext);
}

/** What they are called, one after the other. */
export function useManagerNames(): (managers: readonly FoundManager[]) => string {
  const t = useTranslations("managers");
  return (managers) => managers.map(({ manager }) => t(`name.${manager}`)).join(", ");
}

/** Why the table must not be changed before the person has said that it is meant; null when it may. */
export function useManagerBlock(): string | null {
  const t = useTranslations("managers");
  const namesOf = useManagerNames();
  const { managers, agreed } = useManagers();
  return managers.length > 0 && !agreed ? t("blocked", { names: namesOf(managers), count: managers.length }) : null;
}
