import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionsDocument } from "#domain/connections-document";
import { RemoteDirector } from "#server/director/remote";
import { inheritedEnvironment } from "./inherited.ts";
import { type RunningProcess, startProcess } from "./product.ts";

const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));

let folder: string;
let director: RunningProcess | null;
let remote: RemoteDirector;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connections-verb-"));
  director = null;
  remote = new RemoteDirector(join(folder, "run", "director.sock"));
});
afterEach(async () => {
  await remote.close();
  await director?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (more: Record<string, string> = {}) => {
  director = await startProcess("director", folder, { DIRECTOR: "simulated", SIMULATED_CONNECTIONS: "3000", ...more });
};

function begin(args: string[]): ChildProcess {
  const env = { ...inheritedEnvironment(), RUNTIME_DIR: join(folder, "run"), FORCE_COLOR: "1" };
  return spawn(process.execPath, [cli, "connections", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = begin(args);
  const said = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (said.out += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (said.err += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

describe("ipvs-console connections", () => {
  test("lists the director's connections, filtered, and counts them by what they share", async () => {
    await start();
    const [json, listed, grouped] = await Promise.all([
      run("--virtual", "192.0.2.10:80", "--sort", "client", "--limit", "700", "--json"),
      run("--virtual", "192.0.2.10:80", "--state", "ESTABLISHED,TIME_WAIT", "--limit", "3"),
      run("--group", "virtual", "--limit", "2"),
    ]);
    expect([json.err, listed.err, grouped.err]).toEqual(["", "", ""]);
    const { read, connections, groups } = JSON.parse(json.out) as ConnectionsDocument;
    expect(read).toMatchObject({ state: "complete" });
    expect(connections).toHaveLength(Math.min(700, read.matched));
    expect(connections.length).toBeGreaterThan(500);
    expect(new Set(connections.map(({ virtual }) => `${virtual.address}:${virtual.port}`))).toEqual(
      new Set(["192.0.2.10:80"]),
    );
    expect(groups).toBeNull();
    const lines = listed.out.split("\n");
    expect(lines[1]).toMatch(/^pro +expire +state +source +virtual +destination$/);
    for (const line of lines.slice(2, 5))
      expect(line).toMatch(/^TCP +\d\d:\d\d +(ESTABLISHED|TIME_WAIT) +198\.1[89]\./);
    expect(lines[5]).toMatch(/^3 of [\d,]+ shown; --limit shows more$/);
    expect(grouped.out).toMatch(/connections +share +virtual\n +[\d,]+ +\d+\.\d % +192\.0\.2\.10:80\n/);
    expect(grouped.out).toMatch(/2 of 1\d groups shown/);
  });

  test("shows templates apart", async () => {
    await start();
    const { out } = await run("--templates", "--virtual", "192.0.2.10:443", "--limit", "1");
    expect(out).toMatch(/ASSURED +198\.1[89]\.\d+\.\d+:0 +192\.0\.2\.10:443 +192\.0\.2\.3\d:443 +\d+\n/);
  });

  test("Ctrl-C ends the reading too: the director goes on to the next one", async () => {
    await start({ SIMULATED_ROWS_PER_SECOND: "100" });
    const child = begin(["--client", "198.18.0.0/16"]);
    const filter = { client: "198.18.0.0/16" };
    // It is under way once somebody who asks for the same shares it.
    await vi.waitFor(
      async () => {
        const { read } = await remote.connections({ filter, limit: 0, budgetMs: 10, group: null });
        expect(read.state).toBe("reading");
      },
      { timeout: 20_000 },
    );
    const ended = once(child, "close");
    child.kill("SIGINT");
    await ended;
    await vi.waitFor(async () => {
      const { read } = await remote.connections({ filter, limit: 0, budgetMs: 10 });
      expect(read.state).toBe("paused");
    });
  });

  test("a director that is not there: 1, and what to do", async () => {
    const { code, out, err } = await run();
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^ipvs-console connections: No director answers on .*director\.sock\. Start one/);
  });

  test.each([
    [["--client", "nowhere"], '--client is "nowhere"; it must be an address, a network or a port'],
    [["--server", "10.0.0.1/33"], '--server is "10.0.0.1/33"; it must be an address'],
    [["--state", "open"], '--state is "open"; it must be names of states'],
    [["--protocol", "tcp,icmp"], '--protocol is "tcp,icmp"; it must be tcp, udp, sctp, ip.'],
    [["--group", "weight"], '--group is "weight"; it must be client, client-net,'],
    [["--sort", "age"], '--sort is "age"; it must be client, virtual,'],
    [["--origin", "here"], '--origin is "here"; it must be local, sync or any.'],
    [["--limit", "0"], '--limit is "0"; it must be a whole number from 1 to 200000.'],
    [["--limit", "many"], '--limit is "many"; it must be'],
    [["--vip", "10.0.0.1"], "Unknown option '--vip'."],
    [["192.0.2.10"], "Unexpected argument '192.0.2.10'."],
  ])("%j: 2, and a sentence", async (args, sentence) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(sentence);
  });

  test("says with --help what it takes", async () => {
    const { code, out, err } = await run("--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const flag of [
      "--client",
      "--state",
      "--templates",
      "--group",
      "--sort",
      "--limit",
      "--json",
      "--runtime-dir",
    ])
      expect(out).toContain(flag);
  });
});
