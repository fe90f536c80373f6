import { useEffect, useState } from "react";
import { useSession } from "#components/session/session-provider";

/** How long before the end of a session its page says so. */
export const warnedMs = 2 * 60_000;

/** What ends the session next, and when; null while that is further away. Counts every second then. */
export interface TimeLeft {
  by: "idle" | "expired";
  /** negative when it should be over */
  leftMs: number;
}

export function useTimeLeft(): TimeLeft | null {
  const session = useSession();
  const [left, setLeft] = useState<TimeLeft | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      const { idleEndsAtMs, endsAtMs } = session.limits();
      const leftMs = Math.min(idleEndsAtMs, endsAtMs) - Date.now();
      const near = leftMs <= warnedMs && session.status().kind === "open";
      setLeft(near ? { by: idleEndsAtMs < endsAtMs ? "idle" : "expired", leftMs } : null);
      if (session.status().kind === "open") timer = setTimeout(look, near ? 1000 : leftMs - warnedMs);
    };
    look();
    const stopListening = session.onChange(look);
    // A timer stands still while the machine sleeps.
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      stopListening();
      document.removeEventListener("visibilitychange", look);
    };
  }, [session]);
  return left;
}
