/** Reads of a large connection table on the real kernel, whose walk through it is quadratic: their budgets, ends and sharing. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ConnectionPage, ConnectionQueryInput } from "#domain/connection";
import { longestReadBudgetMs } from "#domain/connection-query";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { server, spec } from "#server/director/contract/samples";
import { refusal } from "#server/director/contract/subject";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { sendConnections, startBackup, stopBackup } from "./sync-messages.mjs";

/** To read 100,000 of them takes this kernel ten seconds and more. */
const count = process.env.TEST_LONG === undefined ? 40_000 : 100_000;
const expiry = "/proc/sys/net/ipv4/vs/expire_nodest_conn";
const service = { kind: "address", protocol: "tcp", address: "10.1.0.1", port: 80 } as const;
const filter = { virtual: "10.1.0.1:80" };

let ipvs: KernelIpvs;
let director: LocalDirector;

beforeAll(async () => {
  ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
  const made = await ipvs.write([
    { command: "new-service", service, spec: spec() },
    { command: "new-server", service, server: server({ address: "127.0.1.1", port: 8080 }) },
  ]);
  expect(made).toEqual([null, null]);
  startBackup();
  await sendConnections(
    Array.from({ length: count }, (_, i) => ({
      ...{
        protocol: 6,
        state: 1,
        timeoutS: 36_000,
        virtualPort: 80,
        serverPort: 8080,
        clientPort: 1024 + (i % 60_000),
      },
      client: Uint8Array.of(11, i >> 16, (i >> 8) & 255, i & 255),
      ...{ virtual: Uint8Array.of(10, 1, 0, 1), server: Uint8Array.of(127, 0, 1, 1) },
    })),
  );
  stopBackup();
}, 120_000);

afterAll(async () => {
  // Those who come after want an empty table: without their server connections go by themselves.
  const before = await readFile(expiry, "latin1");
  await writeFile(expiry, "1");
  await ipvs.write([{ command: "flush" }]);
  const left = async () =>
    (await director.connections({ filter, freshMs: 0, budgetMs: 20_000, limit: 0 })).read.matched;
  await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 60_000, interval: 1000 });
  await writeFile(expiry, before.trim());
  await director.stop();
  ipvs.close();
}, 90_000);

/** Goes on until all is read. */
async function whole(query: Partial<ConnectionQueryInput> = {}): Promise<ConnectionPage> {
  const asking = { filter, budgetMs: longestReadBudgetMs, limit: 0, ...query };
  let page = await director.connections(asking);
  while (page.read.state === "paused") page = await director.connections({ ...asking, read: page.read.id, goOn: true });
  return page;
}

/** Waits until the asking of that name has read something. */
async function isUnderWay(asker: string): Promise<void> {
  await vi.waitFor(async () => expect((await director.connectionsProgress(asker))?.rowsRead).toBeGreaterThan(0), {
    interval: 5,
    timeout: 10_000,
  });
}

test("a budget ends in a part, and the rest comes on the same walk: every row once", { timeout: 120_000 }, async () => {
  const first = await director.connections({ filter, group: "client", budgetMs: 100, freshMs: 0, limit: 10 });
  expect(first.read).toMatchObject({ state: "paused", rowsExpected: count });
  expect(first.read.rowsRead).toBeGreaterThan(0);
  expect(first.read.rowsRead).toBeLessThan(count);
  expect(first.rows).toHaveLength(10);
  const { read, groups } = await whole({ read: first.read.id, goOn: true, group: "client", groupLimit: 1 });
  expect(read).toMatchObject({ id: first.read.id, state: "complete", rowsRead: count, matched: count, held: count });
  // Every client has one connection.
  expect(groups).toMatchObject({ groups: [{ connections: 1 }], total: count, others: 0 });
});

test("a second asker shares the read", { timeout: 120_000 }, async () => {
  const open = vi.spyOn(ipvs.connections, "open");
  const one = whole({ freshMs: 0, asker: "vera" });
  await isUnderWay("vera");
  const other = whole({ freshMs: 0, group: null });
  const [first, second] = await Promise.all([one, other]);
  expect(second.read.id).toBe(first.read.id);
  expect([first.read.matched, second.read.matched]).toEqual([count, count]);
  expect(open).toHaveBeenCalledTimes(1);
  open.mockRestore();
});

test("cancelled it ends soon, what it has read stays, and another one begins at once", {
  timeout: 120_000,
}, async () => {
  const asking = director.connections({ filter, freshMs: 0, budgetMs: longestReadBudgetMs, asker: "vera", limit: 5 });
  await isUnderWay("vera");
  expect(await director.cancelConnections("vera")).toBe(true);
  const { read, rows } = await asking;
  expect(read.state).toBe("cancelled");
  expect(read.rowsRead).toBeLessThan(count);
  expect(rows).toHaveLength(5);
  expect((await director.connections({ filter, freshMs: 0, budgetMs: 50 })).read).toMatchObject({ state: "paused" });
});

test("who asked goes away: it stops, and who comes next has their turn", { timeout: 120_000 }, async () => {
  const gone = new AbortController();
  const asked = { filter, freshMs: 0, budgetMs: longestReadBudgetMs, group: "state", asker: "vera" } as const;
  const asking = refusal(director.connections(asked, gone.signal));
  await isUnderWay("vera");
  gone.abort();
  expect(await asking).toMatchObject({ code: "CANCELLED" });
  expect(await director.connectionsProgress("vera")).toBeNull();
  const other = { client: "11.0.0.0/24" };
  expect((await director.connections({ filter: other, budgetMs: 50 })).read).toMatchObject({ state: "paused" });
});
