// `npm run bench`: the table of targets, measured. Everything is a ratio of two things measured in one run, or work done;
// `--json` prints it for machines, `--only guest` or `--only browser` half of it.
import { execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cache, node, root } from "./checkout.mjs";

const json = process.argv.includes("--json");
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : null;
const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program whose last line on standard output is JSON; its other output goes to stderr. */
function findingsOf(args, env = {}) {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } };
    const child = spawn(node, args, options);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("exit", (status) => {
      const last = output
        .trim()
        .split("\n")
        .findLast((line) => line.startsWith("["));
      if (status === 0 && last) resolve(JSON.parse(last));
      else reject(new Error(`${args.join(" ")} ended with ${status}:\n${output.slice(-2000)}`));
    });
  });
}

async function buildFloor() {
  mkdirSync(cache, { recursive: true });
  const floor = join(cache, "floor");
  const sources = ["bench/floor.cc", "socket.cc", "ipvs.cc", "ipvs-encode.cc", "ipvs-control.cc"];
  const files = sources.map((name) => join(root, "native", name));
  await promisify(execFile)("g++", ["-O2", "-std=c++20", "-o", floor, ...files]);
  return floor;
}

await promisify(execFile)(process.execPath, [join(root, "scripts/setup.mjs")], { cwd: root });
const findings = [];
if (only !== "browser") {
  say("On the real kernel, about eight minutes …");
  const modules = { KERNEL_MODULES: "ip_vs ip_vs_rr" };
  const guest = (...args) => findingsOf([join(root, "e2e/kernel/run.mjs"), "node", ...args], modules);
  findings.push(...(await guest("e2e/bench/guest.ts", await buildFloor())));
  const [ipvsadmMs] = await guest("e2e/bench/rules.ts", "ipvsadm");
  findings.push(...(await guest("e2e/bench/rules.ts", "console", String(ipvsadmMs))));
  // The kernel's own walk through 100,000 connections takes 18 s, and ipvsadm's listing of them 80.
  const connections = [join(root, "e2e/kernel/run.mjs"), "node", "e2e/bench/connections.ts"];
  findings.push(...(await findingsOf(connections, { KERNEL_TIMEOUT_S: "1800" })));
}
if (only !== "guest") {
  say("In Chromium, about two minutes …");
  findings.push(...(await findingsOf([join(root, "e2e/bench/browser.ts")])));
}

if (json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
else {
  for (const { id, work, figure, must, unit, raw } of findings) {
    const verdict = figure <= must ? "ok  " : "MISS";
    const figures = Object.entries(raw).map(([name, value]) => `${name} ${value}`);
    process.stdout.write(
      `${verdict} ${id.padEnd(4)} ${figure.toFixed(2).padStart(8)} ${unit.padEnd(4)} ≤ ${must}  ${work} (${figures.join(", ")})\n`,
    );
  }
}
process.exitCode = findings.every(({ figure, must }) => figure <= must) ? 0 : 1;
