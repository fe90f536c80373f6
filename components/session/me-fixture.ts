import type { Me } from "#domain/people";
import type { Role } from "#domain/roles";

/** Somebody with this role, for tests. */
export function meAs(role: Role): Me {
  return {
    name: "kim",
    role,
    userId: "user-1",
    sessionId: "session-1",
    idleEndsAtMs: Date.now() + 30 * 60_000,
    endsAtMs: Date.now() + 12 * 3_600_000,
    provedUntilMs: Date.now() + 10 * 60_000,
  };
}
