import { z } from "zod";
import { idSchema, newPasswordSchema, newUserSchema, roleSchema } from "#domain/people";
import { forAdmin, forProvedAdmin, router } from "../access.ts";
import { doerOf } from "../people/actor.ts";

const which = z.object({ id: idSchema });

/** Users, for admins. What changes one asks for the password again when it was given a while ago. */
export const peopleRouter = router({
  users: forAdmin.input(z.undefined()).query(({ ctx }) => ctx.people.users.list()),
  add: forProvedAdmin
    .input(newUserSchema)
    .mutation(({ ctx, input }) => ctx.people.users.add(input, doerOf(ctx.actor, ctx.from))),
  setRole: forProvedAdmin
    .input(which.extend({ role: roleSchema }))
    .mutation(({ ctx, input }) => ctx.people.users.setRole(input.id, input.role, doerOf(ctx.actor, ctx.from))),
  setDisabled: forProvedAdmin
    .input(which.extend({ disabled: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.people.users.setDisabled(input.id, input.disabled, doerOf(ctx.actor, ctx.from))),
  setPassword: forProvedAdmin
    .input(which.extend({ password: newPasswordSchema }))
    .mutation(({ ctx, input }) => ctx.people.users.setPassword(input.id, input.password, doerOf(ctx.actor, ctx.from))),
  remove: forProvedAdmin
    .input(which)
    .mutation(({ ctx, input }) => ctx.people.users.remove(input.id, doerOf(ctx.actor, ctx.from))),
  endSessions: forProvedAdmin.input(which).mutation(async ({ ctx, input }) => ({
    ended: await ctx.people.users.endSessions(input.id, doerOf(ctx.actor, ctx.from)),
  })),
});
