import { z } from "zod";
import { managerNames } from "#domain/doctor";
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

  /** What is agreed to is those that the person was shown: one that came meanwhile is asked about of its own. */
  editAnyway: forOperator.input(z.array(z.enum(managerNames)).max(20)).mutation(async ({ ctx, input: seen }) => {
    const managers = await managersHere(ctx.director);
    const meant = managers.filter(({ manager }) => seen.includes(manager));
    agree(ctx.director, ctx.actor.me.sessionId, meant);
    const target = meant.map(({ manager }) => manager).join(", ");
    await ctx.people.audit.write({ doer: doerOf(ctx.actor, ctx.from), action: "edit-anyway", target });
    return { managers, agreed: hasAgreed(ctx.director, ctx.actor.me.sessionId, managers) };
  }),
});
