/**
 * Seven hundred lines through the real `ipvsadm -R` and through ours: the same verdict, and the same
 * table after each that is taken. A seed of one's own comes in with `KERNEL_ENV=DIFFERENTIAL_SEED`.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endpoint } from "#domain/endpoint";
import { parseRules } from "#domain/rules/parse";
import type { PlainTable } from "#domain/rules/plain-table";
import { planRules, type Setting } from "#domain/rules/plan";
import { resolveNames } from "#domain/rules/resolve";
import { applyPlan } from "#domain/rules/table-model";
import { formatTable } from "#domain/rules/table-text";
import { IpvsadmSession, inAnyOrder, toldTable, withoutOurExceptions } from "./ipvsadm.ts";
import { base, corpusOf, differences } from "./rules-corpus.ts";

const run = promisify(execFile);
const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2_147_483_647));
const corpus = corpusOf(seed);
/** As the guest's /etc/hosts and /etc/services have them; all else is unknown there too. */
const hosts: Record<string, string> = { localhost: "127.0.0.1" };
const ports: Record<string, number> = { "http/tcp": 80, "domain/udp": 53, "domain/tcp": 53 };
const names = {
  host: (name: string) => hosts[name] ?? null,
  port: (name: string, protocol: string) => ports[`${name}/${protocol}`] ?? null,
};

beforeAll(async () => {
  console.log(`DIFFERENTIAL_SEED=${seed}`);
  await run("ip", ["link", "add", "eth0", "type", "veth", "peer", "name", "eth1"]);
  await run("ip", ["addr", "add", "10.77.0.1/24", "dev", "eth0"]);
  await run("ip", ["link", "set", "eth0", "up"]);
  await run("ip", ["link", "set", "eth1", "up"]);
});

afterAll(async () => {
  for (const role of ["master", "backup"]) await run("ipvsadm", ["--stop-daemon", role]).catch(() => {});
  await run("ipvsadm", ["--set", "900", "120", "300"]);
  await run("ipvsadm", ["-C"]);
  await run("ip", ["link", "delete", "eth0"]);
});

interface Ours {
  accepted: boolean;
  /** what was said of the line, or what the kernel would say */
  codes: string[];
  table: PlainTable;
  settings: Setting[];
  /** false: it only prints, or is nothing at all */
  changes: boolean;
}

const baseTable = ours(base, []).table;

function ours(line: string, table: PlainTable): Ours {
  const { statements, problems } = parseRules(line);
  const resolved = resolveNames(statements, names);
  const plan = planRules(table, resolved.statements, "run");
  const codes = [...problems, ...resolved.problems, ...plan.refusals].map(({ code }) => code);
  return {
    accepted: codes.length === 0,
    codes,
    table:
      codes.length > 0
        ? table
        : applyPlan(
            table,
            plan.changes.map(({ change }) => change),
          ),
    settings: plan.settings.map(({ setting }) => setting),
    changes: statements.length > 0,
  };
}

const judged = corpus.map((line) => ({ line, ...ours(line, baseTable) }));

/** What one shell prints that gets these lines one after the other: it starts ipvsadm many times, and Node would be slow to fork. */
async function shell(script: string, lines: readonly string[]): Promise<string> {
  const child = spawn("sh", ["-c", script], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, BASE: `-C\n${base}` },
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  await once(child, "close");
  return out;
}

/** The exit status of an `ipvsadm -R` of its own for each line, on the base. */
async function statusesOf(lines: readonly string[]): Promise<number[]> {
  const script = `restore() { printf '%s' "$BASE" | ipvsadm -R; }
restore
while IFS= read -r line; do
  ipvsadm -R >/dev/null 2>&1 <<END
$line
END
  status=$?
  echo $status
  if [ $status = 0 ]; then restore; fi
done`;
  return (await shell(script, lines)).trim().split("\n").map(Number);
}

/** The exit status of each line and what `-L --daemon` prints after it; then the daemons are stopped again. */
async function daemonsOf(lines: readonly string[]): Promise<string[]> {
  const script = `while IFS= read -r line; do
  case "$line" in --stop-daemon*) ipvsadm --start-daemon "$(echo "$line" | cut -d " " -f 2)" --mcast-interface eth0 ;; esac
  printf '%s\\n' "$line" | ipvsadm -R >/dev/null 2>&1
  echo "= $?"
  ipvsadm -L --daemon
  ipvsadm --stop-daemon master
  ipvsadm --stop-daemon backup
done`;
  return (await shell(script, lines)).split(/^= /m).slice(1);
}

