import { z } from "zod";
import type { HostChange } from "#domain/change";
import { asCodedError, DirectorError } from "#domain/errors";
import { parseServiceId } from "#domain/service";
import { syncDaemonSchema, syncRoleSchema } from "#domain/sync-daemon";
import { type SysctlChange, sysctlChangeSchema } from "#domain/sysctl";
import { timeoutsSchema } from "#domain/timeouts";
import type { Applied } from "#server/director/director";
import { forAdmin, forOperator, forProvedAdmin, forViewer, router } from "../access.ts";
import type { WebContext } from "../context.ts";
import { mixedFamilies } from "../mixed-families.ts";
import { despiteManagers } from "../other-managers.ts";
import { type Actor, doerOf } from "../people/actor.ts";
import { auditedChange } from "../people/table-change.ts";
import { readTable } from "../read-table.ts";
import { serviceIdSchema } from "./table.ts";

const noInput = z.undefined();
/** `expected`: as what the person saw them */
const timeoutsInput = timeoutsSchema.extend({ expected: timeoutsSchema.optional() });

type Asking = WebContext & { actor: Extract<Actor, { kind: "user" }> };

/** Does one change of the host as a batch of its own, so that it is a revision, and writes it down. `seen`: what it was before. */
function changed(ctx: Asking, change: HostChange, seen?: object): Promise<Applied> {
  const by = { name: ctx.actor.name, source: "page" as const, from: ctx.from };
  const work = async () => {
    // Counters are nobody's settings.
    const despite = change.verb === "zero" ? {} : await despiteManagers(ctx.director, ctx.actor);
    return ctx.director.apply([change], { by, records: false, ...despite });
  };
  return auditedChange(ctx.people.audit, doerOf(ctx.actor, ctx.from), [change], work, seen);
}

/** Sets a sysctl and writes down what it was, what it has become, or why not. */
async function auditedSysctl(ctx: Asking, { name, value, expected }: SysctlChange) {
  const line = { doer: doerOf(ctx.actor, ctx.from), action: "sysctl-set" as const, target: name };
  const before = (await ctx.director.sysctls()).find((each) => each.name === name)?.value ?? null;
  try {
    const set = await ctx.director.setSysctl(name, value, expected);
    await ctx.people.audit.write({ ...line, before: { value: before }, after: { value: set.value } });
    return set;
  } catch (error) {
    await ctx.people.audit.write({
      ...line,
      outcome: asCodedError(error).code,
      before: { value: before },
      after: { value },
    });
    throw error;
  }
}

/** What is the director's as a whole: its host, timeouts, daemons, counters, the whole table at once. */
export const directorRouter = router({
  status: forViewer.input(noInput).query(({ ctx }) => ctx.director.status()),

  timeouts: forViewer.input(noInput).query(({ ctx }) => ctx.director.timeouts()),
  setTimeouts: forOperator.input(timeoutsInput).mutation(async ({ ctx, input: { expected, ...timeouts } }) => {
    const before = await ctx.director.timeouts();
    await changed(ctx, { verb: "set-timeouts", timeouts, expected }, { timeouts: before });
    return ctx.director.timeouts();
  }),

  /** `id` null: of every service, and the totals */
  zero: forOperator.input(z.object({ id: serviceIdSchema.nullable() })).mutation(async ({ ctx, input: { id } }) => {
    const service = id === null ? null : parseServiceId(id);
    if (id !== null && !service) throw new DirectorError("NO_SUCH_SERVICE", { params: { service: id } });
    const { revision } = await changed(ctx, { verb: "zero", service });
    return { revision };
  }),
  clear: forProvedAdmin.input(z.null()).mutation(async ({ ctx }) => {
    const { revision } = await changed(ctx, { verb: "clear" });
    return { revision };
  }),

  daemons: forViewer.input(noInput).query(({ ctx }) => ctx.director.daemons()),
  /** where a daemon may run, and what keeps it from starting */
  syncGround: forViewer.input(noInput).query(async ({ ctx }) => {
    const [interfaces, mirror] = await Promise.all([ctx.director.interfaces(), readTable(ctx.director, ctx.hub)]);
    return { interfaces, mixed: mixedFamilies(mirror) };
  }),
  startDaemon: forAdmin.input(syncDaemonSchema).mutation(async ({ ctx, input }) => {
    await changed(ctx, { verb: "start-daemon", daemon: input }, { daemon: null });
    return ctx.director.daemons();
  }),
  stopDaemon: forAdmin.input(z.object({ role: syncRoleSchema })).mutation(async ({ ctx, input: { role } }) => {
    const daemon = (await ctx.director.daemons()).find((running) => running.role === role) ?? null;
    await changed(ctx, { verb: "stop-daemon", role }, { daemon });
    return ctx.director.daemons();
  }),

  sysctls: forViewer.input(noInput).query(({ ctx }) => ctx.director.sysctls()),
  setSysctl: forAdmin.input(sysctlChangeSchema).mutation(({ ctx, input }) => auditedSysctl(ctx, input)),

  modules: forViewer.input(noInput).query(({ ctx }) => ctx.director.modules()),
});
