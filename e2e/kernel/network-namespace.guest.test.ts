/** A director of another network namespace than the one that it is started in: `--netns`. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addService, http } from "#server/director/contract/samples";
import { RemoteDirector } from "#server/director/remote";
import { type RunningProcess, startProcess } from "../product.ts";

const name = "router";
const path = `/run/netns/${name}`;
const cli = fileURLToPath(new URL("../../server/cli.mjs", import.meta.url));
const rules = (...inside: string[]) => {
  const [program = "", ...args] = [...inside, "ipvsadm", "-Sn"];
  return execFileSync(program, args, { encoding: "utf8" });
};
const there = ["ip", "netns", "exec", name];

let folder: string;
beforeAll(() => {
  execFileSync("ip", ["netns", "add", name]);
  execFileSync("ip", ["link", "add", "inside0", "netns", name, "type", "veth", "peer", "name", "outside0"]);
  execFileSync("ip", ["-n", name, "addr", "add", "10.79.0.1/24", "dev", "inside0"]);
  for (const device of ["lo", "inside0"]) execFileSync("ip", ["-n", name, "link", "set", device, "up"]);
  execFileSync("ip", ["link", "set", "outside0", "up"]);
});
afterAll(() => void execFileSync("ip", ["netns", "delete", name]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "namespace-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a director of another namespace", () => {
  let running: RunningProcess;
  let remote: RemoteDirector;
  beforeEach(async () => {
    running = await startProcess("director", folder, { DIRECTOR: "kernel", NETNS: path });
    remote = new RemoteDirector(join(folder, "run", "director.sock"));
  });
  afterEach(async () => {
    await remote.close();
    const { exitCode, signalCode } = running.child;
    if (exitCode === null && signalCode === null) await running.stop();
  });

  test("is the process that was started, with every thread in it; table, files and devices are that namespace's", async () => {
    const { pid = 0 } = running.child;
    const tasks = execFileSync("ls", [`/proc/${pid}/task`], { encoding: "utf8" })
      .trim()
      .split("\n");
    const namespaces = tasks.map((task) => readlinkSync(`/proc/${pid}/task/${task}/ns/net`));
    expect(new Set(namespaces).size).toBe(1);
    expect(namespaces[0]).not.toBe(readlinkSync("/proc/self/ns/net"));
    expect((await remote.status()).networkNamespace).toBe(path);

    // Another file's tests may have left theirs in the guest's own table.
    const own = rules();
    await remote.apply([addService(http)]);
    expect(rules(...there)).toBe("-A -t 192.0.2.10:80 -s wlc\n");
    expect(rules()).toBe(own);

    await remote.setSysctl("drop_entry", "3");
    const file = "/proc/sys/net/ipv4/vs/drop_entry";
    expect(execFileSync("ip", ["netns", "exec", name, "cat", file], { encoding: "utf8" }).trim()).toBe("3");
    expect(readFileSync(file, "utf8").trim()).toBe("0");

    const interfaces = await remote.interfaces();
    expect(interfaces.map((each) => each.name)).toEqual(["inside0", "lo"]);
    expect(interfaces[0]).toMatchObject({ running: true, mtu: 1500 });
    expect(interfaces[0]?.addresses).toContain("10.79.0.1/24");
    expect(readFileSync("/sys/class/net/outside0/mtu", "utf8").trim()).toBe("1500");
  });

  test("ends as any other when it is told to", async () => {
    expect(await running.stop()).toBeLessThan(2000);
    expect(running.child.exitCode).toBe(0);
  });
});

test("its channel to whoever started it is still there: it ends with its parent", async () => {
  const child = spawn(process.execPath, [cli, "director", "--netns", path, "--director", "kernel"], {
    env: { ...process.env, STATE_DIR: `${folder}/state`, RUNTIME_DIR: `${folder}/run` },
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  let log = "";
  child.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  const ended = once(child, "exit");
  try {
    await expect.poll(() => log, { timeout: 30_000 }).toContain('"directing"');
    child.disconnect();
    expect((await ended)[0]).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});

test.each([
  [
    "/run/netns/nowhere",
    'NETNS is "/run/netns/nowhere", which cannot be looked at (ENOENT); it must be a network namespace.',
  ],
  ["/proc/self/ns/mnt", 'NETNS is "/proc/self/ns/mnt", which cannot be entered: it is no network namespace.'],
  ["/etc/hostname", 'NETNS is "/etc/hostname", which cannot be entered: it is no network namespace.'],
  ["router", 'NETNS is "router"; it must be an absolute path of a network namespace, such as /run/netns/NAME.'],
])("%s is refused in a sentence", (netns, sentence) => {
  const { status, stderr } = spawnSync(process.execPath, [cli, "director", "--netns", netns], {
    ...{ encoding: "utf8", timeout: 40_000, killSignal: "SIGKILL" },
    env: { ...process.env, STATE_DIR: `${folder}/state`, RUNTIME_DIR: `${folder}/run` },
  });
  expect([status, stderr]).toEqual([2, `ipvs-console director: ${sentence}\n`]);
});

test("somebody without the right is told what it takes", () => {
  chmodSync(folder, 0o777);
  const who = [
    "--reuid=60918",
    "--regid=60917",
    "--clear-groups",
    "--inh-caps=+net_admin",
    "--ambient-caps=+net_admin",
  ];
  const { status, stderr } = spawnSync("setpriv", [...who, "--", process.execPath, cli, "director", "--netns", path], {
    ...{ encoding: "utf8", timeout: 40_000, killSignal: "SIGKILL" },
    env: { ...process.env, STATE_DIR: `${folder}/state`, RUNTIME_DIR: `${folder}/run` },
  });
  expect([status, stderr]).toEqual([
    2,
    `ipvs-console director: NETNS is "${path}", which cannot be entered: that takes root, or CAP_SYS_ADMIN.\n`,
  ]);
});
