// Reading the connection table: against ipvsadm's listing of the same moment, stopped, cut short, and without a file.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { SocketAddress } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sendConnections, startBackup, stopBackup } from "../../../e2e/kernel/sync-messages.mjs";
import { atOneMoment, four, longestLine, sendPackets, syncedConnections, tables } from "./connection-kinds.mjs";
import { all, ConnectionRead, connectionRowBytes, opened, states } from "./connection-read.mjs";
import { addonPath, run, test } from "./shared.mjs";

/** The read's rows as `ipvsadm -Lnc` writes them, the time left out, sorted. */
async function listed(options) {
  const read = await opened(options);
  const progress = await read.run(20_000);
  assert.equal(progress.state, states.complete);
  assert.equal(progress.unknownLines, 0);
  const { packed, states: names, engines } = await read.rows(-1, false, 0, 1_000_000);
  read.close();
  assert.equal(packed.length, progress.held * connectionRowBytes);
  assert.equal(progress.held, progress.matched);
  const rows = [];
  for (let at = 0; at < packed.length; at += connectionRowBytes) rows.push(rowText(packed, at, names));
  return { rows: rows.sort(), engines, progress };
}

function rowText(packed, at, names) {
  const view = new DataView(packed.buffer, packed.byteOffset + at, connectionRowBytes);
  const bits = view.getUint32(60, true);
  const end = (from, portAt, isSix) =>
    `${addressText(new Uint8Array(view.buffer, view.byteOffset + from, isSix ? 16 : 4))}:${view.getUint16(portAt, true)}`;
  const protocol = { 0: "IP", 6: "TCP", 17: "UDP", 132: "SCTP" }[view.getUint8(54)];
  const ends = [end(0, 48, bits & 1), end(16, 50, bits & 1), end(32, 52, bits & 2)];
  return [protocol, names[view.getUint8(55)], ...ends].join(" ");
}

function addressText(bytes) {
  if (bytes.length === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16));
  return `[${new SocketAddress({ address: words.join(":"), family: "ipv6" }).address}]`;
}

function saidByIpvsadm() {
  return run("ipvsadm", "-Lnc")
    .split("\n")
    .map((line) => line.trim().split(/ +/))
    .filter((words) => /^\d+:\d\d$/.test(words[1] ?? ""))
    .map(([protocol, , ...rest]) => [protocol, ...rest.slice(0, 4)].join(" "))
    .sort();
}

async function agreesWithIpvsadm() {
  const [, ours] = await atOneMoment(tables.plain, async () => ({
    connections: await listed({}),
    templates: await listed({ wantsTemplates: true }),
    witness: saidByIpvsadm(),
  }));
  assert.deepEqual([...ours.connections.rows, ...ours.templates.rows].sort(), ours.witness);
  assert.equal(ours.connections.progress.rowsRead, ours.witness.length);
  return ours;
}

test("connections of real packets, row by row as ipvsadm lists them", async () => {
  run("modprobe", "ip_vs_pe_sip");
  run("ipvsadm", "-C");
  await sendPackets();
  const { connections, templates } = await agreesWithIpvsadm();
  assert.ok(connections.rows.length >= 8 && templates.rows.length === 4);
  assert.deepEqual(templates.engines, ["sip a84b4c76e66710@192.0.2.33"]);
});

test("what templates hold is what their packets made", async () => {
  const services = [
    [17, [198, 51, 100, 2], 0, 24],
    [6, [198, 51, 100, 1], 21, 32],
    [17, [198, 51, 100, 1], 5060, 32],
  ];
  const persistent = new Uint8Array(24 * services.length);
  const view = new DataView(persistent.buffer);
  for (const [index, [protocol, address, port, prefix]] of services.entries()) {
    persistent.set(address, 24 * index);
    view.setUint16(24 * index + 16, port, true);
    persistent.set([protocol, 4, prefix, 64], 24 * index + 18);
  }
  const read = await opened({
    wantsTemplates: true,
    persistent,
    client: { family: 4, bytes: new Uint8Array(4), prefix: 0, port: -1 },
  });
  await read.run(20_000);
  const { holds } = await read.rows(-1, false, 0, 100);
  read.close();
  assert.deepEqual([...holds].sort(), [1, 1, 2]);
});

test("connections that a sync daemon told of: every state, both families, their origin", async () => {
  run("ipvsadm", "-C");
  startBackup();
  const synced = syncedConnections();
  await sendConnections(synced);
  const { connections, templates } = await agreesWithIpvsadm();
  assert.ok(connections.rows.length + templates.rows.length >= synced.length);
  for (const [origin, least] of [
    [1, synced.filter(({ isTemplate }) => !isTemplate).length],
    [0, 8],
  ]) {
    const { rows } = await listed({ path: tables.synced, hasOrigin: true, origin });
    const kernels = readFileSync(tables.synced, "utf8").match(origin === 1 ? /SYNC/g : /LOCAL/g);
    assert.ok(rows.length >= least && rows.length <= kernels.length, `${rows.length} of ${kernels.length}`);
  }
  await sendConnections([longestLine]);
  const { engines } = await listed({ wantsTemplates: true, protocols: [17] });
  assert.ok(engines.includes(`sip ${"x".repeat(255)}`));
});

