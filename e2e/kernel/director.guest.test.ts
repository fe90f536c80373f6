/** The contract of a director, asked of the one over this guest's own kernel. */
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadAddon } from "#server/director/addon";
import { directorContract } from "#server/director/contract";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { addServer, addService, http, setWeight, web1 } from "#server/director/contract/samples";
import { refusal, type Subject } from "#server/director/contract/subject";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";

const run = promisify(execFile);

beforeAll(async () => {
  await run("ip", ["link", "add", "eth0", "type", "veth", "peer", "name", "eth1"]);
  await run("ip", ["addr", "add", "10.77.0.1/24", "dev", "eth0"]);
  await run("ip", ["link", "set", "eth0", "up"]);
  await run("ip", ["link", "set", "eth1", "up"]);
});

afterAll(async () => {
  await run("ip", ["link", "delete", "eth0"]);
});

/** Back to an empty table, no daemon and the usual timeouts, whatever ran here before. */
async function reset(ipvs: KernelIpvs): Promise<void> {
  for (const { role } of await ipvs.daemons()) await ipvs.stopDaemon(role);
  await ipvs.write([{ command: "flush" }]);
  await ipvs.setTimeouts({ tcpS: 900, tcpFinS: 120, udpS: 300 });
}

async function kernelSubject(): Promise<Subject> {
  const ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  await reset(ipvs);
  const folder = mkdtempSync(join(tmpdir(), "kernel-director-"));
  return {
    director: new LocalDirector({ ipvs, drained: new MemoryDrainedWeights(), bootFile: join(folder, "boot.rules") }),
    outside: async (commands) => {
      const refused = (await ipvs.write(commands)).find((refusal) => refusal !== null);
      if (refused) throw new Error(`${refused.code}: ${refused.message}`);
    },
    traffic: async (service) => {
      const socket = createSocket("udp4");
      // Nobody listens behind the service, and the kernel says so to the sender.
      socket.on("error", () => {});
      const counted = async () => ((await ipvs.service(service)).counters[0] ?? 0n) > 0n;
      for (let tries = 0; tries < 40 && !(await counted()); tries++) {
        socket.send("anyone?", service.port, service.address);
        await pause(250);
      }
      socket.close();
    },
    close: async () => {
      await reset(ipvs);
      ipvs.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

directorContract("kernel", kernelSubject);

/** Every kind of call, so that none of them answers with a table that it made up. */
const calls: [string, (director: LocalDirector) => Promise<unknown>][] = [
  ["status", (director) => director.status()],
  ["table", (director) => director.table()],
  ["service", (director) => director.service(http)],
  ["apply", (director) => director.apply([addService(http)])],
  ["zero", (director) => director.zero(null)],
  ["clear", (director) => director.clear()],
  ["connections", (director) => director.connections({ filter: {} })],
  ["timeouts", (director) => director.timeouts()],
  ["setTimeouts", (director) => director.setTimeouts({ tcpS: 1, tcpFinS: 1, udpS: 1 })],
  ["daemons", (director) => director.daemons()],
  ["startDaemon", (director) => director.startDaemon({ role: "backup", interface: "eth0", syncId: 0 })],
  ["stopDaemon", (director) => director.stopDaemon("backup")],
];

async function codesOf(director: LocalDirector): Promise<Record<string, string>> {
  const codes: Record<string, string> = {};
  for (const [name, call] of calls) codes[name] = (await refusal(call(director))).code;
  return codes;
}

const allOf = (code: string) => Object.fromEntries(calls.map(([name]) => [name, code]));

async function unloadIpvs(): Promise<void> {
  const loaded = (await readFile("/proc/modules", "latin1")).match(/^ip_vs\S*/gm) ?? [];
  // The schedulers and engines stand on ip_vs itself.
  for (const name of loaded.filter((each) => each !== "ip_vs")) await run("rmmod", [name]);
  await run("rmmod", ["ip_vs"]);
}

test("without the right to it every call is NOT_PERMITTED, and nothing is done", async () => {
  const { director, close } = await kernelSubject();
  await director.apply([addService(http), addServer(http, web1)]);
  process.seteuid?.("nobody");
  try {
    const ipvs = new KernelIpvs(loadAddon());
    const director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
    expect(await codesOf(director)).toEqual(allOf("NOT_PERMITTED"));
    expect(await refusal(director.setSysctl("drop_entry", "1"))).toMatchObject({ code: "SYSCTL_NOT_PERMITTED" });
    expect((await director.sysctls()).find(({ name }) => name === "drop_entry")?.value).toBe("0");
    ipvs.close();
  } finally {
    process.seteuid?.(0);
  }
  expect((await director.service(http)).servers).toHaveLength(1);
  await close();
});

test("after its module is unloaded every call is NOT_AVAILABLE, until it is loaded again", async () => {
  const { director, close } = (await kernelSubject()) as Subject & { director: LocalDirector };
  await director.apply([addService(http)]);
  await director.clear();
  const modprobe = await readFile("/proc/sys/kernel/modprobe", "latin1");
  await writeFile("/proc/sys/kernel/modprobe", "/bin/false");
  try {
    await unloadIpvs();
    expect(await codesOf(director)).toEqual(allOf("NOT_AVAILABLE"));
    expect(await refusal(director.sysctls())).toMatchObject({ code: "NOT_AVAILABLE" });
    expect(await refusal(director.setSysctl("drop_entry", "1"))).toMatchObject({ code: "NOT_AVAILABLE" });
  } finally {
    await writeFile("/proc/sys/kernel/modprobe", modprobe.trim());
    await run(modprobe.trim(), ["ip_vs"]);
  }
  await director.apply([addService(http), addServer(http, web1), setWeight(http, web1, 5)]);
  expect((await director.service(http)).servers.map(({ spec }) => spec.weight)).toEqual([5]);
  await close();
});
