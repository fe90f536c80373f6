/** Faults of the kernel's connection file, as who asks a director for connections hears of them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectionFilterSchema } from "#domain/connection";
import { loadAddon } from "./addon.ts";
import type { ReadPlan } from "./connection-source.ts";
import { toDirectorError } from "./faults.ts";
import { KernelConnections } from "./kernel-connections.ts";

const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
const plan: ReadPlan = {
  ...{ filter: connectionFilterSchema.parse({}), group: null, rowsExpected: 7, persistent: [] },
  ...{ maxHeld: 10, maxGroups: 10 },
};

let folder: string;
let source: KernelConnections;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kernel-connections-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "net"));
  source = new KernelConnections(loadAddon(), { procRoot: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refusal = (answer: Promise<unknown>) =>
  answer.then(
    () => "answered",
    (error: unknown) => toDirectorError(error, "connections").code,
  );

test("no file: there is no IPVS", async () => {
  await expect(source.open(plan)).rejects.toMatchObject({ code: "ENOENT", operation: "family" });
  expect(await refusal(source.open(plan))).toBe("NOT_AVAILABLE");
});

test("a file that this user may not read", async () => {
  writeFileSync(join(folder, "net/ip_vs_conn"), title, { mode: 0o400 });
  process.seteuid?.(65_534);
  try {
    await expect(source.open(plan)).rejects.toMatchObject({ code: "EACCES", operation: "connections" });
    expect(await refusal(source.open(plan))).toBe("NOT_PERMITTED");
  } finally {
    process.seteuid?.(0);
  }
});

test("a file in a form that nobody knows: said, never an empty table", async () => {
  writeFileSync(join(folder, "net/ip_vs_conn"), "Protocol Client\nTCP 10.0.0.1:80\n");
  const read = await source.open(plan);
  const answer = read.run(1000);
  await expect(answer).rejects.toMatchObject({ code: "EPROTO", operation: "connections" });
  expect(await refusal(answer)).toBe("INTERNAL");
  expect(read.progress().state).toBe("cancelled");
  read.close();
});

test("an empty table is one; the origin has a file of its own", async () => {
  writeFileSync(
    join(folder, "net/ip_vs_conn_sync"),
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n",
  );
  const read = await source.open({ ...plan, filter: connectionFilterSchema.parse({ origin: "sync" }) });
  expect(await read.run(1000)).toMatchObject({ state: "complete", rowsRead: 0, rowsExpected: 7, matched: 0, held: 0 });
  expect((await read.rows({ sort: "client", descending: false, offset: 0, limit: 5 })).packed).toHaveLength(0);
  expect(await read.groups({ by: "client", offset: 0, limit: 5 })).toMatchObject({ total: 0, others: 0 });
  read.close();
  await expect(read.rows({ sort: null, descending: false, offset: 0, limit: 5 })).rejects.toMatchObject({
    code: "EBADF",
  });
});
