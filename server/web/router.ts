import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { changesSchema } from "#domain/change";
import { asDirectorError, DirectorError } from "#domain/errors";
import { historyQuerySchema, viewSchema } from "#domain/live";
import { parseServiceId } from "#domain/service";
import type { RemoteDirector } from "#server/director/remote";
import { shapeOf } from "#server/director/router";
import type { LiveHub } from "./live-hub.ts";

export interface WebContext {
  director: RemoteDirector;
  hub: LiveHub;
  /** aborts when the process stops, so that no stream keeps it alive */
  stopping: AbortSignal;
}

const t = initTRPC.context<WebContext>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    // No stack and no message of ours leaves the process: the page words the code.
    message: error.code,
    data: { code: shape.data.code, httpStatus: shape.data.httpStatus, path: shape.data.path, refusal: shapeOf(error) },
  }),
  sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 25_000 } },
});

/** HTTP's word for a director's refusal, so that scripts and proxies understand it. */
const trpcCodes: Record<string, TRPCError["code"]> = {
  INVALID: "UNPROCESSABLE_CONTENT",
  NO_SUCH_SERVICE: "NOT_FOUND",
  NO_SUCH_SERVER: "NOT_FOUND",
  SERVICE_EXISTS: "CONFLICT",
  SERVER_EXISTS: "CONFLICT",
  CONFLICT: "CONFLICT",
  TIMED_OUT: "TIMEOUT",
  UNREACHABLE: "BAD_GATEWAY",
  NOT_AVAILABLE: "SERVICE_UNAVAILABLE",
};

const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || result.error.code !== "INTERNAL_SERVER_ERROR") return result;
  const cause = asDirectorError(result.error.cause ?? result.error);
  throw new TRPCError({ code: trpcCodes[cause.code] ?? "INTERNAL_SERVER_ERROR", message: cause.code, cause });
});

const serviceIdSchema = z.string().max(100);
const viewIdSchema = z.string().regex(/^[A-Za-z0-9-]{8,64}$/);

export const appRouter = t.router({
  director: t.router({
    status: procedure.query(({ ctx }) => ctx.director.status()),
  }),
  table: t.router({
    service: procedure.input(z.object({ id: serviceIdSchema })).query(({ ctx, input }) => {
      const key = parseServiceId(input.id);
      if (!key) throw new DirectorError("NO_SUCH_SERVICE", { params: { service: input.id } });
      return ctx.director.service(key);
    }),
    change: procedure
      .input(z.object({ changes: changesSchema }))
      .mutation(({ ctx, input }) => ctx.director.apply(input.changes)),
  }),
  live: t.router({
    stream: procedure
      .input(z.object({ viewId: viewIdSchema, view: viewSchema }))
      .subscription(({ ctx, input, signal }) => {
        const signals = signal ? [signal, ctx.stopping] : [ctx.stopping];
        return ctx.hub.open(input.viewId, input.view, AbortSignal.any(signals));
      }),
    /** false: the stream that this view belongs to is gone; open a new one */
    setView: procedure
      .input(z.object({ viewId: viewIdSchema, view: viewSchema }))
      .mutation(({ ctx, input }) => ctx.hub.setView(input.viewId, input.view)),
    history: procedure.input(historyQuerySchema).query(({ ctx, input }) => ctx.director.history(input)),
  }),
});

export type AppRouter = typeof appRouter;
