/** Runs test steps one after another and adds up their own figures. Plain Node 20, no dependencies. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { projectEnvironment, root } from "./checkout.mjs";
import { countResults } from "./step-counts.mjs";

let interrupted = false;

/**
 * Runs the steps within `totalLimitS` seconds, shows their output prefixed with their name, and returns, in the order of the steps,
 * [{ name, seconds, passed, failed, skipped, note }]. A step that fails in any way, or runs no test at all, has failed ≥ 1.
 * One after another, but for neighbours that name a `lane`: those of one lane are in order, and lanes run side by side.
 * With `quiet` a step's output is shown only when it failed.
 */
export async function runSteps(steps, { totalLimitS, quiet = false }) {
  const deadline = performance.now() + totalLimitS * 1_000;
  const results = new Map();
  const result = async (step) => {
    const missing = (step.needs ?? []).find((name) => results.get(name)?.failed > 0);
    const leftS = (deadline - performance.now()) / 1_000;
    if (interrupted) return notRun(step, "not run: interrupted");
    if (missing !== undefined) return notRun(step, `not run: ${missing} failed`);
    if (leftS < 1) return notRun(step, `not run: the time for the whole run was over`);
    return runStep({ ...step, limitS: Math.min(step.limitS, leftS) }, quiet);
  };
  const inOrder = async (lane) => {
    for (const step of lane) results.set(step.name, await result(step));
  };
  for (const lanes of lanesOf(steps)) await Promise.all(lanes.map(inOrder));
  return steps.map(({ name }) => results.get(name));
}

/** [[lane, lane, …], …]: what runs side by side, each a list of steps. */
function lanesOf(steps) {
  const groups = [];
  let open = null;
  for (const step of steps) {
    if (step.lane === undefined) {
      groups.push([[step]]);
      open = null;
      continue;
    }
    if (open === null) {
      open = new Map();
      groups.push(open);
    }
    open.set(step.lane, [...(open.get(step.lane) ?? []), step]);
  }
  return groups.map((group) => (group instanceof Map ? [...group.values()] : group));
}

/** The table of steps, and as its last line the sum: `N passed, N failed`. */
export function summary(results) {
  const rows = results.map(({ name, seconds, passed, failed, skipped, note }) => {
    const figures = `${name.padEnd(16)}${seconds.toFixed(1).padStart(7)} s${String(passed).padStart(8)} ok${String(failed).padStart(5)} failed`;
    return `${figures}${skipped > 0 ? `  ${skipped} skipped` : ""}${note === "" ? "" : `  ${note}`}`;
  });
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return `${rows.join("\n")}\n${sum("passed")} passed, ${sum("failed")} failed\n`;
}

function notRun(step, note) {
  return { name: step.name, seconds: 0, passed: 0, failed: 1, skipped: 0, note };
}

async function runStep(step, quiet) {
  if (step.report !== undefined) rmSync(step.report, { force: true });
  const started = performance.now();
  const { end, lines, timedOut } = await runCommand(step, quiet);
  const report = step.report !== undefined && existsSync(step.report) ? readFileSync(step.report, "utf8") : null;
  const counts = countResults(step.counts, { succeeded: end === "exit 0", lines, report });
  const notes = [timedOut ? `ended after its ${Math.round(step.limitS)} s` : end === "exit 0" ? "" : end, counts.note];
  if (quiet && counts.failed > 0) process.stdout.write(`${lines.map((line) => `${step.name} │ ${line}`).join("\n")}\n`);
  return {
    name: step.name,
    seconds: (performance.now() - started) / 1_000,
    ...counts,
    note: notes.filter((text) => text !== "").join("; "),
  };
}

/** Resolves to how the command ended, its lines of output (both streams, as they came) and whether its time ran out. */
function runCommand({ name, command, env, limitS }, quiet) {
  const lines = [];
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      ...{
        cwd: root,
        env: projectEnvironment({ NO_COLOR: "1", ...env }),
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (!quiet) process.stdout.write(`${name} │ ${line}\n`);
      });
    }
    let timedOut = false;
    const stop = (signal) => {
      signalGroup(child.pid, signal);
      setTimeout(() => signalGroup(child.pid, "SIGKILL"), 5_000).unref();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stop("SIGTERM");
    }, limitS * 1_000);
    const forward = (signal) => {
      stop(signal);
      process.exitCode = 130;
      interrupted = true;
    };
    process.once("SIGINT", forward).once("SIGTERM", forward);
    const finish = (end) => {
      clearTimeout(timer);
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve({ end, lines, timedOut });
    };
    child.on("error", (error) => finish(`could not be started: ${error.message}`));
    // "exit", then a moment for the last lines: what a step left running may hold its pipes open.
    child.on("exit", (code, signal) => {
      signalGroup(child.pid, "SIGTERM");
      const end = signal ?? `exit ${code}`;
      const late = setTimeout(() => finish(end), 2_000);
      child.on("close", () => {
        clearTimeout(late);
        setImmediate(() => finish(end));
      });
    });
  });
}

function signalGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
