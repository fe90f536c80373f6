import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { loadAddon } from "#server/director/addon";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { directorNodeFlags } from "#server/director/node-flags";
import { NameBook } from "#server/names";
import { applyPlanned, planNow, rulesOf } from "#server/rules/apply-text";
import { openDirectorStore } from "#server/store/director-store";
import { type Finding, median, rounded } from "./statistics.ts";

/**
 * What rule text costs on the real kernel: P2 and P3 of the table of targets. A kernel that deleted ten thousand servers a
 * minute ago is slower at making new ones, so each of the two restores has a guest of its own, right after its boot:
 * `rules.ts ipvsadm` prints how long `ipvsadm -R` takes, `rules.ts console MS` our part and the findings. In both guests the
 * scheduler's module is there already: loading it is modprobe's work, a tenth of a second or more that both would pay once.
 */
const run = promisify(execFile);
const services = 1000;
const serversEach = 10;
const file = "/run/bench.rules";
const warmRounds = 8;

/** In the order and spelling of ipvsadm -S -n. */
function rulesText(): string {
  const lines: string[] = [];
  for (let s = 0; s < services; s++) {
    const service = `-u 10.1.${s >> 8}.${s & 255}:80`;
    lines.push(`-A ${service} -s rr`);
    for (let d = 0; d < serversEach; d++) lines.push(`-a ${service} -r 127.0.1.${d + 1}:${8000 + (s & 255)} -m -w 1`);
  }
  return `${lines.join("\n")}\n`;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const startedMs = performance.now();
  const value = await work();
  return { ms: performance.now() - startedMs, value };
}

async function restoreWithIpvsadm(): Promise<number> {
  writeFileSync(file, rulesText());
  const { ms } = await timed(() => run("/bin/sh", ["-c", `ipvsadm -R < ${file}`]));
  return ms;
}

async function measure(ipvsadmMs: number): Promise<Finding[]> {
  const ipvs = new KernelIpvs(loadAddon());
  let writes = 0;
  const write = ipvs.write.bind(ipvs);
  ipvs.write = (commands) => {
    writes += commands.length;
    return write(commands);
  };
  mkdirSync("/run/bench", { recursive: true });
  const store = await openDirectorStore("/run/bench/director.sqlite", {
    error: (details: unknown) => console.error(details),
  });
  const director = new LocalDirector({ ipvs, drained: store.drainedWeights("kernel"), memory: store.memory("kernel") });
  await director.start();
  const book = new NameBook();
  const text = rulesText();
  // A director that has run for a while has compiled its code and walked through all of its young generation.
  for (let round = 0; round < warmRounds; round++) await planNow(director, text, "run", book);

  let planMs = 0;
  const restore = await timed(async () => {
    const planned = await timed(() => planNow(director, text, "run", book));
    planMs = planned.ms;
    return applyPlanned(director, planned.value, { by: { name: "bench", source: "command-line" }, jobId: "bench" });
  });
  if (rulesOf(await director.table()).text !== text) throw new Error("the table is not what was restored");

  for (let i = 0; i < 5; i++) await ipvs.snapshot();
  const snapshots: number[] = [];
  const replaces: number[] = [];
  let written = 0;
  for (let round = 1 - warmRounds; round <= 9; round++) {
    let changed = 0;
    const next = text.replace(/(-r 127\.0\.1\.3:\d+ -m -w )1/g, (line, head: string) =>
      changed++ < 10 ? `${head}${round + warmRounds + 1}` : line,
    );
    writes = 0;
    // A page or a program names the table that it asks for (its tag), and asks when what the one before left to do is done.
    const { tag } = await director.plainTable();
    await director.revisions({ limit: 1 });
    // By turns, so that both meet the same moment of the machine.
    const snapshot = await timed(() => ipvs.snapshot());
    const replace = await timed(async () => {
      const plan = await planNow(director, next, "replace", book, tag);
      return applyPlanned(director, plan, { by: { name: "bench", source: "command-line" } });
    });
    written = writes;
    if (round < 1) continue;
    snapshots.push(snapshot.ms);
    replaces.push(replace.ms);
  }
  const snapshotMs = median(snapshots);
  await director.stop();
  await store.close();
  ipvs.close();
  return [
    {
      id: "P2",
      work: "restore of 11,000 rules into an empty table, against ipvsadm -R",
      figure: restore.ms / ipvsadmMs,
      must: 1 / 15,
      unit: "×",
      raw: { restoreMs: rounded(restore.ms), planMs: rounded(planMs), ipvsadmMs: rounded(ipvsadmMs) },
    },
    {
      id: "P3",
      work: "kernel writes of a replace that differs in 10 servers",
      figure: written,
      must: 10,
      unit: "",
      raw: { written },
    },
    {
      id: "P3",
      work: "the same, against one snapshot",
      figure: median(replaces) / snapshotMs,
      must: 2,
      unit: "×",
      raw: { replaceMs: rounded(median(replaces)), snapshotMs: rounded(snapshotMs) },
    },
  ];
}

/** Once more, as the product starts its director. */
function asDirector(): void {
  const args = [...directorNodeFlags, ...process.argv.slice(1)];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  process.exit(status ?? 1);
}

const [what, ms] = process.argv.slice(2);
if (what === "console" && process.execArgv.length === 0) asDirector();
if (what === "ipvsadm") process.stdout.write(`[${await restoreWithIpvsadm()}]\n`);
else process.stdout.write(`${JSON.stringify(await measure(Number(ms)))}\n`);
process.exit(0);
