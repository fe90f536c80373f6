import { z } from "zod";
import { DirectorError } from "#domain/errors";
import { type Revision, revisionQuerySchema, tagSchema } from "#domain/revision";
import { applyInputSchema, planInputSchema, type RulesApplied, type RulesPlan } from "#domain/rules-exchange";
import { applyPlanned, planNow, rulesOf } from "../../rules/apply-text.ts";
import { wholePlan } from "../../rules/plan-text.ts";
import { forAdmin, forOperator, forViewer, requireProvedAdmin, router } from "../access.ts";
import { despiteManagers } from "../other-managers.ts";
import { doerOf } from "../people/actor.ts";
import { auditedChange } from "../people/table-change.ts";

const revisionIdSchema = z.object({ revision: z.number().int().positive() });
const jobSchema = z.object({ jobId: z.string().max(64) });

/** The table as rule text, what a text would do to it, and what was done before. */
export const rulesRouter = router({
  text: forViewer.input(z.undefined()).query(async ({ ctx }) => rulesOf(await ctx.director.table())),

  /** A mutation for its size only: a text of 16 MiB is no URL. */
  plan: forViewer.input(planInputSchema).mutation(async ({ ctx, input }): Promise<RulesPlan> => {
    return wholePlan(await planNow(ctx.director, input.text, input.mode, ctx.names));
  }),

  // tRPC keeps the word apply for itself.
  write: forOperator.input(applyInputSchema).mutation(async ({ ctx, input, path }): Promise<RulesApplied> => {
    const plan = await planNow(ctx.director, input.text, input.mode, ctx.names, tagSchema.safeParse(input.tag).data);
    if (plan.shown.needs === "admin") await requireProvedAdmin(ctx, path);
    const by = { name: ctx.actor.name, source: "page" as const, from: ctx.from };
    const changes = plan.batch.map(({ change }) => change);
    const applied = await auditedChange(ctx.people.audit, doerOf(ctx.actor, ctx.from), changes, async () => {
      if (plan.shown.tag !== input.tag) throw new DirectorError("CONFLICT");
      const despite = await despiteManagers(ctx.director, ctx.actor, input.note);
      const options = { by, jobId: input.jobId, ...despite };
      return applyPlanned(
        ctx.director,
        plan,
        input.confirmS === null ? options : { ...options, confirmS: input.confirmS },
      );
    });
    return { changes: changes.length, revision: applied.revision, confirmByMs: applied.confirmBy ?? null };
  }),

  progress: forViewer.input(jobSchema).query(({ ctx, input }) => ctx.director.progress(input.jobId)),
  /** false: there is no such work (any more) */
  cancel: forOperator.input(jobSchema).mutation(({ ctx, input }) => ctx.director.cancel(input.jobId)),

  /** what goes back by itself unless it is confirmed in time */
  pending: forViewer.input(z.undefined()).query(({ ctx }) => ctx.director.pending()),
  confirm: forOperator.input(revisionIdSchema).mutation(async ({ ctx, input }) => {
    await ctx.director.confirm(input.revision);
    const doer = doerOf(ctx.actor, ctx.from);
    await ctx.people.audit.write({ doer, action: "table-confirm", target: `revision ${input.revision}` });
  }),
  putBack: forOperator.input(revisionIdSchema).mutation(async ({ ctx, input }) => {
    await ctx.director.rollBackNow(input.revision, { name: ctx.actor.name, source: "page", from: ctx.from });
    const doer = doerOf(ctx.actor, ctx.from);
    await ctx.people.audit.write({ doer, action: "table-put-back", target: `revision ${input.revision}` });
  }),

  revisions: forViewer
    .input(z.object({ beforeId: z.number().int().positive().nullable(), limit: revisionQuerySchema.shape.limit }))
    .query(
      async ({ ctx, input: { beforeId, limit } }): Promise<{ revisions: Revision[]; olderThanId: number | null }> => {
        const revisions = await ctx.director.revisions(beforeId === null ? { limit } : { limit, beforeId });
        const last = revisions.length < limit ? undefined : revisions.at(-1)?.id;
        const older = last === undefined ? [] : await ctx.director.revisions({ limit: 1, beforeId: last });
        return { revisions, olderThanId: older.length > 0 ? (last ?? null) : null };
      },
    ),
  revision: forViewer
    .input(z.object({ id: z.number().int().positive() }))
    .query(({ ctx, input }) => ctx.director.revision(input.id)),

  boot: forViewer.input(z.undefined()).query(({ ctx }) => ctx.director.bootStatus()),
  saveBoot: forAdmin.input(z.null()).mutation(async ({ ctx }) => {
    const status = await ctx.director.saveBoot();
    await ctx.people.audit.write({ doer: doerOf(ctx.actor, ctx.from), action: "boot-save", target: "boot.rules" });
    return status;
  }),
});
