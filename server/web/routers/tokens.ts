import { z } from "zod";
import { idSchema, newTokenSchema } from "#domain/people";
import { forAdmin, forProvedAdmin, router } from "../access.ts";
import { doerOf } from "../people/actor.ts";

/** Bearer tokens for programs, for admins. */
export const tokensRouter = router({
  list: forAdmin.input(z.undefined()).query(({ ctx }) => ctx.people.tokens.list()),
  add: forProvedAdmin
    .input(newTokenSchema)
    .mutation(({ ctx, input }) => ctx.people.tokens.add(input, doerOf(ctx.actor, ctx.from))),
  revoke: forProvedAdmin
    .input(z.object({ id: idSchema }))
    .mutation(({ ctx, input }) => ctx.people.tokens.revoke(input.id, doerOf(ctx.actor, ctx.from))),
});
