import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { Providers } from "#components/shell/providers";
import { Shell } from "#components/shell/shell";
import { meHeader, readMe } from "../../components/session/me-header.ts";

/**
 * What needs a log-in: the shell with the tab's live stream around every page. No page has a Suspense boundary of its own:
 * it would be hydrated after the shell has fetched what both show, and differ from what the server sent.
 */
export default async function Layout({ children }: { children: ReactNode }) {
  const me = readMe((await headers()).get(meHeader));
  // Web sends nobody here; this is for the one whose session ended on the way.
  if (!me) redirect("/login");
  // These come with their page.
  const {
    rules: _rules,
    rulesPage: _rulesPage,
    directorPage: _directorPage,
    doctor: _doctor,
    connections: _connections,
    ...messages
  } = await getMessages();
  return (
    <NextIntlClientProvider messages={messages}>
      <Providers me={me} serverNowMs={Date.now()}>
        <Shell>{children}</Shell>
      </Providers>
    </NextIntlClientProvider>
  );
}
