import { expect } from "vitest";
import type { ServerRow, ServiceRow } from "#domain/table";
import { type Ipvs, IpvsFault, type Snapshot } from "#server/director/ipvs";
import type { Operation } from "./operations.ts";

/** How the answers of two tables are put side by side. */
export interface Compared {
  operations: number;
  tables: number;
  /** `set-server ENOENT`, `zero done` → how often */
  outcomes: Map<string, number>;
}

export const nothingCompared = (): Compared => ({ operations: 0, tables: 0, outcomes: new Map() });

/** The table is compared whole after this many operations, and at the end. */
const tableEvery = 50;

/**
 * Does every operation on both and compares what they answer: the value, or operation and errno of the refusal.
 * Counters and gauges are left out, since nothing here sends packets in the same way.
 */
export async function compare(one: Ipvs, other: Ipvs, operations: readonly Operation[], sum: Compared): Promise<void> {
  for (const [index, operation] of operations.entries()) {
    const [answer, otherAnswer] = [await answerOf(one, operation), await answerOf(other, operation)];
    const where = `operation ${index}: ${JSON.stringify(operation)}`;
    expect(answer, where).toEqual(otherAnswer);
    sum.operations++;
    for (const outcome of outcomesOf(operation, answer)) {
      sum.outcomes.set(outcome, (sum.outcomes.get(outcome) ?? 0) + 1);
    }
    if ((index + 1) % tableEvery === 0) await compareTables(one, other, where, sum);
  }
  await compareTables(one, other, "at the end", sum);
}

/** Back to an empty table, no daemon and the usual timeouts. */
export async function reset(ipvs: Ipvs): Promise<void> {
  for (const { role } of await ipvs.daemons()) await ipvs.stopDaemon(role);
  expect(await ipvs.write([{ command: "flush" }])).toEqual([null]);
  await ipvs.setTimeouts({ tcpS: 900, tcpFinS: 120, udpS: 300 });
}

async function compareTables(one: Ipvs, other: Ipvs, where: string, sum: Compared): Promise<void> {
  expect(contents(await one.snapshot()), `the table after ${where}`).toEqual(contents(await other.snapshot()));
  sum.tables++;
}

function outcomesOf(operation: Operation, answer: unknown): string[] {
  const names = operation.kind === "write" ? operation.commands.map(({ command }) => command) : [operation.kind];
  return names.map((name, index) => {
    const refusal = (Array.isArray(answer) ? answer[index] : answer) as { code?: unknown } | null;
    return `${name} ${typeof refusal?.code === "string" ? refusal.code : "done"}`;
  });
}

async function answerOf(ipvs: Ipvs, operation: Operation): Promise<unknown> {
  try {
    switch (operation.kind) {
      case "write":
        return (await ipvs.write(operation.commands)).map(
          (refusal) => refusal && { code: refusal.code, errno: refusal.errno, message: refusal.message },
        );
      case "service":
        return contents(await ipvs.service(operation.service));
      case "set-timeouts":
        return [await refusalOf(ipvs.setTimeouts(operation.timeouts)), await ipvs.timeouts()];
      case "start-daemon":
        return [await refusalOf(ipvs.startDaemon(operation.daemon)), await ipvs.daemons()];
      case "stop-daemon":
        return [await refusalOf(ipvs.stopDaemon(operation.role)), await ipvs.daemons()];
    }
  } catch (error) {
    return refusalIn(error);
  }
}

async function refusalOf(call: Promise<void>): Promise<unknown> {
  return call.then(() => null, refusalIn);
}

/** What is not a kernel's refusal is a fault of the program, on either side, and ends the run. */
function refusalIn(error: unknown): unknown {
  if (!(error instanceof IpvsFault)) throw error;
  return { code: error.code, errno: error.errno, operation: error.operation };
}

/** Services by id, each with its servers in order: services have an order that changes with every boot. */
function contents({ rows, counters, gauges }: Snapshot): Record<string, { service: ServiceRow; servers: ServerRow[] }> {
  expect(counters.length).toBe(rows.length * 5);
  expect(gauges.length).toBe(rows.length * 3);
  const services: Record<string, { service: ServiceRow; servers: ServerRow[] }> = {};
  for (const row of rows) {
    if (row.kind === "service") services[row.id] = { service: row, servers: [] };
    else services[row.serviceId]?.servers.push(row);
  }
  return services;
}
