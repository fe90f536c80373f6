import { z } from "zod";
import { CodedError } from "#domain/errors";
import { idSchema, ownPasswordSchema } from "#domain/people";
import { forViewer, router } from "../access.ts";
import { doerOf } from "../people/actor.ts";

/** What everybody may do with their own account. */
export const accountRouter = router({
  sessions: forViewer.input(z.undefined()).query(({ ctx }) => ctx.people.sessions.list(ctx.actor)),

  endSession: forViewer
    .input(z.object({ id: idSchema }))
    .mutation(({ ctx, input }) => ctx.people.sessions.endOwn(ctx.actor, input.id, ctx.from)),

  endOtherSessions: forViewer.input(z.null()).mutation(async ({ ctx }) => {
    const ended = await ctx.people.sessions.endAll(ctx.actor.me.userId, "ended", ctx.actor.me.sessionId);
    const doer = doerOf(ctx.actor, ctx.from);
    // Asked again and again it ends nothing, and is no line: they would push out of the record what was done.
    if (ended > 0)
      await ctx.people.audit.write({ doer, action: "session-end", target: ctx.actor.name, after: { ended } });
    return { ended };
  }),

  /** Every other session ends: whoever knew the old password is out. */
  setPassword: forViewer.input(ownPasswordSchema).mutation(async ({ ctx, input }) => {
    const { actor, people } = ctx;
    const doer = doerOf(actor, ctx.from);
    try {
      await people.sessions.checkPassword(actor, input.current, ctx.from);
    } catch (error) {
      if (error instanceof CodedError) {
        await people.audit.write({ doer, action: "password-set", target: actor.name, outcome: error.code });
      }
      throw error;
    }
    await people.users.setPassword(actor.me.userId, input.next, doer, actor.me.sessionId);
  }),
});
