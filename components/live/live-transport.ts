import type { Client } from "#components/trpc";
import type { SessionEnd } from "#domain/people";
import type { LiveTransport } from "./live-connection.ts";

/** What web answers, by tRPC's names, to input that no schema takes and to a procedure that it does not have. */
const notUnderstood = ["BAD_REQUEST", "NOT_FOUND", "METHOD_NOT_SUPPORTED"];

/** What something else answered in web's place, such as a proxy, carries no name of tRPC's. */
function isNotUnderstood(thrown: unknown): boolean {
  return notUnderstood.includes((thrown as { data?: { code?: string } | null } | null)?.data?.code ?? "");
}

/** The live stream over tRPC. @param onEnded the server ended it together with the session */
export function transportOver(client: Client, onEnded: (end: SessionEnd) => void): LiveTransport {
  return {
    open(viewId, view, onEvent, onLost) {
      const subscription = client.live.stream.subscribe(
        { viewId, view },
        {
          onData: (event) => (event.ended ? onEnded(event.ended) : onEvent(event)),
          onError: (error) => onLost(isNotUnderstood(error) ? "not-understood" : "lost"),
          onComplete: () => onLost("lost"),
          // tRPC would try again by itself, with the view of long ago and without saying when.
          onConnectionStateChange: (change) => change.state === "connecting" && change.error && onLost("lost"),
        },
      );
      return () => subscription.unsubscribe();
    },
    async setView(viewId, view) {
      try {
        return (await client.live.setView.mutate({ viewId, view })) ? "shown" : "no-stream";
      } catch (thrown) {
        if (isNotUnderstood(thrown)) return "not-understood";
        throw thrown;
      }
    },
  };
}
