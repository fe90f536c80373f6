import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Command } from "#domain/batch/command";
import type { ConnectionPage, ConnectionQueryInput } from "#domain/connection";
import { longestReadBudgetMs } from "#domain/connection-query";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { sendConnections, startBackup, stopBackup } from "../kernel/sync-messages.mjs";
import { type Finding, rounded } from "./statistics.ts";

/**
 * What looking into 100,000 connections costs on the real kernel: P4 of the table of targets. The kernel's own walk through
 * them for each 4 KiB is nearly all of it, so `cat` of the same file is the floor. Usage: connections.ts [COUNT]
 */
const count = Number(process.argv[2] ?? 100_000);
const file = "/proc/net/ip_vs_conn";
const virtual = { protocol: "tcp", address: "10.1.0.1", port: 80 } as const;
const servers = 10;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function makeConnections(ipvs: KernelIpvs): Promise<void> {
  const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  const service = { kind: "address", ...virtual } as const;
  const commands: Command[] = [{ command: "new-service", service, spec }];
  for (let s = 0; s < servers; s++) {
    const more = { weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null, forward: "nat" as const };
    commands.push({ command: "new-server", service, server: { address: `127.0.1.${s + 1}`, port: 8080, ...more } });
  }
  const refused = (await ipvs.write(commands)).filter((refusal) => refusal !== null);
  if (refused.length > 0) throw new Error(`the kernel refused ${refused.length} rows: ${refused[0]?.message}`);
  startBackup();
  await sendConnections(
    Array.from({ length: count }, (_, i) => ({
      ...{ protocol: 6, state: 1 + (i % 5), timeoutS: 36_000, virtualPort: 80, serverPort: 8080 },
      ...{ client: Uint8Array.of(11, i >> 16, (i >> 8) & 255, i & 255), clientPort: 1024 + (i % 60_000) },
      ...{ virtual: Uint8Array.of(10, 1, 0, 1), server: Uint8Array.of(127, 0, 1, 1 + (i % servers)) },
    })),
  );
  stopBackup();
}

async function runToEnd(command: string): Promise<number> {
  const startedMs = performance.now();
  const [status] = await once(spawn("/bin/sh", ["-c", `(${command}) >/dev/null`], { stdio: "inherit" }), "exit");
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return performance.now() - startedMs;
}

interface Look {
  page: ConnectionPage;
  ms: number;
  /** the longest that the main thread was at work between two turns of a timer */
  busyMs: number;
  /** the longest that a timer came late: also because the one processor had other things to do */
  lateMs: number;
  /** resident memory at its most, over what it was before */
  memoryMiB: number;
}

/** Asks until the whole table was read, as a person does who presses "go on" at once. */
async function look(director: LocalDirector, query: ConnectionQueryInput): Promise<Look> {
  collectGarbage();
  await sleep(100);
  const idle = process.memoryUsage.rss();
  const watch = watchMainThread();
  const startedMs = performance.now();
  const asking = { ...query, budgetMs: longestReadBudgetMs, freshMs: 0 };
  let page = await director.connections(asking);
  while (page.read.state === "paused") {
    page = await director.connections({ ...asking, read: page.read.id, goOn: true });
  }
  const ms = performance.now() - startedMs;
  const { busyMs, lateMs, peak } = watch();
  if (page.read.state !== "complete" || page.read.rowsRead !== count) {
    throw new Error(`${page.read.state} after ${page.read.rowsRead} of ${count} rows`);
  }
  return { page, ms, busyMs, lateMs, memoryMiB: (peak - idle) / 2 ** 20 };
}

interface Watched {
  busyMs: number;
  lateMs: number;
  peak: number;
}

/** A timer that looks at the main thread and the memory; returns what ends it. */
function watchMainThread(): () => Watched {
  // Rarely: there is one processor, and what it costs is missing where the table is read.
  const everyMs = 20;
  const seen: Watched = { busyMs: 0, lateMs: 0, peak: 0 };
  let turns = 0;
  let lastMs = performance.now();
  let last = performance.eventLoopUtilization();
  const turn = () => {
    // What it waits for the processor counts as idle, so that other processes' work is not taken for its own.
    const now = performance.eventLoopUtilization();
    seen.busyMs = Math.max(seen.busyMs, now.active - last.active);
    seen.lateMs = Math.max(seen.lateMs, performance.now() - lastMs - everyMs);
    if (turns++ % 5 === 0) seen.peak = Math.max(seen.peak, process.memoryUsage.rss());
    lastMs = performance.now();
    last = now;
  };
  const timer = setInterval(turn, everyMs);
  return () => {
    clearInterval(timer);
    turns = 0;
    turn();
    return seen;
  };
}

