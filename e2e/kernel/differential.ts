import { expect } from "vitest";
import type { Ipvs } from "#server/director/ipvs";

/** Two of a kind that should answer alike, and how they are asked. */
export interface Differential<Subject, Operation> {
  /** what the subject answers, a refusal as a value too; throws for what is a fault of the program */
  answer(subject: Subject, operation: Operation): Promise<unknown>;
  /** everything that the subject holds, without what moves */
  table(subject: Subject): Promise<unknown>;
  /** what happened, for the tally: `set-server ENOENT`, `zero done` */
  outcomes(operation: Operation, answer: unknown): string[];
}

/** What was compared so far. */
export interface Tally {
  operations: number;
  tables: number;
  /** outcome → how often */
  outcomes: Map<string, number>;
}

export const emptyTally = (): Tally => ({ operations: 0, tables: 0, outcomes: new Map() });

export const tallyText = ({ operations, tables, outcomes }: Tally): string =>
  `${operations} operations, ${tables} whole tables: ${JSON.stringify(Object.fromEntries([...outcomes].sort()))}`;

/** The table is compared whole after this many operations, and at the end. */
const tableEvery = 50;

/** Does every operation on both and fails at the first whose answers differ, or after which the tables do. */
export async function compare<Subject, Operation>(
  { answer, table, outcomes }: Differential<Subject, Operation>,
  [one, other]: readonly [Subject, Subject],
  operations: readonly Operation[],
  tally: Tally,
): Promise<void> {
  for (const [index, operation] of operations.entries()) {
    const where = `operation ${index}: ${JSON.stringify(operation)}`;
    const answered = await answer(one, operation);
    expect(answered, where).toEqual(await answer(other, operation));
    tally.operations++;
    for (const outcome of outcomes(operation, answered)) {
      tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1);
    }
    if ((index + 1) % tableEvery !== 0 && index + 1 !== operations.length) continue;
    expect(await table(one), `the table after ${where}`).toEqual(await table(other));
    tally.tables++;
  }
}

/** Back to an empty table, no daemon and the usual timeouts. */
export async function reset(ipvs: Ipvs): Promise<void> {
  for (const { role } of await ipvs.daemons()) await ipvs.stopDaemon(role);
  expect(await ipvs.write([{ command: "flush" }])).toEqual([null]);
  await ipvs.setTimeouts({ tcpS: 900, tcpFinS: 120, udpS: 300 });
}
