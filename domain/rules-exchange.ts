import { z } from "zod";
import type { Change, Verb } from "./change.ts";
import { type PlanMode, planModes, type RuleRefusal } from "./rules/plan.ts";
import type { RuleProblem } from "./rules/problem.ts";

/** What pages, programs and the command line exchange with web about rule text. */

export const longestRuleText = 16 * 1024 * 1024;
/** Of more remarks, changes or names than these only the first are told, with how many there are. */
export const mostTold = 2000;

export const ruleTextSchema = z.string().max(longestRuleText);
export const planInputSchema = z.object({ text: ruleTextSchema, mode: z.enum(planModes) });

/** Seconds in which a replace must be confirmed, or the old table comes back by itself. */
export const confirmSSchema = z.number().int().min(10).max(3600);
export const usualConfirmS = 60;
export const noteSchema = z.string().max(500);

export const applyInputSchema = planInputSchema.extend({
  /** of the table that the plan was made from: when it moved meanwhile, nothing is written (CONFLICT) */
  tag: z.string().max(100),
  note: noteSchema.default(""),
  confirmS: confirmSSchema.nullable().default(null),
  /** chosen by who asks, to follow and cancel the work by */
  jobId: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
});

/** What a name in rule text became, for people to see before anything is written. */
export interface NameMeaning {
  kind: "host" | "port";
  name: string;
  /** of a port: /etc/services has one for each protocol */
  protocol: string | null;
  /** an address or a port; null: nobody knows the name */
  became: string | null;
  /** further addresses of a host: the rules get the first */
  others: string[];
}

/** A table as text. */
export interface RulesNow {
  text: string;
  /** the same for the same table, whatever its order: RFC 9110's entity tag without the quotes */
  tag: string;
  services: number;
  servers: number;
}

/** What a text would do to the table as it is. Nothing is written while there are problems or refusals. */
export interface RulesPlan {
  mode: PlanMode;
  /** an `ipvsadm -L` listing was read instead of commands */
  listing: boolean;
  problems: RuleProblem[];
  warnings: RuleProblem[];
  names: NameMeaning[];
  /** what the kernel would refuse, by line */
  refusals: RuleRefusal[];
  /** merge: lines that would remove something, and do not */
  kept: number[];
  /** the first of them, in their order */
  changes: PlannedLine[];
  /** all of them, by verb */
  counts: Partial<Record<Verb, number>>;
  /** how many remarks of each kind there are, told or not */
  totals: { problems: number; warnings: number; refusals: number; changes: number };
  /** of the table that this was made from */
  tag: string;
  /** both tables as text; where ipvsadm's order depends on the kernel's, lines of the one to come may stand elsewhere then */
  before: string;
  after: string;
  /** the role that applying it takes */
  needs: "operator" | "admin";
}

export interface PlannedLine {
  change: Change;
  /** the line that asks for it; null for a row that replace removes because no line makes it */
  line: number | null;
}

export interface RulesApplied {
  changes: number;
  /** null: nothing was to be done */
  revision: number | null;
  /** until then it must be confirmed, milliseconds since the epoch on the director's clock */
  confirmByMs: number | null;
}
