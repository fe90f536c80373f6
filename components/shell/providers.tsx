"use client";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { ChangesProvider } from "#components/changes/changes-provider";
import { LiveProvider } from "#components/live/live-provider";
import { ManagersProvider } from "#components/managers/managers-provider";
import { AskPasswordProvider } from "#components/session/ask-password";
import { SessionGuard } from "#components/session/session-guard";
import {
  SessionProvider,
  type SessionProviderProps,
  useSession,
  useSessionStatus,
} from "#components/session/session-provider";
import { ApiProvider } from "#components/trpc";

/** What every page stands on: who it is for, the API, the tab's live stream, the dialogs that change the table, the state in the URL. */
export function Providers({ children, ...session }: SessionProviderProps) {
  return (
    <SessionProvider {...session}>
      <WithinSession>{children}</WithinSession>
    </SessionProvider>
  );
}

function WithinSession({ children }: { children: ReactNode }) {
  const session = useSession();
  const { kind } = useSessionStatus();
  return (
    <ApiProvider onRefused={session.refused}>
      <NuqsAdapter>
        <LiveProvider open={kind === "open"} onEnded={session.ended}>
          <AskPasswordProvider>
            <ManagersProvider>
              <ChangesProvider>{children}</ChangesProvider>
            </ManagersProvider>
          </AskPasswordProvider>
          <SessionGuard />
        </LiveProvider>
      </NuqsAdapter>
    </ApiProvider>
  );
}
