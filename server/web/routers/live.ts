import { z } from "zod";
import { PeopleError } from "#domain/errors";
import { historyQuerySchema, type LiveEvent, viewSchema } from "#domain/live";
import type { SessionEnd } from "#domain/people";
import { forViewer, router } from "../access.ts";

const viewIdSchema = z.string().regex(/^[A-Za-z0-9-]{8,64}$/);

/** More open pages than anybody reads; without a bound one session could keep web busy with streams alone. */
const maxStreams = 64;

/** The one stream of a tab, and what it shows. */
export const liveRouter = router({
  stream: forViewer.input(z.object({ viewId: viewIdSchema, view: viewSchema })).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<LiveEvent> {
    const { watch } = ctx.people.sessions;
    if (watch.count(ctx.actor.me.sessionId) >= maxStreams) throw new PeopleError("TOO_MANY_STREAMS");
    const over = new AbortController();
    let why: SessionEnd | null = null;
    const stopFollowing = watch.follow(ctx.actor, (end) => {
      why = end;
      over.abort();
    });
    const ends = [over.signal, ctx.stopping, ...(signal ? [signal] : [])];
    try {
      yield* ctx.hub.open(input.viewId, input.view, AbortSignal.any(ends));
      if (why) yield { ended: why };
    } finally {
      stopFollowing();
    }
  }),
  /** false: the stream that this view belongs to is gone; open a new one */
  setView: forViewer
    .input(z.object({ viewId: viewIdSchema, view: viewSchema }))
    .mutation(({ ctx, input }) => ctx.hub.setView(input.viewId, input.view)),
  history: forViewer.input(historyQuerySchema).query(({ ctx, input }) => ctx.director.history(input)),
});
