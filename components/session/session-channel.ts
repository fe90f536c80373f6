import type { Me } from "#domain/people";
import type { SessionLimits } from "./session-store.ts";

/** What the tabs of one browser, which share its session, tell each other. */
export type SessionNews =
  | { kind: "logged-in"; me: Me }
  | { kind: "logged-out" }
  | { kind: "touched"; sessionId: string; limits: SessionLimits };

const name = "session";

export function tellOtherTabs(news: SessionNews): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(news);
  channel.close();
}

/** @returns ends it */
export function hearOtherTabs(listener: (news: SessionNews) => void): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<SessionNews>) => listener(data);
  return () => channel.close();
}
