import type { Change } from "../change.ts";
import type { DirectorErrorCode } from "../errors.ts";
import type { ServiceKey } from "../service.ts";
import { changesBetween } from "./changes-between.ts";
import { mergeInto } from "./merge.ts";
import type { PlainTable } from "./plain-table.ts";
import type { Span } from "./problem.ts";
import { runRules } from "./run.ts";
import type { ReadyStatement, Rule } from "./statement.ts";
import { stateOf } from "./table-state.ts";
import { zerosOf } from "./zeros.ts";

/**
 * run: each line as `ipvsadm -R` takes it. merge: what is missing is added and what differs is edited, nothing is
 * removed. replace: the table becomes the one that the text makes of an empty one.
 */
export const planModes = ["run", "merge", "replace"] as const;
export type PlanMode = (typeof planModes)[number];

/** The changes that plans are made of. */
export type PlanChange = Extract<
  Change,
  { verb: "add-service" | "edit-service" | "remove-service" | "add-server" | "edit-server" | "remove-server" }
>;

export interface PlannedChange {
  change: PlanChange;
  /** the line that asks for it; null for a row that replace removes because no line makes it */
  line: number | null;
}

/** What the kernel would say to a line, given the table and the lines before it. */
export interface RuleRefusal extends Span {
  line: number;
  code: Extract<DirectorErrorCode, "SERVICE_EXISTS" | "SERVER_EXISTS" | "NO_SUCH_SERVICE" | "NO_SUCH_SERVER">;
}

export type Setting = Extract<Rule, { command: "set" | "start-daemon" | "stop-daemon" }>;

export interface RulePlan {
  /** in the order in which they are to be done */
  changes: PlannedChange[];
  /** counters to set to 0, after everything else, since that cannot be undone; of all when `service` is null */
  zeros: { service: ServiceKey | null; line: number }[];
  /** timeouts and daemons, which stand beside the table, in the order of their lines */
  settings: { setting: Setting; line: number }[];
  /** with any of these nothing is to be done */
  refusals: RuleRefusal[];
  /** merge only: lines that would remove something which is there, and do not */
  kept: number[];
}

/**
 * The steps from `table` to what the statements ask for. Every edit and removal of a row that is in the table carries it as
 * `expected`. Merge and replace touch no row that is as it should be, and remove a server only after the others of its
 * service are there.
 */
export function planRules(table: PlainTable, statements: readonly ReadyStatement[], mode: PlanMode): RulePlan {
  const settings = settingsOf(statements);
  if (mode === "merge") {
    const now = stateOf(table);
    const { wanted, zeros, refusals, kept } = mergeInto(now, statements);
    const changes = changesBetween(now, wanted, { remove: false });
    return { changes, zeros, settings, refusals, kept };
  }
  const ran = runRules(mode === "run" ? stateOf(table) : new Map(), statements);
  const zeros = zerosOf(ran.zeros, ran.state);
  const changes = mode === "run" ? ran.changes : changesBetween(stateOf(table), ran.state, { remove: true });
  return { changes, zeros, settings, refusals: ran.refusals, kept: [] };
}

function settingsOf(statements: readonly ReadyStatement[]): RulePlan["settings"] {
  const settings: RulePlan["settings"] = [];
  for (const statement of statements) {
    if (!isSetting(statement)) continue;
    const { line, column: _column, endColumn: _endColumn, ...setting } = statement;
    settings.push({ setting, line });
  }
  return settings;
}

function isSetting(statement: ReadyStatement): statement is Extract<ReadyStatement, Setting> {
  const { command } = statement;
  return command === "set" || command === "start-daemon" || command === "stop-daemon";
}
