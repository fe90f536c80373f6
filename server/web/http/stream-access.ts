import type { AnyProcedure } from "@trpc/server";
import { type Access, mayAccess } from "#domain/people";
import type { Meta } from "../access.ts";
import type { WebContext } from "../context.ts";
import { appRouter } from "../router.ts";

/** What a stream states of itself, by its name in the router. */
const streams: ReadonlyMap<string, Access | undefined> = new Map(
  Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>)
    .filter(([, { _def }]) => _def.type === "subscription")
    .map(([name, { _def }]) => [name, (_def.meta as Partial<Meta> | undefined)?.access]),
);

/**
 * The status with which a stream is refused; null for who may have it, and for what is no stream. tRPC begins to answer a
 * stream, with 200, before it asks: who listens to status alone, such as a proxy or EventSource, would take it for open.
 *
 * @param path of a call, `/api/trpc/live.stream`; of a batch when any of it is refused
 */
export async function streamRefusal(path: string, { who }: Pick<WebContext, "who">): Promise<401 | 403 | null> {
  const asked = decodeURIComponent(path.slice("/api/trpc/".length))
    .split(",")
    .filter((name) => streams.has(name));
  if (asked.length === 0) return null;
  // Whoever cannot be known is nobody.
  const actor = await who().catch(() => null);
  if (!actor) return 401;
  return asked.every((name) => mayAccess(actor.role, streams.get(name) ?? "admin")) ? null : 403;
}