test("what we refuse ipvsadm refuses too: its own check, its parser, the kernel, or a crash", {
  timeout: 120_000,
}, async () => {
  const refused = judged.filter(({ accepted }) => !accepted);
  const statuses = await statusesOf(refused.map(({ line }) => line));
  expect(statuses).toHaveLength(refused.length);
  expect(refused.filter((_each, at) => statuses[at] === 0).map(({ line, codes }) => [line, codes])).toEqual([]);
  // 2 and 255 are its own, 139 is a crash.
  expect([...new Set(statuses)].sort()).toEqual([139, 2, 255]);
  console.log(`${refused.length} lines refused by both`);
  expect(refused.length).toBeGreaterThan(300);
});

/** The status of a line that does this, and `-L --daemon` after it, the kernel's choices for an interface of 1500 bytes filled in. */
function daemonsAfter(setting: Setting | undefined): string {
  if (setting?.command !== "start-daemon") return "0\n";
  const {
    role,
    interface: name,
    syncId,
    maxLength = 1472,
    group = "224.0.0.81",
    port = 8848,
    ttl = 1,
  } = setting.daemon;
  const rest = `syncid=${syncId}, maxlen=${maxLength}, group=${group}, port=${port}, ttl=${ttl}`;
  return `0\n${role} sync daemon (mcast=${name}, ${rest})\n`;
}

const isAboutDaemons = ({ settings }: Ours) => settings.some(({ command }) => command !== "set");

test("the daemons that we take a line for are those that ipvsadm starts", { timeout: 120_000 }, async () => {
  const lines = judged.filter((each) => each.accepted && isAboutDaemons(each));
  const told = await daemonsOf(lines.map(({ line }) => line));
  const wanted = lines.map(({ line, settings }) => [line, daemonsAfter(settings[0])]);
  expect(lines.map(({ line }, at) => [line, told[at]])).toEqual(wanted);
});

function timeoutsAfter(settings: readonly Setting[]): string {
  const [tcp, fin, udp] = settings.reduce(
    (before, setting) => {
      if (setting.command !== "set") return before;
      const { tcpS, tcpFinS, udpS } = setting.timeouts;
      return [tcpS || before[0], tcpFinS || before[1], udpS || before[2]] as const;
    },
    [900, 120, 300] as readonly [number, number, number],
  );
  return `${tcp} ${fin} ${udp}`;
}

test("what we take ipvsadm takes too, and the table and the timeouts are the same", { timeout: 120_000 }, async () => {
  const accepted = judged.filter((each) => each.accepted && !isAboutDaemons(each));
  const session = new IpvsadmSession();
  for (const { line, table, settings, changes } of accepted) {
    expect(await session.ask(`-C\n--set 900 120 300\n${base}`), base).toBe("");
    const said = await session.ask(`${line}\n`);
    if (!changes) continue;
    expect(said, line).toBe("");
    const { rules, thresholds } = toldTable(await session.ask("-S -n\n-L -n --thresholds\n"));
    expect(inAnyOrder(rules), line).toEqual(inAnyOrder(withoutOurExceptions(formatTable(table))));
    const wanted = table.flatMap(({ servers }) =>
      servers.flatMap(({ spec: { address, port, upperThreshold, lowerThreshold } }) =>
        upperThreshold || lowerThreshold ? [`${endpoint(address, port)} ${upperThreshold} ${lowerThreshold}`] : [],
      ),
    );
    expect(thresholds.sort(), line).toEqual(wanted.sort());
    expect(session.timeouts, line).toBe(timeoutsAfter(settings));
  }
  await session.close();
  console.log(`${accepted.length} lines taken by both`);
  expect(accepted.length).toBeGreaterThan(200);
});

test("each deliberate difference is one", async () => {
  const statuses = await statusesOf(differences.map(([line]) => line));
  const verdicts = differences.map(([line], at) => [line, ours(line, baseTable).accepted, statuses[at] === 0]);
  expect(verdicts.filter(([, one, other]) => one === other)).toEqual([]);
  expect(corpus.filter((line) => differences.some(([other]) => other === line))).toEqual([]);
});
