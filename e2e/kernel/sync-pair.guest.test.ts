/**
 * Two directors, each in a network namespace of its own, joined by a veth: the master's daemon tells the backup's of a
 * connection, and the backup's director shows where it has it from.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "#domain/connection";
import type { ServiceKey } from "#domain/service";
import { addServer, addService, server } from "#server/director/contract/samples";
import { RemoteDirector } from "#server/director/remote";
import { type RunningProcess, startProcess } from "../product.ts";

const service: Extract<ServiceKey, { kind: "address" }> = {
  kind: "address",
  protocol: "tcp",
  address: "10.88.1.1",
  port: 80,
};
const real = server({ address: "10.88.1.2", port: 8080 });
/** The kernel sends what has gathered every second or two. */
const longestWaitMs = 30_000;

interface Half {
  /** words that run a program in its namespace */
  inside: string[];
  process: RunningProcess;
  director: RemoteDirector;
}

const halves: Half[] = [];
const folders: string[] = [];
const ip = (...words: string[]) => execFileSync("ip", words, { encoding: "utf8", timeout: 20_000 });

async function startHalf(name: string, address: string): Promise<Half> {
  const inside = ["ip", "netns", "exec", name];
  ip("-n", name, "link", "set", "lo", "up");
  ip("-n", name, "address", "add", `${address}/24`, "dev", "eth0");
  ip("-n", name, "link", "set", "eth0", "up");
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  folders.push(folder);
  const process = await startProcess("director", folder, { DIRECTOR: "kernel" }, inside);
  const half = { inside, process, director: new RemoteDirector(join(folder, "run", "director.sock")) };
  halves.push(half);
  return half;
}

let master: Half;
let backup: Half;
beforeAll(async () => {
  ip("netns", "add", "master");
  ip("netns", "add", "backup");
  ip("link", "add", "eth0", "netns", "master", "type", "veth", "peer", "name", "eth0", "netns", "backup");
  master = await startHalf("master", "10.88.0.1");
  backup = await startHalf("backup", "10.88.0.2");
  for (const address of [service.address, real.address])
    ip("-n", "master", "address", "add", `${address}/32`, "dev", "lo");
}, 120_000);

afterAll(async () => {
  for (const { director, process } of halves) {
    await director.close();
    await process.stop();
  }
  for (const name of ["master", "backup"]) {
    // A namespace with a daemon in it lives on.
    for (const role of ["master", "backup"])
      try {
        execFileSync("ip", ["netns", "exec", name, "ipvsadm", "--stop-daemon", role], { stdio: "ignore" });
      } catch {
        // none of that role
      }
    ip("netns", "delete", name);
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A real server and a client of the service in the master's namespace, which write to each other once in a while until they are ended. */
function connect({ inside }: Half) {
  const [program = "", ...words] = inside;
  const talk = `
    const net = require("node:net");
    const answering = net.createServer((socket) => socket.pipe(socket)).listen(${real.port}, "${real.address}", () => {
      const client = net.connect(${service.port}, "${service.address}", () => {
        console.log(client.localPort);
        setInterval(() => client.write("still there"), 200);
      });
    });
    process.stdin.on("end", () => process.exit(0)).resume();`;
  return spawn(program, [...words, process.execPath, "-e", talk], { stdio: ["pipe", "pipe", "inherit"] });
}

/** The connections of the service that a director has from this origin, as soon as there are any. */
async function connectionsOf({ director }: Half, origin: "local" | "sync"): Promise<Connection[]> {
  const until = Date.now() + longestWaitMs;
  for (;;) {
    const filter = { origin, virtual: `${service.address}:${service.port}` };
    const { rows } = await director.connections({ filter, freshMs: 0 });
    if (rows.length > 0 || Date.now() > until) return rows;
    await pause(250);
  }
}

test("a connection made on the master is on the backup, with its origin", { timeout: 120_000 }, async () => {
  const rules = [addService(service), addServer(service, real)];
  await master.director.apply(rules);
  await backup.director.apply(rules);
  const chosen = { interface: "eth0", syncId: 7, group: "239.88.0.1", port: 8850, ttl: 2, maxLength: 1400 };
  expect(await master.director.startDaemon({ role: "master", ...chosen })).toEqual([{ role: "master", ...chosen }]);
  expect(await backup.director.startDaemon({ role: "backup", ...chosen })).toEqual([{ role: "backup", ...chosen }]);
  expect(execFileSync("ip", [...backup.inside.slice(1), "ipvsadm", "-L", "--daemon"], { encoding: "utf8" })).toContain(
    "backup sync daemon (mcast=eth0, syncid=7, maxlen=1400, group=239.88.0.1, port=8850, ttl=2)",
  );

  const talking = connect(master);
  const [chunk] = (await once(talking.stdout, "data", { signal: AbortSignal.timeout(longestWaitMs) })) as [Buffer];
  const client = { address: service.address, port: Number(chunk) };
  try {
    const endpoints = {
      client,
      virtual: { address: service.address, port: 80 },
      server: { address: real.address, port: 8080 },
    };
    expect(await connectionsOf(master, "local")).toMatchObject([
      { ...endpoints, origin: "local", state: "ESTABLISHED" },
    ]);
    expect(await connectionsOf(backup, "sync")).toMatchObject([{ ...endpoints, origin: "sync", state: "ESTABLISHED" }]);
    // Nothing of it is the backup's own.
    const own = await backup.director.connections({ filter: { origin: "local" }, freshMs: 0 });
    expect(own.rows).toEqual([]);
    const file = execFileSync("ip", [...backup.inside.slice(1), "cat", "/proc/net/ip_vs_conn_sync"], {
      encoding: "utf8",
    });
    expect(file).toMatch(/^TCP 0A580101 [0-9A-F]{4} 0A580101 0050 0A580102 1F90 ESTABLISHED +SYNC /m);
    // The server has it as its own, so that it goes on where it was.
    const [record] = await backup.director.table();
    expect(record?.servers[0]?.gauges.active).toBe(1);
  } finally {
    talking.stdin.end();
    await once(talking, "exit");
  }

  expect(await master.director.stopDaemon("master")).toEqual([]);
  expect(await backup.director.stopDaemon("backup")).toEqual([]);
});
