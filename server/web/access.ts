import { initTRPC, TRPCError } from "@trpc/server";
import { asCodedError, type ErrorCode, type ErrorShape, PeopleError } from "#domain/errors";
import { type Access, mayAccess } from "#domain/people";
import { shapeOf } from "#server/director/router";
import type { WebContext } from "./context.ts";
import { type Actor, doerOf } from "./people/actor.ts";

/** What a procedure states of itself. One that states no access is answered to nobody. */
export interface Meta {
  access: Access;
  /** asks for the password again when it was given more than 10 minutes ago */
  proved?: true;
}

const t = initTRPC
  .context<WebContext>()
  .meta<Meta>()
  .create({
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      // No stack and no message of ours leaves the process: the page words the code.
      message: error.code,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        refusal: tellable(shapeOf(error)),
      },
    }),
    sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 25_000 } },
  });

/** What lies beneath a failure of web's own file names folders, and who has yet to log in is told it too: it is for the log. */
function tellable(shape: ErrorShape): ErrorShape {
  if (shape.code !== "PEOPLE_STORE_FAILED") return shape;
  const { detail: _beneath, ...params } = shape.params;
  return { ...shape, params };
}

/** HTTP's word for a refusal, so that scripts and proxies understand it; what is not named is 500. */
const trpcCodes: Partial<Record<ErrorCode, TRPCError["code"]>> = {
  INVALID: "UNPROCESSABLE_CONTENT",
  NO_SUCH_SERVICE: "NOT_FOUND",
  NO_SUCH_SERVER: "NOT_FOUND",
  SERVICE_EXISTS: "CONFLICT",
  SERVER_EXISTS: "CONFLICT",
  CONFLICT: "CONFLICT",
  TIMEOUT_TOO_LONG: "UNPROCESSABLE_CONTENT",
  DAEMON_REFUSED: "UNPROCESSABLE_CONTENT",
  DAEMON_RUNNING: "CONFLICT",
  DAEMON_NOT_RUNNING: "CONFLICT",
  NO_SUCH_INTERFACE: "UNPROCESSABLE_CONTENT",
  NO_SUCH_SYSCTL: "NOT_FOUND",
  SYSCTL_REFUSED: "UNPROCESSABLE_CONTENT",
  SYSCTL_READ_ONLY: "CONFLICT",
  TIMED_OUT: "TIMEOUT",
  UNREACHABLE: "BAD_GATEWAY",
  NOT_AVAILABLE: "SERVICE_UNAVAILABLE",
  NOT_SUPPORTED: "NOT_IMPLEMENTED",
  LOCAL_ADDRESS_EXISTS: "CONFLICT",
  NO_SUCH_LOCAL_ADDRESS: "NOT_FOUND",
  NOT_LOGGED_IN: "UNAUTHORIZED",
  WRONG_CREDENTIALS: "UNAUTHORIZED",
  ROLE_TOO_SMALL: "FORBIDDEN",
  PASSWORD_NEEDED: "FORBIDDEN",
  WRONG_PASSWORD: "FORBIDDEN",
  USER_DISABLED: "FORBIDDEN",
  SETUP_LINK_WRONG: "FORBIDDEN",
  SETUP_LINK_LATE: "FORBIDDEN",
  SETUP_OVER: "CONFLICT",
  USER_EXISTS: "CONFLICT",
  LAST_ADMIN: "CONFLICT",
  OTHER_MANAGER: "CONFLICT",
  TOKEN_EXISTS: "CONFLICT",
  NO_SUCH_USER: "NOT_FOUND",
  NO_SUCH_SESSION: "NOT_FOUND",
  NO_SUCH_TOKEN: "NOT_FOUND",
  TOO_MANY_TRIES: "TOO_MANY_REQUESTS",
  TOO_MANY_READS: "SERVICE_UNAVAILABLE",
  TOO_MANY_STREAMS: "TOO_MANY_REQUESTS",
  PEOPLE_STORE_FAILED: "SERVICE_UNAVAILABLE",
};

const coded = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || result.error.code !== "INTERNAL_SERVER_ERROR") return result;
  const cause = asCodedError(result.error.cause ?? result.error);
  throw new TRPCError({ code: trpcCodes[cause.code] ?? "INTERNAL_SERVER_ERROR", message: cause.code, cause });
});

const guarded = coded.use(async ({ ctx, meta, path, type, next }) => {
  const access: Access | undefined = meta?.access;
  if (access === "anyone") return next();
  const actor = access === undefined ? null : await ctx.who();
  const code = refusalOf(meta, actor?.role ?? null, actor?.me.provedUntilMs ?? 0);
  if (actor && code === null) return next();
  // A query that a page repeats would fill the record; who tries to change something is written down.
  if (type !== "query" && code !== "PASSWORD_NEEDED") {
    const doer = doerOf(actor, ctx.from);
    await ctx.people.audit.writeRefusal({ doer, action: "access", target: path, outcome: code ?? "NOT_LOGGED_IN" });
  }
  throw new PeopleError(
    code ?? "NOT_LOGGED_IN",
    code === "ROLE_TOO_SMALL" ? { params: { role: access ?? "admin" } } : {},
  );
});

function refusalOf(meta: Meta | undefined, role: Parameters<typeof mayAccess>[0], provedUntilMs: number) {
  if (role === null) return "NOT_LOGGED_IN";
  if (!meta || !mayAccess(role, meta.access)) return "ROLE_TOO_SMALL";
  return meta.proved && Date.now() >= provedUntilMs ? "PASSWORD_NEEDED" : null;
}

/** For people who have yet to log in. */
export const forAnyone = guarded.meta({ access: "anyone" });

/** The actor is there: `guarded` has let nobody else through. */
const withActor = guarded.use(async ({ ctx, next }) => {
  const actor = await ctx.who();
  if (!actor) throw new PeopleError("NOT_LOGGED_IN");
  return next({ ctx: { actor } });
});

export const forViewer = withActor.meta({ access: "viewer" });
export const forOperator = withActor.meta({ access: "operator" });
export const forAdmin = withActor.meta({ access: "admin" });
/** An admin who gave the password within the last 10 minutes. */
export const forProvedAdmin = withActor.meta({ access: "admin", proved: true });

/**
 * For what a procedure's input makes an admin's: rejects with ROLE_TOO_SMALL, which is written down, or with PASSWORD_NEEDED
 * when the password was given more than 10 minutes ago.
 */
export async function requireProvedAdmin(
  { actor, from, people }: Pick<WebContext, "from" | "people"> & { actor: Extract<Actor, { kind: "user" }> },
  path: string,
): Promise<void> {
  const code = refusalOf({ access: "admin", proved: true }, actor.role, actor.me.provedUntilMs);
  if (code === null) return;
  if (code === "PASSWORD_NEEDED") throw new PeopleError(code);
  await people.audit.writeRefusal({ doer: doerOf(actor, from), action: "access", target: path, outcome: code });
  throw new PeopleError(code, { params: { role: "admin" } });
}

export const { router } = t;
