import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Providers } from "#components/shell/providers";
import { Shell } from "#components/shell/shell";
import type { Me } from "#domain/people";
import { meHeader, readMe } from "../../components/session/me-header.ts";

/** What needs a log-in: the shell with the tab's live stream around every page. */
export default async function Layout({ children }: { children: ReactNode }) {
  const header = (await headers()).get(meHeader);
  const me = header === null ? everybody : readMe(header);
  // Web sends nobody here; this is for the one whose session ended on the way.
  if (!me) redirect("/login");
  return (
    <Providers me={me} serverNowMs={Date.now()}>
      <Shell>{children}</Shell>
    </Providers>
  );
}

/** Until web says who asks. */
const everybody: Me = {
  name: "",
  role: "admin",
  userId: "",
  sessionId: "",
  idleEndsAtMs: 0,
  endsAtMs: 0,
  provedUntilMs: 0,
};
