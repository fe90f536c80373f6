import { PeopleError } from "#domain/errors";
import type { Role } from "#domain/people";
import { type Actor, doerOf } from "../people/actor.ts";
import type { People } from "../people/people.ts";

/** Writes down that a token's role does not reach as far as `target`, and rejects with ROLE_TOO_SMALL. */
export async function refuseRole(
  { audit }: People,
  { actor, from }: { actor: Actor; from: string },
  target: string,
  role: Role,
): Promise<never> {
  const doer = doerOf(actor, from);
  await audit.writeRefusal({ doer, action: "token-use", target, outcome: "ROLE_TOO_SMALL" });
  throw new PeopleError("ROLE_TOO_SMALL", { params: { role } });
}
