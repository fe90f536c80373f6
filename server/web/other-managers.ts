import type { FoundManager } from "#domain/doctor";
import { PeopleError } from "#domain/errors";
import type { RemoteDirector } from "#server/director/remote";
import { managersHere, noteDespite } from "../rules/managers-here.ts";
import type { Actor } from "./people/actor.ts";

type Asked = Pick<RemoteDirector, "managers">;

/** More sessions than people have: the oldest are asked again. */
const mostSessions = 1000;

/** For each director, by session: the managers that its person edits the table in spite of. */
const agreements = new WeakMap<Asked, Map<string, ReadonlySet<string>>>();

/** Has this session said that it edits the table in spite of all of them? */
export function hasAgreed(director: Asked, sessionId: string, managers: readonly FoundManager[]): boolean {
  const agreed = agreements.get(director)?.get(sessionId);
  return managers.every(({ manager }) => agreed?.has(manager));
}

/** Remembers that, for as long as this process lives. One more that comes later is asked about anew. */
export function agree(director: Asked, sessionId: string, managers: readonly FoundManager[]): void {
  const sessions = agreements.get(director) ?? new Map<string, ReadonlySet<string>>();
  agreements.set(director, sessions);
  sessions.delete(sessionId);
  sessions.set(sessionId, new Set(managers.map(({ manager }) => manager)));
  const [oldest] = sessions.keys();
  if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest);
}

/**
 * What a person's change of the table says of other managers, for the note of its revision: nothing where there are none.
 * Rejects with OTHER_MANAGER until the session has said that it edits anyway. Programs and the command line are not asked; their notes say it too.
 */
export async function despiteManagers(
  director: Asked,
  actor: Extract<Actor, { kind: "user" }>,
  note = "",
): Promise<{ note?: string }> {
  const managers = await managersHere(director);
  if (!hasAgreed(director, actor.me.sessionId, managers)) throw new PeopleError("OTHER_MANAGER");
  return noteDespite(managers, note);
}
