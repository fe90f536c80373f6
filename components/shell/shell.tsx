"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Toaster } from "#components/ui/toaster";
import { useLiveState } from "../live/use-live.ts";
import { ManagersBanner } from "../managers/managers-banner.tsx";
import { PendingBanner } from "../rules/pending-banner.tsx";
import { EndBanner } from "../session/end-banner.tsx";
import { DirectorBadge } from "./director-badge.tsx";
import { DisplayMenu } from "./display-menu.tsx";
import { LiveIndicator } from "./live-indicator.tsx";
import { Nav } from "./nav.tsx";
import { StaleBanner } from "./stale-banner.tsx";
import { UserMenu } from "./user-menu.tsx";

/** The frame around every page. A page that wants the rest of the window's height takes `flex-1 min-h-0`. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  const state = useLiveState();
  return (
    <div className="flex min-h-dvh flex-col" data-stale={state.kind === "stale"}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:bg-raised focus:px-3 focus:py-1.5"
      >
        {t("skip")}
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <div className="flex min-h-12 flex-wrap items-center gap-x-4 px-4 max-sm:gap-x-2 max-sm:px-3">
          <Nav />
          <div className="ml-auto flex h-12 min-w-0 items-center gap-3 max-sm:gap-2">
            <DirectorBadge />
            <LiveIndicator />
            <DisplayMenu />
            <UserMenu />
          </div>
        </div>
        <StaleBanner />
        <PendingBanner />
        <ManagersBanner />
        <EndBanner />
      </header>
      <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
      <Toaster />
    </div>
  );
}
