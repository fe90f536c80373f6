import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Change } from "#domain/change";
import type { ServiceKey } from "#domain/service";
import type { Frame } from "#server/director/frames";
import { RemoteDirector } from "#server/director/remote";
import { type RunningProcess, startProcess } from "../product.ts";

const modprobeFile = "/proc/sys/kernel/modprobe";
const service: ServiceKey = { kind: "address", protocol: "tcp", address: "127.0.7.1", port: 80 };
const server = { address: "127.0.7.2", port: 8080 };
const addBoth: Change[] = [
  {
    verb: "add-service",
    service,
    spec: { scheduler: "wrr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
  },
  {
    verb: "add-server",
    service,
    server: { ...server, forward: "nat", weight: 5, upperThreshold: 0, lowerThreshold: 0, tunnel: null },
  },
];

let folder: string;
let director: RunningProcess | null;
let remote: RemoteDirector;

const start = async (env: Record<string, string> = {}) => {
  director = await startProcess("director", folder, { DIRECTOR: "auto", ...env });
};

async function kill(): Promise<void> {
  if (!director) return;
  const ended = once(director.child, "exit");
  director.child.kill("SIGKILL");
  await ended;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "director-"));
  remote = new RemoteDirector(join(folder, "run", "director.sock"));
  execFileSync("ipvsadm", ["-C"]);
});
afterEach(async () => {
  await remote.close();
  if (director && director.child.exitCode === null && director.child.signalCode === null) await director.stop();
  director = null;
  rmSync(folder, { recursive: true, force: true });
  execFileSync("ipvsadm", ["-C"]);
});

/** The next frame that `wanted` takes; throws after 20 s without one. */
async function frameWhere(wanted: (frame: Frame) => boolean): Promise<Frame> {
  const signal = AbortSignal.timeout(20_000);
  for await (const frame of remote.samples("test", signal)) if (wanted(frame)) return frame;
  throw new Error("no such frame");
}

describe("the director process on a real kernel", () => {
  test("the weight of a drained server survives kill -9, and the table is the kernel's all along", async () => {
    await start();
    await remote.apply(addBoth);
    await remote.apply([{ verb: "drain-server", service, server }]);
    expect(execFileSync("ipvsadm", ["-Sn"], { encoding: "utf8" })).toContain("-r 127.0.7.2:8080 -m -w 0");
    await kill();
    await start();
    const [record] = await remote.table();
    expect(record?.servers[0]).toMatchObject({ spec: { weight: 0 }, drainedWeight: 5 });
    await remote.apply([{ verb: "restore-server", service, server }]);
    expect(execFileSync("ipvsadm", ["-Sn"], { encoding: "utf8" })).toContain("-r 127.0.7.2:8080 -m -w 5");
  });

  test("what ipvsadm does in a shell is in the next sample", async () => {
    await start();
    const appeared = frameWhere(({ header }) => header.upserted.some(({ row }) => row.id === "udp:127.0.7.9:53"));
    execFileSync("ipvsadm", ["-A", "-u", "127.0.7.9:53", "-s", "rr"]);
    expect((await appeared).header.error).toBeUndefined();
  });

  test("the module goes: NOT_AVAILABLE and no row; it comes back: the kernel's table, and it is never simulated", async () => {
    await start();
    await remote.apply(addBoth);
    const loader = readFileSync(modprobeFile, "utf8").trim();
    const first = await frameWhere(({ header }) => header.full);
    expect(first.header.upserted.length).toBe(2);
    // A family that is asked for is loaded again by itself: not while this is in the way.
    writeFileSync(modprobeFile, "/bin/false");
    try {
      execFileSync("ipvsadm", ["-C"]);
      const loaded = readFileSync("/proc/modules", "utf8").match(/^ip_vs\w*/gm) ?? [];
      for (const name of loaded.filter((each) => each !== "ip_vs")) execFileSync("busybox", ["rmmod", name]);
      execFileSync("busybox", ["rmmod", "ip_vs"]);
      const lost = await frameWhere(({ header }) => header.error !== undefined);
      expect(lost.header).toMatchObject({ error: { code: "NOT_AVAILABLE" }, upserted: [], moved: 0 });
      await expect(remote.table()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
      await kill();
      await start();
      await expect(remote.status()).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    } finally {
      writeFileSync(modprobeFile, loader);
    }
    expect((await frameWhere(({ header }) => header.full)).header.upserted).toEqual([]);
    expect((await remote.status()).kind).toBe("kernel");
  });

  test("without the right to: NOT_PERMITTED, said on every call and in the stream", async () => {
    chmodSync(folder, 0o777);
    director = await startProcess("director", folder, { DIRECTOR: "kernel" }, [
      "setpriv",
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      "--",
    ]);
    await expect(remote.table()).rejects.toMatchObject({ code: "NOT_PERMITTED" });
    const frame = await frameWhere(({ header }) => header.error !== undefined);
    expect(frame.header).toMatchObject({ error: { code: "NOT_PERMITTED" }, upserted: [], moved: 0 });
  });
});
