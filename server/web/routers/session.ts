import { z } from "zod";
import { CodedError, PeopleError } from "#domain/errors";
import { logInSchema, type Me, passwordSchema, setUpSchema } from "#domain/people";
import { forAnyone, forViewer, router } from "../access.ts";
import { addressGroup } from "../client-address.ts";
import type { WebContext } from "../context.ts";
import type { Doer } from "../people/actor.ts";

const callerOf = ({ from, cookie, agent }: WebContext) => ({ from, cookie, agent });

/** What the log-in page asks before anybody is anybody. */
export interface SessionState {
  /** nobody was ever made: the set-up link is the way in */
  setUp: boolean;
  me: Me | null;
  /** the file of users cannot be used: nobody can log in */
  storeFailed: boolean;
}

export const sessionRouter = router({
  state: forAnyone.input(z.undefined()).query(async ({ ctx }): Promise<SessionState> => {
    try {
      const setUp = !(await ctx.people.users.exist());
      return { setUp, me: (await ctx.who())?.me ?? null, storeFailed: false };
    } catch (error) {
      if (error instanceof PeopleError && error.code === "PEOPLE_STORE_FAILED")
        return { setUp: false, me: null, storeFailed: true };
      throw error;
    }
  }),

  logIn: forAnyone.input(logInSchema).mutation(async ({ ctx, input }) => {
    const { me, cookies } = await ctx.people.sessions.logIn(input.name, input.password, callerOf(ctx));
    ctx.setCookies(cookies);
    return me;
  }),

  setUp: forAnyone.input(setUpSchema).mutation(async ({ ctx, input }) => {
    const { people } = ctx;
    const doer: Doer = { kind: "nobody", name: "set-up link", from: ctx.from };
    try {
      if (await people.users.exist()) throw new PeopleError("SETUP_OVER");
      const succeeded = await people.secretTries.begin(addressGroup(ctx.from), null);
      people.setupLink.check(input.token);
      await succeeded();
      await people.users.addFirst(input.name, input.password, doer);
    } catch (error) {
      if (error instanceof CodedError)
        await people.audit.writeRefusal({ doer, action: "set-up", target: "", outcome: error.code });
      throw error;
    }
    people.setupLink.end();
    const { me, cookies } = await people.sessions.logIn(input.name, input.password, callerOf(ctx));
    ctx.setCookies(cookies);
    return me;
  }),

  logOut: forViewer.input(z.null()).mutation(async ({ ctx }) => {
    await ctx.people.sessions.logOut(ctx.actor, ctx.from);
    ctx.setCookies([ctx.people.forgetCookie]);
  }),

  /** Its person did something on the page. Nothing else lengthens a session: not a stream, not what a page asks by itself. */
  touch: forViewer.input(z.null()).mutation(async ({ ctx }) => {
    const { idleEndsAtMs, endsAtMs } = await ctx.people.sessions.touch(ctx.actor);
    return { idleEndsAtMs, endsAtMs };
  }),

  prove: forViewer.input(z.object({ password: passwordSchema })).mutation(async ({ ctx, input }) => {
    const { provedUntilMs } = await ctx.people.sessions.prove(ctx.actor, input.password, ctx.from);
    return { provedUntilMs };
  }),
});