test("20,000 connections: cut short by a budget, gone on with, cancelled, and the main thread goes on meanwhile", async () => {
  const connections = Array.from({ length: 20_000 }, (_, i) => ({
    ...{ protocol: 6, state: 1, virtual: four("198.51.100.7"), server: four("10.0.0.7"), timeoutS: 3600 },
    ...{ client: four(`10.8.${i >> 8}.${i & 255}`), clientPort: 1000, virtualPort: 80, serverPort: 80 },
  }));
  await sendConnections(connections);
  const server = { family: 4, bytes: four("10.0.0.7"), prefix: 32, port: -1 };
  const read = await opened({ server, group: 1, maxHeld: 1000 });
  assert.equal(read.progress().rowsRead, 0);
  const first = await read.run(10);
  assert.equal(first.state, states.paused);
  assert.ok(first.rowsRead > 0 && first.rowsRead < 20_000, `${first.rowsRead} rows`);
  const page = await read.rows(0, false, 0, 5);
  assert.equal(page.packed.length, 5 * connectionRowBytes);
  let turns = 0;
  const ticker = setInterval(() => turns++, 1);
  const last = await read.run(60_000);
  clearInterval(ticker);
  assert.ok(turns > 5, `${turns} turns`);
  assert.deepEqual([last.state, last.matched, last.held], [states.complete, 20_000, 1000]);
  const groups = await read.groups(1, 0, 2);
  assert.deepEqual([[...groups.counts], groups.total, groups.others], [[256, 256], 79, 0]);
  const held = await read.groups(3, 0, 2);
  assert.deepEqual([[...held.counts], held.total, held.others], [[1000], 1, 0]);
  read.close();

  const stopped = await opened({});
  const running = stopped.run(60_000);
  while (stopped.progress().rowsRead === 0) await sleep(1);
  stopped.cancel();
  const { state, rowsRead } = await running;
  assert.equal(state, states.cancelled);
  assert.ok(rowsRead < 20_000);
  assert.equal((await stopped.run(1000)).state, states.cancelled);
  stopped.close();
  const openFiles = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  assert.deepEqual(
    openFiles.filter((name) => name.includes("ip_vs_conn")),
    [],
  );
});

test("closed while it reads: what runs ends, what waits and what comes later is refused", async () => {
  const read = await opened({});
  const settled = Promise.allSettled([read.run(60_000), read.rows(-1, false, 0, 1)]);
  read.close();
  read.close();
  const [run, rows] = await settled;
  assert.equal(run.value.state, states.cancelled);
  assert.equal(rows.reason.code, "ECANCELED");
  await assert.rejects(read.groups(-1, 0, 1), { code: "EBADF", operation: "groups" });
  stopBackup();
});

test("no file, no right, another file: errors with the stack of the caller", async () => {
  const failure = await new ConnectionRead({ ...all, path: "/proc/net/nothing" }).open().catch((error) => error);
  assert.deepEqual([failure.code, failure.errno, failure.operation], ["ENOENT", 2, "open"]);
  assert.match(failure.stack, /connections\.mjs/);
  const folder = mkdtempSync("/tmp/connections-");
  chmodSync(folder, 0o755);
  const path = join(folder, "file");
  writeFileSync(path, "something else\n", { mode: 0o600 });
  const other = await opened({ path });
  await assert.rejects(other.run(1000), { code: "EPROTO", operation: "run", message: /known form/ });
  const script = `const { ConnectionRead } = require(${JSON.stringify(addonPath)});
    const options = { ...${JSON.stringify({ ...all, path })}, persistent: new Uint8Array() };
    new ConnectionRead(options).open().catch((error) => console.log(error.code, error.errno, error.operation));`;
  const child = spawnSync(process.execPath, ["-e", script], {
    uid: 65534,
    gid: 65534,
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(child.stdout, "EACCES 13 open\n", child.stderr);
});

test("bad options are TypeErrors with a sentence, at once", () => {
  const wrong = [
    [{ path: 5 }, /path/],
    [{ hasOrigin: 1 }, /hasOrigin/],
    [{ protocols: 6 }, /protocols/],
    [{ protocols: [256] }, /protocol/],
    [{ states: [5] }, /state/],
    [{ origin: 2 }, /origin/],
    [{ group: 6 }, /group/],
    [{ maxHeld: -1 }, /maxHeld/],
    [{ persistent: new Uint8Array(23) }, /24 bytes/],
    [{ client: { family: 4, bytes: new Uint8Array(16), prefix: 0, port: -1 } }, /pattern/],
    [{ client: { family: 2, bytes: new Uint8Array(16), prefix: 0, port: -1 } }, /pattern/],
    [{ server: { family: 4, bytes: new Uint8Array(4), prefix: 33, port: -1 } }, /prefix/],
    [{ any: { family: 0, bytes: new Uint8Array(), prefix: 0, port: 65_536 } }, /port/],
  ];
  for (const [options, message] of wrong) {
    const isOne = (error) => error instanceof TypeError && message.test(error.message);
    assert.throws(() => new ConnectionRead({ ...all, ...options }), isOne, JSON.stringify(options));
  }
  const read = new ConnectionRead(all);
  for (const call of [
    () => read.run(-1),
    () => read.rows(6, false, 0, 1),
    () => read.rows(0, false, -1, 1),
    () => read.groups(0, 0),
  ]) {
    assert.throws(call, TypeError, String(call));
  }
});
