import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { DoorFrame } from "#components/door/door-frame";
import { ApiProvider } from "#components/trpc";

/** What nobody needs a log-in for. Only the words of these pages are sent with them. */
export default async function Layout({ children }: { children: ReactNode }) {
  const { door, session, ui, error, problem, words } = await getMessages();
  return (
    <NextIntlClientProvider messages={{ door, session, ui, error, problem, words }}>
      <ApiProvider>
        <DoorFrame>{children}</DoorFrame>
      </ApiProvider>
    </NextIntlClientProvider>
  );
}
