import type { ActorKind } from "#domain/audit";
import type { Me, Role } from "#domain/people";

/** Somebody who was let in: a person with a session, or a program with a token. */
export type Actor =
  | { kind: "user"; name: string; role: Role; me: Me; sessionToken: string }
  | { kind: "token"; name: string; role: Role; tokenId: string };

/** Who did something and from where, as the audit keeps it. */
export interface Doer {
  kind: ActorKind;
  name: string;
  /** canonical address, "" on the host itself */
  from: string;
}

export function doerOf(actor: Actor | null, from: string): Doer {
  return actor ? { kind: actor.kind, name: actor.name, from } : { kind: "nobody", name: "", from };
}

/** Root, or whoever may open the files, on the host's command line. */
export const commandLineDoer: Doer = { kind: "command-line", name: "command line", from: "" };
