import { z } from "zod";
import { type Change, changesSchema } from "#domain/change";
import { asCodedError, DirectorError } from "#domain/errors";
import { serverId } from "#domain/real-server";
import { parseServiceId, serviceId } from "#domain/service";
import type { ChangeResult } from "#server/director/director";
import { forOperator, forViewer, router } from "../access.ts";
import { doerOf } from "../people/actor.ts";

export const serviceIdSchema = z.string().max(100);

/** The table of virtual services and real servers. */
export const tableRouter = router({
  service: forViewer.input(z.object({ id: serviceIdSchema })).query(({ ctx, input }) => {
    const key = parseServiceId(input.id);
    if (!key) throw new DirectorError("NO_SUCH_SERVICE", { params: { service: input.id } });
    return ctx.director.service(key);
  }),

  change: forOperator.input(z.object({ changes: changesSchema })).mutation(async ({ ctx, input }) => {
    const { changes } = input;
    const line = { doer: doerOf(ctx.actor, ctx.from), action: "table-change", target: targetOf(changes) } as const;
    const before = changes.map((change) => ("expected" in change ? (change.expected ?? null) : null));
    try {
      const results = await ctx.director.apply(changes);
      const after = changes.map((change, at) => ({ verb: change.verb, ...specOf(results[at]) }));
      await ctx.people.audit.write({ ...line, before, after });
      return results;
    } catch (error) {
      const { code } = asCodedError(error);
      await ctx.people.audit.write({ ...line, outcome: code, before, after: changes.map(asked) });
      throw error;
    }
  }),
});

/** The row that was changed; of many, how many. */
function targetOf(changes: readonly Change[]): string {
  const [first] = changes;
  if (!first || changes.length > 1) return `${changes.length} changes`;
  return "server" in first ? serverId(first.service, first.server) : serviceId(first.service);
}

/** What the row has become; null when it is gone. Counters move by themselves and are no part of a change. */
const specOf = (result: ChangeResult | undefined) => (result?.record ? { spec: result.record.spec } : { spec: null });

const asked = ({ expected: _seen, ...change }: Change & { expected?: unknown }) => change;
