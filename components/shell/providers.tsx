"use client";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { ChangesProvider } from "#components/changes/changes-provider";
import { LiveProvider } from "#components/live/live-provider";
import { ApiProvider } from "#components/trpc";

/** What every page stands on: the API, the tab's live stream, the dialogs that change the table, the state in the URL. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <ApiProvider>
      <NuqsAdapter>
        <LiveProvider>
          <ChangesProvider>{children}</ChangesProvider>
        </LiveProvider>
      </NuqsAdapter>
    </ApiProvider>
  );
}
