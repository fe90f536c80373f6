import { z } from "zod";

/** What the audit keeps a line of, as a closed set; the words are in messages/*.json under `audit.action`. */
export const auditActions = [
  "set-up",
  "log-in",
  "log-out",
  "session-end",
  "password-prove",
  "password-set",
  "user-add",
  "user-role",
  "user-disable",
  "user-enable",
  "user-password",
  "user-remove",
  "token-add",
  "token-revoke",
  "token-use",
  "access",
  "table-change",
  "table-confirm",
  "table-put-back",
  "boot-save",
  "sysctl-set",
  "edit-anyway",
] as const;
export type AuditAction = (typeof auditActions)[number];

export const actorKinds = ["user", "token", "command-line", "nobody"] as const;
export type ActorKind = (typeof actorKinds)[number];

/** One line: who, from where, what, with what outcome, what it was before and after. Holds no secret. */
export interface AuditEntry {
  id: number;
  atMs: number;
  actorKind: ActorKind;
  /** the user's or token's name; of a refused log-in the name that was tried when somebody has it: else it may be a password */
  actor: string;
  /** address, "" for the command line */
  from: string;
  action: AuditAction;
  /** what it was done to: a service's or server's id, a user's or token's name, a procedure */
  target: string;
  /** "done", or the code of the refusal */
  outcome: string;
  /** JSON values; null where there was nothing */
  before: unknown;
  after: unknown;
}

/** Which lines, newest first. Text is looked for in actor, address and target. */
export const auditFilterSchema = z.object({
  actor: z.string().max(64).default(""),
  action: z.enum(auditActions).nullable().default(null),
  outcome: z.enum(["any", "done", "refused"]).default("any"),
  text: z.string().max(200).default(""),
  /** milliseconds since the epoch, inclusive */
  sinceMs: z.number().int().min(0).nullable().default(null),
  untilMs: z.number().int().min(0).nullable().default(null),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;

export const auditQuerySchema = auditFilterSchema.extend({
  /** lines older than this one */
  beforeId: z.number().int().positive().nullable().default(null),
  limit: z.number().int().min(1).max(200).default(100),
});
export type AuditQuery = z.output<typeof auditQuerySchema>;

export interface AuditPage {
  entries: AuditEntry[];
  /** for the next page's `beforeId`; null: there are no older ones */
  olderThanId: number | null;
}
