import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import type { Change } from "#domain/change";
import type { ConnectionQueryInput } from "#domain/connection";
import { asDirectorError, CodedError, DirectorError, type ErrorShape } from "#domain/errors";
import { maxFollowedRows, maxWindowRows } from "#domain/list-query";
import { historyQuerySchema } from "#domain/live";
import { problemsOf } from "#domain/problem";
import { type ApplyOptions, doerSchema, revisionQuerySchema, tagSchema } from "#domain/revision";
import { type ServiceKey, serviceKeySchema } from "#domain/service";
import type { SyncDaemonSpec } from "#domain/sync-daemon";
import type { Timeouts } from "#domain/timeouts";
import type { Director } from "./director.ts";
import type { Sampler } from "./sampler.ts";

/** What the director's procedures work on. */
export interface DirectorContext {
  director: Director;
  sampler: Sampler;
  /** the connection that streams samples under this name, if there is one */
  watcher(name: string): object | undefined;
}

const t = initTRPC.context<DirectorContext>().create({
  errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, director: shapeOf(error) } }),
});

/** The refusal behind a TRPCError; input that no schema took is INVALID with its problems. */
export function shapeOf(error: TRPCError): ErrorShape {
  if (error.cause instanceof CodedError) return error.cause.shape;
  if (error.code === "BAD_REQUEST" && error.cause instanceof z.core.$ZodError) {
    return { code: "INVALID", params: {}, problems: problemsOf(error.cause) };
  }
  return new DirectorError("INTERNAL", { params: { detail: error.code } }).shape;
}

const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || result.error.cause instanceof z.core.$ZodError || result.error.code !== "INTERNAL_SERVER_ERROR")
    return result;
  const cause = asDirectorError(result.error.cause ?? result.error);
  throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: cause.code, cause });
});

const noInput = z.undefined();
/** Both are the director's to look into: problems carry paths of their own. */
const applySchema = z.object({ changes: z.unknown(), options: z.unknown().optional() });
/** Looked into by the director, like changes. */
const localAddressesSchema = z.object({ service: z.unknown(), addresses: z.unknown() });
const jobSchema = z.string().max(100);
const nameSchema = z.string().max(100);
const revisionIdSchema = z.number().int();
const watchSchema = z.object({
  watcher: z.string().max(100),
  ids: z.array(z.string().max(200)).max(50 * (maxFollowedRows + maxWindowRows)),
});

/**
 * The director's interface on its socket. It checks shapes only: what a record may hold is checked by the
 * director itself, which trusts nobody, under its writer lock.
 */
export const directorRouter = t.router({
  status: procedure.input(noInput).query(({ ctx }) => ctx.director.status()),
  table: procedure.input(noInput).query(({ ctx }) => ctx.director.table()),
  plainTable: procedure.input(tagSchema.optional()).query(({ ctx, input }) => ctx.director.plainTable(input)),
  service: procedure.input(serviceKeySchema).query(({ ctx, input }) => ctx.director.service(input)),
  change: procedure.input(applySchema).mutation(async ({ ctx, input }) => {
    const applied = await ctx.director.apply(input.changes as Change[], input.options as ApplyOptions | undefined);
    await ctx.sampler.refresh();
    return applied;
  }),
  progress: procedure.input(jobSchema).query(({ ctx, input }) => ctx.director.progress(input)),
  cancel: procedure.input(jobSchema).mutation(({ ctx, input }) => ctx.director.cancel(input)),
  pending: procedure.input(noInput).query(({ ctx }) => ctx.director.pending()),
  confirm: procedure.input(revisionIdSchema).mutation(({ ctx, input }) => ctx.director.confirm(input)),
  rollBackNow: procedure
    .input(z.object({ revision: revisionIdSchema, by: doerSchema.optional() }))
    .mutation(async ({ ctx, input }) => {
      await ctx.director.rollBackNow(input.revision, input.by);
      await ctx.sampler.refresh();
    }),
  revisions: procedure.input(revisionQuerySchema).query(({ ctx, input }) => ctx.director.revisions(input)),
  revision: procedure.input(revisionIdSchema).query(({ ctx, input }) => ctx.director.revision(input)),
  saveBoot: procedure.input(z.null()).mutation(({ ctx }) => ctx.director.saveBoot()),
  bootStatus: procedure.input(noInput).query(({ ctx }) => ctx.director.bootStatus()),
  zero: procedure.input(serviceKeySchema.nullable()).mutation(({ ctx, input }) => ctx.director.zero(input)),
  // A mutation without any input has no body, which the server takes for broken JSON.
  clear: procedure.input(z.null()).mutation(async ({ ctx }) => {
    await ctx.director.clear();
    await ctx.sampler.refresh();
  }),
  connections: procedure.input(z.unknown()).query(({ ctx, input, signal }) => {
    return ctx.director.connections(input as ConnectionQueryInput, signal);
  }),
  connectionsProgress: procedure.input(nameSchema).query(({ ctx, input }) => ctx.director.connectionsProgress(input)),
  cancelConnections: procedure.input(nameSchema).mutation(({ ctx, input }) => ctx.director.cancelConnections(input)),
  timeouts: procedure.input(noInput).query(({ ctx }) => ctx.director.timeouts()),
  setTimeouts: procedure.input(z.unknown()).mutation(({ ctx, input }) => ctx.director.setTimeouts(input as Timeouts)),
  daemons: procedure.input(noInput).query(({ ctx }) => ctx.director.daemons()),
  startDaemon: procedure
    .input(z.unknown())
    .mutation(({ ctx, input }) => ctx.director.startDaemon(input as SyncDaemonSpec)),
  stopDaemon: procedure
    .input(z.enum(["master", "backup"]))
    .mutation(({ ctx, input }) => ctx.director.stopDaemon(input)),
  doctor: procedure.input(noInput).query(({ ctx }) => ctx.director.doctor()),
  managers: procedure.input(noInput).query(({ ctx }) => ctx.director.managers()),
  localAddresses: procedure.input(serviceKeySchema).query(({ ctx, input }) => ctx.director.localAddresses(input)),
  addLocalAddresses: procedure
    .input(localAddressesSchema)
    .mutation(({ ctx, input }) =>
      ctx.director.addLocalAddresses(input.service as ServiceKey, input.addresses as string[]),
    ),
  removeLocalAddresses: procedure
    .input(localAddressesSchema)
    .mutation(({ ctx, input }) =>
      ctx.director.removeLocalAddresses(input.service as ServiceKey, input.addresses as string[]),
    ),
  flushLocalAddresses: procedure
    .input(serviceKeySchema)
    .mutation(({ ctx, input }) => ctx.director.flushLocalAddresses(input)),
  interfaces: procedure.input(noInput).query(({ ctx }) => ctx.director.interfaces()),
  sysctls: procedure.input(noInput).query(({ ctx }) => ctx.director.sysctls()),
  setSysctl: procedure
    .input(z.object({ name: z.unknown(), value: z.unknown(), expected: z.unknown().optional() }))
    .mutation(({ ctx, input }) =>
      ctx.director.setSysctl(input.name as string, input.value as string, input.expected as string | undefined),
    ),
  modules: procedure.input(noInput).query(({ ctx }) => ctx.director.modules()),
  history: procedure.input(historyQuerySchema).query(({ ctx, input }) => ctx.sampler.past(input)),
  watch: procedure.input(watchSchema).mutation(({ ctx, input }) => {
    const watcher = ctx.watcher(input.watcher);
    if (watcher) ctx.sampler.watch(watcher, input.ids);
  }),
});

export type DirectorRouter = typeof directorRouter;
