"use client";
import { useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef } from "react";
import { useLive } from "#components/live/live-provider";
import { useSession, useSessionStatus } from "#components/session/session-provider";
import { useTRPCClient } from "#components/trpc";
import { hearOtherTabs } from "./session-channel.ts";

const SessionOverDialog = dynamic(
  () =>
    import("./session-over-dialog.tsx").then(
      (module) => module.SessionOverDialog,
      () => {
        // Another build is served by now: the page is sent for anew, and leads to the log-in.
        location.reload();
        return () => null;
      },
    ),
  { ssr: false },
);

/** How often the server is asked when, by the clock, the session should be over and nobody has said so. */
const askEveryMs = 5000;

/**
 * Sees to it that the page knows when its session is over, however that comes out: it listens to the other tabs, and asks
 * when the stream is lost (a refused one does not say why) or when the time is up. Shows the dialog then.
 */
export function SessionGuard() {
  const session = useSession();
  const status = useSessionStatus();
  const { store } = useLive();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const look = useCallback(async () => {
    try {
      const { me, storeFailed } = await client.session.state.query();
      if (!storeFailed) session.seen(me);
    } catch {
      // Nobody answers: the page says that already.
    }
  }, [client, session]);

  useEffect(
    () =>
      hearOtherTabs((news) => {
        if (news.kind === "logged-in") session.seen(news.me);
        else if (news.kind === "logged-out") session.ended("logged-out");
        else session.touched(news.sessionId, news.limits);
      }),
    [session],
  );
  useEffect(
    () =>
      store.on("status", () => {
        const now = store.status();
        if (now.kind === "stale" && now.lost === "console") void look();
      }),
    [store, look],
  );
  useEffect(() => {
    const timer = setInterval(() => {
      const { idleEndsAtMs, endsAtMs } = session.limits();
      if (session.status().kind === "open" && Date.now() > Math.min(idleEndsAtMs, endsAtMs) + 1000) void look();
    }, askEveryMs);
    return () => clearInterval(timer);
  }, [session, look]);
  const { kind } = status;
  const roleEnded = kind === "over" && status.end === "role";
  useEffect(() => {
    if (roleEnded) void look();
  }, [roleEnded, look]);

  const wasOver = useRef(false);
  useEffect(() => {
    // What was asked for meanwhile was refused.
    if (wasOver.current && kind === "open") void queries.invalidateQueries();
    wasOver.current = kind !== "open";
  }, [kind, queries]);

  return kind === "over" || kind === "changed" ? <SessionOverDialog status={status} /> : null;
}
