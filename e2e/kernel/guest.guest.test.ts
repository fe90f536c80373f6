/** The guest is a director: what everything else under test takes for granted. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";

const run = promisify(execFile);
const service = ["-t", "192.0.2.1:80"];

afterEach(async () => {
  await run("ipvsadm", ["-C"]);
});

test("a service and a real server that ipvsadm adds stand in the kernel's own list", async () => {
  await run("ipvsadm", ["-A", ...service, "-s", "wrr"]);
  await run("ipvsadm", ["-a", ...service, "-r", "192.0.2.10:8080", "-m", "-w", "7"]);
  const listing = await readFile("/proc/net/ip_vs", "utf8");
  expect(listing).toMatch(/^TCP {2}C0000201:0050 wrr/m);
  expect(listing).toMatch(/^ {2}-> C000020A:1F90 +Masq +7 +0 +0/m);
});

test.each(["rr", "wlc", "lblc", "sh", "mh", "sed", "nq", "fo", "ovf"])(
  "the scheduler %s loads by itself",
  async (name) => {
    await run("ipvsadm", ["-A", ...service, "-s", name]);
    expect((await run("ipvsadm", ["-Sn"])).stdout).toBe(`-A -t 192.0.2.1:80 -s ${name}\n`);
  },
);

test("a scheduler that this kernel does not have is refused and nothing is added", async () => {
  await expect(run("ipvsadm", ["-A", ...service, "-s", "twos"])).rejects.toMatchObject({
    stderr: expect.stringContaining("cheduler"),
  });
  expect((await run("ipvsadm", ["-Sn"])).stdout).toBe("");
});
