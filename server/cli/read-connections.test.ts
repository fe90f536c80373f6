import { expect, test } from "vitest";
import { connectionQuerySchema } from "#domain/connection";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { LocalDirector } from "#server/director/local";
import { SimulatedIpvs, usualTable, withConnections } from "#server/director/simulated";
import { readConnections } from "./read-connections.ts";

function director(): LocalDirector {
  const ipvs = new SimulatedIpvs({ seed: 1, now: () => 0, table: withConnections(usualTable, 3000) });
  return new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
}
const query = (more: object = {}) => connectionQuerySchema.parse({ filter: {}, ...more });

test("reads to the end, also what one budget does not reach, and answers so many rows of it", async () => {
  const own = director();
  const asked: unknown[] = [];
  const hasty: Pick<LocalDirector, "connections"> = {
    connections: (input) => {
      asked.push(input);
      return own.connections({ ...input, budgetMs: 10 });
    },
  };
  const page = await readConnections(hasty, query({ sort: "client" }), 700);
  expect(page.read.state).toBe("complete");
  expect(page.rows).toHaveLength(700);
  const first = await own.connections({ filter: {}, sort: "client", limit: 500, read: page.read.id });
  expect(page.rows.slice(0, 500)).toEqual(first.rows);
  expect((await readConnections(own, query(), 1_000_000)).rows).toHaveLength(page.read.held);
  await own.stop();
});

test("answers groups instead of rows", async () => {
  const own = director();
  const page = await readConnections(own, query({ group: "client" }), 600);
  expect(page.rows).toEqual([]);
  expect(page.groups?.groups).toHaveLength(600);
  expect(new Set(page.groups?.groups.map(({ name }) => name)).size).toBe(600);
  const all = await readConnections(own, query({ group: "server" }), 1000);
  expect(all.groups?.groups).toHaveLength(all.groups?.total ?? -1);
  await own.stop();
});

test("begins again when the read is given up on the way", async () => {
  const own = director();
  let calls = 0;
  const forgetful: Pick<LocalDirector, "connections"> = {
    connections: async (input) => {
      const page = await own.connections(input);
      return ++calls === 2 ? { ...page, read: { ...page.read, id: "another one" } } : page;
    },
  };
  const page = await readConnections(forgetful, query(), 20);
  expect(page.rows).toHaveLength(20);
  expect(calls).toBe(4);
  await own.stop();
});

test("waits for somebody else's reading", async () => {
  const own = director();
  let calls = 0;
  const shared: Pick<LocalDirector, "connections"> = {
    connections: async (input) => {
      const page = await own.connections(input);
      return ++calls < 3 ? { ...page, read: { ...page.read, state: "reading" } } : page;
    },
  };
  expect((await readConnections(shared, query(), 5)).read.state).toBe("complete");
  expect(calls).toBe(4);
  await own.stop();
});
