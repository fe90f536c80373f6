import { useCallback, useEffect, useRef } from "react";
import { useSession } from "#components/session/session-provider";
import { useTRPCClient } from "#components/trpc";
import { tellOtherTabs } from "./session-channel.ts";

const touchEveryMs = 60_000;
const againAfterMs = 10_000;

/**
 * Tells the server that somebody is here, at most once a minute: on a press of a key or of a pointer, never on what the
 * page does by itself.
 *
 * @returns tells it now
 */
export function useTouch(): () => void {
  const session = useSession();
  const client = useTRPCClient();
  const dueAt = useRef(0);
  const touch = useCallback(() => {
    if (session.status().kind !== "open") return;
    const { sessionId } = session.me();
    dueAt.current = performance.now() + touchEveryMs;
    client.session.touch.mutate(null).then(
      (limits) => {
        session.touched(sessionId, limits);
        tellOtherTabs({ kind: "touched", sessionId, limits });
      },
      () => {
        dueAt.current = performance.now() + againAfterMs;
      },
    );
  }, [client, session]);
  useEffect(() => {
    const onInput = () => {
      if (performance.now() >= dueAt.current) touch();
    };
    const options = { capture: true, passive: true };
    window.addEventListener("pointerdown", onInput, options);
    window.addEventListener("keydown", onInput, options);
    return () => {
      window.removeEventListener("pointerdown", onInput, options);
      window.removeEventListener("keydown", onInput, options);
    };
  }, [touch]);
  return touch;
}
