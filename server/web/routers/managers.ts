import { z } from "zod";
import { managersHere } from "../../rules/managers-here.ts";
import { forOperator, forViewer, router } from "../access.ts";
import { agree, hasAgreed } from "../other-managers.ts";
import { doerOf } from "../people/actor.ts";

/** Other programs that write this table, and whether the session edits it in spite of them. */
export const managersRouter = router({
  state: forViewer.input(z.undefined()).query(async ({ ctx }) => {
    const managers = await managersHere(ctx.director);
    return { managers, agreed: hasAgreed(ctx.director, ctx.actor.me.sessionId, managers) };
  }),

  editAnyway: forOperator.input(z.null()).mutation(async ({ ctx }) => {
    const managers = await managersHere(ctx.director);
    agree(ctx.director, ctx.actor.me.sessionId, managers);
    const target = managers.map(({ manager }) => manager).join(", ");
    await ctx.people.audit.write({ doer: doerOf(ctx.actor, ctx.from), action: "edit-anyway", target });
    return { managers, agreed: true };
  }),
});