/** A director of its own for each look, so that none holds what another one has read. */
async function lookWith(ipvs: KernelIpvs, query: ConnectionQueryInput): Promise<Look> {
  const director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
  await director.start();
  const seen = await look(director, query);
  await director.stop();
  return seen;
}

const search: ConnectionQueryInput = {
  filter: { client: "11.0.0.0/16", state: ["ESTABLISHED"] },
  sort: "client",
  limit: 100,
};
const everything: ConnectionQueryInput = { filter: {}, group: "client", limit: 500 };

/**
 * The main thread's own work for both looks: the least of many rounds over a copy of the file, because a busy machine takes
 * the only processor away in the middle of any of them, and reading the kernel's file so often would take an hour.
 */
async function mainThreadMs(): Promise<{ search: number; everything: number }> {
  const copy = "/run/bench-proc";
  mkdirSync(`${copy}/net`, { recursive: true });
  await runToEnd(`cat ${file} >${copy}/net/ip_vs_conn`);
  const ipvs = new KernelIpvs(loadAddon(), { procRoot: copy });
  const least = { search: Number.POSITIVE_INFINITY, everything: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 20; round++) {
    least.search = Math.min(least.search, (await lookWith(ipvs, search)).busyMs);
    least.everything = Math.min(least.everything, (await lookWith(ipvs, everything)).busyMs);
  }
  ipvs.close();
  return least;
}

async function main(): Promise<Finding[]> {
  const ipvs = new KernelIpvs(loadAddon());
  await makeConnections(ipvs);
  const cats: number[] = [];
  const searches: Look[] = [];
  // By turns, so that both meet the same minutes of the machine, and for long: a busy one makes the same walk ten times longer.
  const startedMs = performance.now();
  while (cats.length < 3 || (cats.length < 12 && performance.now() - startedMs < 150_000)) {
    cats.push(await runToEnd(`cat ${file}`));
    searches.push(await lookWith(ipvs, search));
  }
  if (searches[0]?.page.rows.length !== Math.min(100, Math.ceil(Math.min(count, 65_536) / 5)))
    throw new Error("not a page");
  const whole = await lookWith(ipvs, everything);
  if (whole.page.groups?.total !== Math.min(count, 100_000)) throw new Error("not every client has a group");
  const listingMs = await runToEnd("ipvsadm -Lnc");
  // Last: what a process once had it may keep, and would not be seen to take.
  const own = await mainThreadMs();
  ipvs.close();

  const searchMs = Math.min(...searches.map(({ ms }) => ms));
  const catMs = Math.min(...cats);
  const searchMiB = Math.max(...searches.map(({ memoryMiB }) => memoryMiB));
  const work = `first page of a filtered search in ${count.toLocaleString("en")} connections`;
  const raw = {
    searchMs: rounded(searchMs, 0),
    catMs: rounded(catMs, 0),
    ipvsadmMs: rounded(listingMs, 0),
    rounds: cats.length,
  };
  return [
    { id: "P4", work: `${work}, against cat of the file`, figure: searchMs / catMs, must: 1.1, unit: "×", raw },
    { id: "P4", work: `${work}, against ipvsadm -Lnc`, figure: searchMs / listingMs, must: 1 / 3, unit: "×", raw },
    {
      id: "P4",
      work: "memory over idle, also with every row held and every client a group",
      figure: Math.max(searchMiB, whole.memoryMiB),
      must: 32,
      unit: "MiB",
      raw: { searchMiB: rounded(searchMiB), everythingMiB: rounded(whole.memoryMiB) },
    },
    {
      id: "P4",
      work: "the longest that the main thread was at work without a turn",
      figure: Math.max(own.search, own.everything),
      must: 20,
      unit: "ms",
      raw: {
        searchMs: rounded(own.search),
        everythingMs: rounded(own.everything),
        timersLateMs: rounded(Math.max(...searches.map(({ lateMs }) => lateMs))),
      },
    },
  ];
}

process.stdout.write(`${JSON.stringify(await main())}\n`);
process.exit(0);
