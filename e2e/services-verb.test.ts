import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectorError } from "#domain/errors";
import { servicesDocumentSchema } from "#domain/services-document";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import { RemoteDirector } from "#server/director/remote";
import { Sampler } from "#server/director/sampler";
import { createDirectorServer } from "#server/director/serve";
import { listenOnSocket } from "#server/director/socket";
import { createLog } from "#server/log";
import { inheritedEnvironment } from "./inherited.ts";
import { type RunningProcess, startProcess } from "./product.ts";

const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));
const isRoot = process.getuid?.() === 0;

let folder: string;
let director: RunningProcess | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "services-verb-"));
  director = null;
});
afterEach(async () => {
  await director?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The command line behind the words of `wrapper`, if any, with its socket in `folder`. */
function begin(args: string[], wrapper: readonly string[] = []): ChildProcess {
  const [program = "", ...words] = [...wrapper, process.execPath, cli, ...args];
  const env = { ...inheritedEnvironment(), RUNTIME_DIR: join(folder, "run"), FORCE_COLOR: "1" };
  return spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const said = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (said.out += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (said.err += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

const run = (args: string[], wrapper: readonly string[] = []) => ended(begin(args, wrapper));

describe("ipvs-console services", () => {
  test("--json is the director's table, and what is listed is all of it, without a colour in a pipe", async () => {
    director = await startProcess("director", folder, { DIRECTOR: "simulated" });
    const json = await run(["services", "--json"]);
    expect(json).toMatchObject({ code: 0, err: "" });
    const document = servicesDocumentSchema.parse(JSON.parse(json.out));
    const remote = new RemoteDirector(join(folder, "run", "director.sock"));
    const [table, status] = await Promise.all([remote.table(), remote.status()]).finally(() => remote.close());
    expect(document.director).toMatchObject({ kind: "simulated", host: status.host, version: status.version });
    expect(new Map(document.services.map(({ id, key, spec }) => [id, { key, spec }]))).toEqual(
      new Map(table.map(({ id, key, spec }) => [id, { key, spec }])),
    );
    const servers = new Map(document.services.flatMap((service) => service.servers.map((each) => [each.id, each])));
    const asked = table.flatMap((service) => service.servers);
    expect(servers.size).toBe(asked.length);
    for (const { id, spec, counters } of asked) {
      const entry = servers.get(id);
      expect(entry?.spec).toEqual(spec);
      expect(BigInt(entry?.counters.inBytes ?? -1)).toBeLessThanOrEqual(BigInt(counters.inBytes));
    }
    expect(BigInt(document.totals.counters.inPackets)).toBeGreaterThan(0n);

    const listed = await run(["services"]);
    expect(listed).toMatchObject({ code: 0, err: "" });
    expect(listed.out).not.toContain("\u001b");
    expect(listed.out).toMatch(/^Simulated: /);
    const lines = listed.out.split("\n");
    for (const { id } of asked)
      expect(
        lines.some((line) => line.startsWith(`  -> ${id.split(">")[1]} `)),
        id,
      ).toBe(true);
    expect(lines.some((line) => /^TCP {2}\[2001:db8::80\]:80 +Up 3\/3 +wlc /.test(line))).toBe(true);
  });

  test("a table larger than a pipe arrives whole, and a reader that has seen enough is no failure", async () => {
    director = await startProcess("director", folder, { DIRECTOR: "simulated", SIMULATED_TABLE: "300x10" });
    const whole = await run(["services", "--json"]);
    expect(whole.code).toBe(0);
    expect(whole.out.length).toBeGreaterThan(1_000_000);
    expect(servicesDocumentSchema.parse(JSON.parse(whole.out)).services).toHaveLength(300);
    const child = begin(["services", "--json"]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    let said = "";
    child.stderr?.on("data", (chunk) => (said += chunk));
    const [code] = (await once(child, "exit")) as [number | null];
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  test("no director: 1, and what to do; a dead one's socket is the same", async () => {
    const socket = join(folder, "run", "director.sock");
    const expected = `ipvs-console services: No director answers on ${socket}. Start one (ipvs-console start), or say where it is with --runtime-dir.\n`;
    expect(await run(["services"])).toEqual({ code: 1, out: "", err: expected });
    const dead = await startProcess("director", folder, { DIRECTOR: "simulated" });
    const gone = once(dead.child, "exit");
    dead.child.kill("SIGKILL");
    await gone;
    expect(await run(["services", "--json"])).toEqual({ code: 1, out: "", err: expected });
  });

  test("a socket that may not be opened: 1, and who may", async () => {
    director = await startProcess("director", folder, { DIRECTOR: "simulated" });
    const runtimeDir = join(folder, "run");
    const gid = 3_456_789;
    if (isRoot) chownSync(runtimeDir, 3_456_788, gid);
    else chmodSync(runtimeDir, 0);
    // Root passes everywhere, unless it has let go of what makes it so.
    const bounds = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"];
    const refused = await run(["services"], isRoot ? bounds : []);
    chmodSync(runtimeDir, 0o750);
    if (isRoot) chownSync(runtimeDir, 0, 0);
    expect(refused).toMatchObject({ code: 1, out: "" });
    const who = isRoot ? `root or as a member of group ${gid}` : "root";
    expect(refused.err).toContain(`director.sock may not be opened: run this as ${who}`);
  });

  test("a director that has no table says why", async () => {
    const subject = await simulatedSubject();
    const sampler = new Sampler({
      ipvs: {
        snapshot: () => Promise.reject(new DirectorError("NOT_AVAILABLE")),
        totals: () => subject.ipvs.totals(),
      },
      ...{ sampleMs: 1000, monotonicMs: () => performance.now(), wallMs: () => Date.now(), drainedWeight: () => null },
    });
    const server = createDirectorServer(subject.director, sampler, createLog("director", "silent"));
    mkdirSync(join(folder, "run"));
    await listenOnSocket(server, join(folder, "run", "director.sock"));
    try {
      const refused = await run(["services"]);
      expect(refused).toMatchObject({ code: 1, out: "" });
      expect(refused.err).toBe(
        "ipvs-console services: IPVS is not available on this host: the kernel module ip_vs is not loaded.\n",
      );
    } finally {
      sampler.stop();
      server.closeAllConnections();
      server.close();
      await subject.close();
    }
  });

  test.each([
    ["a flag that is not there", ["services", "--jsno"], "Unknown option '--jsno'. See ipvs-console services --help."],
    ["a word too many", ["services", "web"], "Unexpected argument 'web'."],
    ["a flag without its value", ["services", "--runtime-dir"], "Option '--runtime-dir <value>' argument missing."],
    ["a value that is no folder", ["services", "--runtime-dir", "run"], 'RUNTIME_DIR is "run"; it must be'],
    ["a verb that is not there", ["servces"], 'there is no "servces"'],
    ["a verb that only looks like one", ["constructor"], 'there is no "constructor"'],
  ])("%s: 2, and a sentence", async (_, args, sentence) => {
    const refused = await run(args);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain(sentence);
    expect(refused.err).not.toMatch(/\n\s+at /);
  });

  test("help is on standard output: of all verbs, and of this one", async () => {
    const [all, own] = await Promise.all([run(["help"]), run(["services", "--help"])]);
    expect(all).toMatchObject({ code: 0, err: "" });
    for (const verb of ["start", "director", "web", "services"])
      expect(all.out).toMatch(new RegExp(`^ {2}${verb} `, "m"));
    expect(own).toMatchObject({ code: 0, err: "" });
    for (const flag of ["--json", "--runtime-dir", "--state-dir", "--help"]) expect(own.out).toContain(flag);
  });
});
