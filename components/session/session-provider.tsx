"use client";
import { createContext, type ReactNode, use, useState, useSyncExternalStore } from "react";
import { MeProvider } from "#components/session/me";
import type { Me } from "#domain/people";
import { type SessionStatus, SessionStore } from "./session-store.ts";

const SessionContext = createContext<SessionStore | null>(null);

export interface SessionProviderProps {
  me: Me;
  /** the server's clock as it made the page, in milliseconds since the epoch */
  serverNowMs: number;
  children: ReactNode;
}

/** Around everything that needs a log-in: whose page it is, and whether they still are. */
export function SessionProvider({ me, serverNowMs, children }: SessionProviderProps) {
  const [session] = useState(() => new SessionStore(me, serverNowMs));
  return (
    <SessionContext value={session}>
      <MeProvider me={useSyncExternalStore(session.onChange, session.me, session.me)}>{children}</MeProvider>
    </SessionContext>
  );
}

export function useSession(): SessionStore {
  const session = use(SessionContext);
  if (!session) throw new Error("SessionProvider is missing");
  return session;
}

export function useSessionStatus(): SessionStatus {
  const session = useSession();
  return useSyncExternalStore(session.onChange, session.status, session.status);
}
