import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Command } from "#domain/batch/command";
import { loadAddon } from "#server/director/addon";
import { KernelIpvs } from "#server/director/kernel";
import { ConsoleClient } from "../console-client.ts";
import { setUp, setupLinkIn } from "../people.ts";
import { startProcess } from "../product.ts";
import { type Finding, mean, median, rounded } from "./statistics.ts";
import { servicesPage, TabClient } from "./tab-client.ts";

/**
 * What is measured on the real kernel, inside the guest, in one run: P1, P5, P6, P10 of the table of targets.
 * The last line on standard output is the findings as JSON. Usage: guest.ts FLOOR_PROGRAM
 */
const run = promisify(execFile);
const services = 1000;
const serversEach = 10;
const serviceAddress = (s: number) => `10.1.${s >> 8}.${s & 255}`;

async function fillTable(ipvs: KernelIpvs): Promise<void> {
  const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  const commands: Command[] = [];
  for (let s = 0; s < services; s++) {
    const service = { kind: "address", protocol: "udp", address: serviceAddress(s), port: 80 } as const;
    commands.push({ command: "new-service", service, spec });
    for (let d = 0; d < serversEach; d++) {
      const server = { address: `127.0.1.${d + 1}`, port: 8000 + (s & 255), forward: "nat" as const };
      const rest = { weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null };
      commands.push({ command: "new-server", service, server: { ...server, ...rest } });
    }
  }
  const refused = (await ipvs.write(commands)).filter((refusal) => refusal !== null);
  if (refused.length > 0) throw new Error(`the kernel refused ${refused.length} rows: ${refused[0]?.message}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Rounds of both by turns, so that both meet the same minute of the machine. */
async function measureP1(ipvs: KernelIpvs, floorProgram: string): Promise<Finding[]> {
  const snapshots: number[] = [];
  const floors: number[] = [];
  for (let i = 0; i < 5; i++) await ipvs.snapshot();
  for (let round = 0; round < 15; round++) {
    snapshots.push(await timed(() => ipvs.snapshot()));
    floors.push((JSON.parse((await run(floorProgram, ["1"])).stdout) as { ms: number }).ms);
  }
  const listings: number[] = [];
  for (let round = 0; round < 5; round++) {
    listings.push(await timed(() => run("ipvsadm", ["-Ln", "--stats"], { maxBuffer: 64 * 1024 * 1024 })));
  }
  const raw = {
    snapshotMs: rounded(median(snapshots)),
    floorMs: rounded(median(floors)),
    ipvsadmMs: rounded(median(listings)),
  };
  const work = "snapshot of 1,000 services × 10 servers";
  return [
    {
      id: "P1",
      work: `${work}, against receiving it undecoded`,
      figure: raw.snapshotMs / raw.floorMs,
      must: 1.3,
      unit: "×",
      raw,
    },
    {
      id: "P1",
      work: `${work}, against ipvsadm -Ln --stats`,
      figure: raw.snapshotMs / raw.ipvsadmMs,
      must: 0.25,
      unit: "×",
      raw,
    },
  ];
}

/** UDP to services drawn by chance: bounded by the caller's stop(). */
function startTraffic(packetsPerBurst: number, everyMs: number): () => void {
  let draw = 7;
  const timer = setInterval(() => {
    const socket = createSocket("udp4");
    let left = packetsPerBurst;
    for (let i = 0; i < packetsPerBurst; i++) {
      draw = (draw * 1_103_515_245 + 12_345) & 0x7fffffff;
      socket.send("x", 80, serviceAddress(draw % services), () => --left === 0 && socket.close());
    }
  }, everyMs);
  return () => clearInterval(timer);
}

const warmUpMs = 20_000;
const measuredMs = 30_000;

async function main(floorProgram: string): Promise<void> {
  await run("ip", ["route", "add", "local", "10.1.0.0/16", "dev", "lo"]);
  const ipvs = new KernelIpvs(loadAddon());
  await fillTable(ipvs);
  const findings = await measureP1(ipvs, floorProgram);

  const folder = "/run/bench";
  const director = await startProcess("director", folder, { DIRECTOR: "kernel" });
  const web = await startProcess("web", folder, { LISTEN: "127.0.0.1:3000" });
  const client = new ConsoleClient("http://127.0.0.1:3000");
  await setUp(client, setupLinkIn(join(folder, "state")));
  const stopTraffic = startTraffic(60, 150);

  const measure = async () => {
    await sleep(warmUpMs);
    const from = { director: director.samples.length, web: web.samples.length };
    await sleep(measuredMs);
    return { director: director.samples.slice(from.director), web: web.samples.slice(from.web) };
  };
  const first = new TabClient(client, servicesPage);
  const seenBefore = () => first.events.length;
  await sleep(warmUpMs);
  const from = seenBefore();
  const one = await measure();
  const events = first.events.slice(from).filter(({ event }) => event.values);
  const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
  const changedRows = events.reduce((sum, { event }) => sum + (event.values?.length ?? 0), 0);

  const tabs = Array.from({ length: 49 }, () => new TabClient(client, servicesPage));
  const fifty = await measure();
  stopTraffic();
  const idle = tabs.filter((tab) => tab.events.length === 0).length;
  if (idle > 0) throw new Error(`${idle} of 49 tabs saw nothing`);
  const [directorStopMs, webStopMs] = await Promise.all([director.stop(), web.stop()]);
  first.close();
  for (const tab of tabs) tab.close();

  const cpu = (samples: { cpuMs: number }[]) => mean(samples.map(({ cpuMs }) => cpuMs));
  const busy = (samples: { busyMs: number }[]) => median(samples.map(({ busyMs }) => busyMs));
  const perSecond = (samples: unknown[]) => (samples.length * 1000) / measuredMs;
  findings.push(
    {
      id: "P5",
      work: "bytes per visible row that changed",
      figure: bytes / changedRows,
      must: 64,
      unit: "B",
      raw: { bytes, changedRows, events: events.length },
    },
    {
      id: "P5",
      work: "main thread of web per sample, one browser",
      figure: busy(one.web),
      must: 10,
      unit: "ms",
      raw: { samples: one.web.length, rowsMoved: rounded(mean(one.web.map(({ rows }) => rows))) },
    },
    {
      id: "P5",
      work: "main thread of director per sample",
      figure: busy(one.director),
      must: 15,
      unit: "ms",
      raw: { samples: one.director.length, publishMs: rounded(median(one.director.map(({ mainMs }) => mainMs ?? 0))) },
    },
    {
      id: "P6",
      work: "kernel snapshots a second with 50 browsers",
      figure: perSecond(fifty.director),
      must: 1.05,
      unit: "/s",
      raw: { one: rounded(perSecond(one.director), 2), fifty: rounded(perSecond(fifty.director), 2) },
    },
    {
      id: "P6",
      work: "director CPU with 50 browsers against one",
      figure: cpu(fifty.director) / cpu(one.director),
      must: 1.2,
      unit: "×",
      raw: {
        oneCpuMs: rounded(cpu(one.director)),
        fiftyCpuMs: rounded(cpu(fifty.director)),
        fiftyWebMainMs: rounded(busy(fifty.web)),
      },
    },
    {
      id: "P10",
      work: "both processes gone after SIGTERM, 50 streams open",
      figure: Math.max(directorStopMs, webStopMs) / 1000,
      must: 2,
      unit: "s",
      raw: { directorMs: rounded(directorStopMs), webMs: rounded(webStopMs) },
    },
  );
  ipvs.close();
  process.stdout.write(`${JSON.stringify(findings)}\n`);
  process.exit(0);
}

await main(process.argv[2] ?? "floor");
