import type { ReactNode } from "react";
import { DoorFrame } from "#components/door/door-frame";
import { ApiProvider } from "#components/trpc";

/** What nobody needs a log-in for. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <ApiProvider>
      <DoorFrame>{children}</DoorFrame>
    </ApiProvider>
  );
}
