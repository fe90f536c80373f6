"use client";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { ChangesProvider } from "#components/changes/changes-provider";
import { LiveProvider } from "#components/live/live-provider";
import { AskPasswordProvider } from "#components/session/ask-password";
import { MeProvider } from "#components/session/me";
import { ApiProvider } from "#components/trpc";
import type { Me } from "#domain/people";

export interface ProvidersProps {
  me: Me;
  children: ReactNode;
}

/** What every page stands on: who it is for, the API, the tab's live stream, the dialogs that change the table, the state in the URL. */
export function Providers({ me, children }: ProvidersProps) {
  return (
    <MeProvider me={me}>
      <ApiProvider>
        <NuqsAdapter>
          <LiveProvider>
            <AskPasswordProvider>
              <ChangesProvider>{children}</ChangesProvider>
            </AskPasswordProvider>
          </LiveProvider>
        </NuqsAdapter>
      </ApiProvider>
    </MeProvider>
  );
}
