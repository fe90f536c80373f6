/** The runner keeps its promise: the command's status is the status, and a guest that dies is a failure that leaves nothing behind. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inheritedEnvironment } from "../inherited.ts";

const runner = join(import.meta.dirname, "run.mjs");
const checkout = dirname(dirname(import.meta.dirname));
const parents = (path) => (path === "/" ? [] : [dirname(path), ...parents(dirname(path))]);

let temporary;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "runner-"));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

/** Guests of this test keep their folder in its own, so that what they leave behind is seen. */
const environment = (more = {}) => ({ ...inheritedEnvironment(), TMPDIR: temporary, ...more });
const run = (args, env) =>
  spawnSync(process.execPath, [runner, ...args], { encoding: "utf8", env: environment(env), timeout: 50_000 });

test("status, output and arguments pass through unchanged", () => {
  const args = ["a b", '"q"', "it's", "ünï€", "", "$HOME", "new\nline", "back\\slash", "*"];
  const script = 'for word; do printf "%s\\0" "$word"; done; echo complaint >&2; exit 7';
  const result = run(["sh", "-c", script, "sh", ...args]);
  expect(result.stdout.split("\0")).toEqual([...args, ""]);
  expect(result.stderr).toBe("complaint\n");
  expect(result.status).toBe(7);
});

test("success is 0, a signal 128 and its number, and the project's Node runs", () => {
  const result = run([
    "node",
    "-e",
    'console.log(process.version, process.cwd()); process.kill(process.pid, "SIGTERM")',
  ]);
  expect(result.stdout).toBe(`${process.version} ${process.cwd()}\n`);
  expect(result.status).toBe(143);
  expect(run(["true"])).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test("named variables reach the command and others do not", () => {
  const result = run(["env"], { KERNEL_PASS_A: "x y", NAMED: "1", OTHER: "2", KERNEL_ENV: "NAMED" });
  const names = result.stdout.split("\n");
  expect(names).toEqual(expect.arrayContaining(["KERNEL_PASS_A=x y", "NAMED=1"]));
  expect(names).not.toContain("OTHER=2");
});

test("the checkout is read-only, and what is written to $GUEST_OUT stays on the host", () => {
  const script = 'echo kept >"$GUEST_OUT/file"; touch package.json 2>/dev/null && exit 1; touch /tmp/ok /run/ok';
  expect(run(["sh", "-c", script], { KERNEL_OUT: join(temporary, "out") }).status).toBe(0);
  expect(readFileSync(join(temporary, "out/file"), "utf8")).toBe("kept\n");
});

// In a checkout that is closed itself, every guest is this test.
const isOpen = [checkout, ...parents(checkout)].every((folder) => (statSync(folder).mode & 0o001) !== 0);
test.skipIf(!isOpen)("other users of the guest get to a checkout that is closed to them on the host", () => {
  mkdirSync(join(checkout, ".cache"), { recursive: true });
  const closed = mkdtempSync(join(checkout, ".cache", "closed-"));
  try {
    for (const name of ["e2e/kernel", "scripts", "package.json"])
      cpSync(join(checkout, name), join(closed, name), { recursive: true });
    symlinkSync(join(checkout, "node_modules"), join(closed, "node_modules"));
    const script = `const as = { uid: 60917, gid: 60917, encoding: "utf8" };
      const { stdout, stderr } = require("child_process").spawnSync("cat", ["package.json", "scripts/lock.mjs"], as);
      process.stdout.write(stdout.slice(-20) + stderr + process.cwd());`;
    const result = spawnSync(process.execPath, [join(closed, "e2e/kernel/run.mjs"), "node", "-e", script], {
      ...{ cwd: closed, encoding: "utf8", env: environment(), timeout: 50_000 },
    });
    expect(result.stdout).toBe(readFileSync(join(checkout, "scripts/lock.mjs"), "utf8").slice(-20) + closed);
  } finally {
    rmSync(closed, { recursive: true, force: true });
  }
});

test("megabytes of output arrive whole, and what was left running does not hold the guest up", () => {
  const result = spawnSync(process.execPath, [runner, "sh", "-c", "sleep 50 & head -c 3000000 /dev/zero"], {
    ...{ env: environment(), timeout: 40_000, maxBuffer: 10_000_000 },
  });
  expect(result.stdout.length).toBe(3_000_000);
  expect(result.status).toBe(0);
});

test("a guest that panics is a failure with the console's last words", () => {
  const result = run(["sh", "-c", "echo c >/proc/sysrq-trigger"]);
  expect(result.status).toBe(125);
  expect(result.stderr).toMatch(/^The guest died .*Kernel panic/s);
});

test("a guest without a status is a failure, even when it powers off as if all were well", () => {
  const result = run(["busybox", "poweroff", "-f"]);
  expect(result).toMatchObject({ status: 125, stderr: expect.stringMatching(/^The guest died/) });
});

test("time over is a failure that says so", () => {
  const result = run(["sleep", "60"], { KERNEL_TIMEOUT_S: "3" });
  expect(result).toMatchObject({ status: 125, stderr: "The guest did not finish within 3 s and was ended.\n" });
});

test.each(["SIGTERM", "SIGKILL"])(
  "after %s to the runner no process and no folder of the guest is left",
  async (signal) => {
    const child = spawn(process.execPath, [runner, "sh", "-c", "echo up; sleep 60"], {
      env: environment(),
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const [folder] = readdirSync(temporary);
    expect(processesOf(folder)).not.toBe(0);
    child.kill(signal);
    await expect
      .poll(() => ({ processes: processesOf(folder), folders: readdirSync(temporary) }), { timeout: 10_000 })
      .toEqual({ processes: 0, folders: [] });
  },
);

test("two guests at once do not see each other", async () => {
  const boot = (status) => {
    const script = `ipvsadm -A -t 192.0.2.${status}:80; sleep 2; ipvsadm -Sn; exit ${status}`;
    const child = spawn(process.execPath, [runner, "sh", "-c", script], {
      env: environment(),
      stdio: ["ignore", "pipe", "ignore"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout })));
  };
  const results = await Promise.all([boot(1), boot(2)]);
  expect(results).toEqual([1, 2].map((code) => ({ code, stdout: `-A -t 192.0.2.${code}:80 -s wlc\n` })));
});

test.each([
  [["true"], { KERNEL_MEM: "much" }, /KERNEL_MEM is "much"/],
  [["true"], { KERNEL_TIMEOUT_S: "0" }, /KERNEL_TIMEOUT_S is "0"/],
  [[], {}, /^Usage:/],
])("bad input %j %j is refused with a sentence", (args, env, sentence) => {
  expect(run(args, env)).toMatchObject({ status: 2, stderr: expect.stringMatching(sentence) });
});

/** How many processes run as the guest with that folder. A zombie has no command line. */
function processesOf(folder) {
  const commandLine = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandLine(name).includes(folder)).length;
}
