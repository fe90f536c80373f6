import { z } from "zod";
import { rowChangesSchema } from "#domain/change";
import { DirectorError } from "#domain/errors";
import { parseServiceId } from "#domain/service";
import { forOperator, forViewer, router } from "../access.ts";
import { despiteManagers } from "../other-managers.ts";
import { doerOf } from "../people/actor.ts";
import { auditedChange } from "../people/table-change.ts";

export const serviceIdSchema = z.string().max(100);

/** The table of virtual services and real servers. */
export const tableRouter = router({
  service: forViewer.input(z.object({ id: serviceIdSchema })).query(({ ctx, input }) => {
    const key = parseServiceId(input.id);
    if (!key) throw new DirectorError("NO_SUCH_SERVICE", { params: { service: input.id } });
    return ctx.director.service(key);
  }),

  change: forOperator.input(z.object({ changes: rowChangesSchema })).mutation(async ({ ctx, input: { changes } }) => {
    const by = { name: ctx.actor.name, source: "page" as const, from: ctx.from };
    const { results } = await auditedChange(ctx.people.audit, doerOf(ctx.actor, ctx.from), changes, async () =>
      ctx.director.apply(changes, { by, ...(await despiteManagers(ctx.director, ctx.actor)) }),
    );
    return results;
  }),
});
