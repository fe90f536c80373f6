import { Definitions } from "./definitions.ts";
import { Remarks, type RuleProblem } from "./problem.ts";
import { type Names, settle } from "./settle.ts";
import type { HostName, PortName, ReadyStatement, Statement } from "./statement.ts";

/** Every name in the statements, each once: what is to be looked up before they can be settled. */
export function namesIn(statements: readonly Statement[]): {
  hosts: string[];
  ports: { name: string; protocol: PortName["protocol"] }[];
} {
  const hosts = new Set<string>();
  const ports = new Map<string, { name: string; protocol: PortName["protocol"] }>();
  for (const statement of statements) {
    if (statement.command !== "unresolved") continue;
    for (const { name } of statement.hosts) hosts.add(name);
    for (const { name, protocol } of statement.ports) ports.set(`${name}/${protocol}`, { name, protocol });
  }
  return { hosts: [...hosts], ports: [...ports.values()] };
}

/**
 * The statements with every name replaced by what it means, in their order. A name that means nothing is NAME_UNKNOWN or
 * PORT_NAME_UNKNOWN at each place where it stands, and what it means is checked like what is written out.
 */
export function resolveNames(
  statements: readonly Statement[],
  names: Names,
): { statements: readonly ReadyStatement[]; problems: RuleProblem[]; warnings: RuleProblem[] } {
  if (areReady(statements)) return { statements, problems: [], warnings: [] };
  const ready: ReadyStatement[] = [];
  const problems: RuleProblem[] = [];
  const warnings: RuleProblem[] = [];
  const definitions = new Definitions();
  for (const statement of statements) {
    if (statement.command !== "unresolved") {
      ready.push(statement);
      continue;
    }
    const remarks = new Remarks(statement.line);
    const settled = settle(statement.draft, names, remarks, definitions);
    if (settled) ready.push(settled);
    for (const problem of remarks.problems) problems.push(problem);
    for (const warning of remarks.warnings) warnings.push(warning);
  }
  return { statements: ready, problems, warnings };
}

function areReady(statements: readonly Statement[]): statements is readonly ReadyStatement[] {
  return statements.every(({ command }) => command !== "unresolved");
}

/** The names of one draft, as they stand in its line. */
export function draftNames(parts: readonly (string | number | HostName | PortName | undefined)[]): {
  hosts: HostName[];
  ports: PortName[];
} {
  const named = parts.filter((part) => typeof part === "object");
  return {
    hosts: named.filter((part) => !("protocol" in part)),
    ports: named.filter((part): part is PortName => "protocol" in part),
  };
}
