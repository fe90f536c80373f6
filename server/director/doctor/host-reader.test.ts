import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostFolder } from "./host-fixture.ts";
import { FolderHost, type HostFault } from "./host-reader.ts";

const fault = (reading: Promise<unknown>): Promise<HostFault> =>
  reading.then(
    () => Promise.reject(new Error("was read")),
    (error: HostFault) => error,
  );

describe("the files of a host", () => {
  test("are read as bytes, below the root", async () => {
    const host = new FolderHost(hostFolder({ "/proc/a": "\xff\x00b\n" }));
    expect(await host.text("/proc/a")).toBe("\xff\x00b\n");
    expect(await host.names("/proc")).toEqual(["a"]);
  });

  test("that tell no size are read to their end", async () => {
    expect(await new FolderHost("/").text("/proc/self/status")).toMatch(/^CapEff:/m);
  });

  test("are refused when they are longer than was asked for, whatever size they tell", async () => {
    const host = new FolderHost(hostFolder({ "/proc/a": "x".repeat(101) }));
    expect(await host.text("/proc/a", 101)).toHaveLength(101);
    expect(await fault(host.text("/proc/a", 100))).toMatchObject({ kind: "too-large", path: "/proc/a" });
    expect(await fault(new FolderHost("/").text("/proc/self/status", 10))).toMatchObject({ kind: "too-large" });
  });

  test("are missing, are no files, or lie elsewhere: each said in its own way", async () => {
    const host = new FolderHost(hostFolder({ "/proc/a": "x", "/proc/b": "-> a" }));
    expect(await fault(host.text("/proc/none"))).toMatchObject({ kind: "missing" });
    expect(await fault(host.text("/proc/a/b"))).toMatchObject({ kind: "missing" });
    expect(await fault(host.text("/proc"))).toMatchObject({ kind: "failed" });
    expect(await fault(host.text("/proc/../proc/a"))).toMatchObject({ kind: "failed", message: "not a plain path" });
    expect(await fault(host.link("/proc/a"))).toMatchObject({ kind: "failed", message: "EINVAL" });
    expect(await host.link("/proc/b")).toBe("a");
  });

  test("a pipe in a file's place is not waited for", async () => {
    const root = hostFolder({ "/run/other": "x" });
    execFileSync("mkfifo", [join(root, "run/keepalived.pid")]);
    expect(await fault(new FolderHost(root).text("/run/keepalived.pid"))).toMatchObject({
      kind: "failed",
      message: "not a file",
    });
  });

  test("are read once a run, and anew in the next", async () => {
    const root = hostFolder({ "/proc/a": "1\n" });
    const host = new FolderHost(root);
    expect(await host.text("/proc/a")).toBe("1\n");
    writeFileSync(join(root, "proc/a"), "2\n");
    expect(await host.text("/proc/a")).toBe("1\n");
    expect(await new FolderHost(root).text("/proc/a")).toBe("2\n");
  });

  test("that this user may not read are denied", async () => {
    const root = hostFolder({ "/proc/a": "1\n" });
    chmodSync(join(root, "proc/a"), 0);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(await fault(new FolderHost(root).text("/proc/a"))).toMatchObject({ kind: "denied", message: "EACCES" });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});
