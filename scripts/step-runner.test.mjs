import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSteps, summary } from "./step-runner.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "step-runner-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = (name, code, more = {}) => ({
  name,
  command: [process.execPath, "-e", code],
  limitS: 20,
  counts: "line",
  ...more,
});
const run = (...steps) => runSteps(steps, { totalLimitS: 30, quiet: true });

test("figures of the steps are added up in the last line, failures included", async () => {
  const results = await run(
    script("good", 'console.log("3 passed, 0 failed")'),
    script("bad", 'console.error("1 passed, 2 failed"); process.exit(1)'),
  );
  expect(summary(results).split("\n").slice(-2)).toEqual(["4 passed, 2 failed", ""]);
});

test("a step whose need failed is not run and is a failure", async () => {
  const [, second] = await run(
    script("build", "process.exit(3)"),
    script("browser", 'console.log("1 passed, 0 failed")', { needs: ["build"] }),
  );
  expect(second).toMatchObject({ passed: 0, failed: 1, note: "not run: build failed" });
});

test("a step past its limit is ended, with everything it started", async () => {
  const file = join(folder, "pid");
  const code = `const child = require("child_process").spawn("sleep", ["60"]);
    require("fs").writeFileSync(${JSON.stringify(file)}, String(child.pid)); setInterval(() => {}, 1000);`;
  const [result] = await run(script("slow", code, { limitS: 1 }));
  expect(result).toMatchObject({ failed: 1, note: expect.stringContaining("ended after its 1 s") });
  expect(result.seconds).toBeLessThan(8);
  await expect.poll(() => isRunning(Number(readFileSync(file, "utf8")))).toBe(false);
});

test("a program that is not there is a failure, not a crash", async () => {
  const [result] = await run({ name: "absent", command: [join(folder, "absent")], limitS: 5, counts: "status" });
  expect(result).toMatchObject({ passed: 0, failed: 1, note: expect.stringContaining("could not be started") });
});

test("lanes run side by side, each in its order, and what follows waits for all of them", async () => {
  const log = join(folder, "log");
  const step = (name, delayMs, lane) =>
    script(
      name,
      `const { appendFileSync } = require("fs"); appendFileSync(${JSON.stringify(log)}, "${name} begins\\n");
       setTimeout(() => { appendFileSync(${JSON.stringify(log)}, "${name} ends\\n"); console.log("1 passed, 0 failed"); }, ${delayMs})`,
      lane === undefined ? {} : { lane },
    );
  const results = await run(step("long", 1500, "a"), step("short", 0, "b"), step("next", 0, "b"), step("last", 0));
  expect(results.map(({ name, passed }) => `${name} ${passed}`)).toEqual(["long 1", "short 1", "next 1", "last 1"]);
  const happened = readFileSync(log, "utf8").trim().split("\n");
  const at = (what) => happened.indexOf(what);
  expect(at("next begins")).toBeGreaterThan(at("short ends"));
  expect(at("long ends")).toBeGreaterThan(at("next ends"));
  expect(at("last begins")).toBeGreaterThan(at("long ends"));
});

test("no step starts after the whole run's time is over", async () => {
  const step = script("late", 'console.log("1 passed, 0 failed")');
  expect(await runSteps([step], { totalLimitS: 0.5, quiet: true })).toMatchObject([
    { failed: 1, note: expect.stringContaining("time for the whole run") },
  ]);
});

/** A killed process stays in the table as a zombie until its parent, which may be slow, collects it. */
function isRunning(pid) {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
