"use client";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { LiveProvider } from "#components/live/live-provider";
import { ApiProvider } from "#components/trpc";

/** What every page stands on: the API, the tab's live stream, the state in the URL. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <ApiProvider>
      <NuqsAdapter>
        <LiveProvider>{children}</LiveProvider>
      </NuqsAdapter>
    </ApiProvider>
  );
}
