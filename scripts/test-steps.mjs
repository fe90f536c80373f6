/**
 * What `npm test` and `npm run verify` run, as data. A step is:
 *   name      how --only and the table call it
 *   command   program and arguments, started in the checkout with the project's own Node first on PATH
 *   limitS    seconds after which it is ended and has failed
 *   counts    where its figures come from: "status" (one check), "vitest" and "playwright" (their JSON report), "line" (its own `N passed, N failed`)
 *   report    where the program writes that JSON report
 *   lane      neighbours that name one run side by side, those of the same one in order: the guest has one processor, and leaves the other idle
 *   env       more environment · needs: names of steps without which it cannot run
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cache, node, root } from "./checkout.mjs";

const reports = join(cache, "test");
mkdirSync(reports, { recursive: true });
const bin = (name) => join(root, "node_modules/.bin", name);
const vitestMain = "node_modules/vitest/vitest.mjs";
const kernelRunner = join(root, "e2e/kernel/run.mjs");

function vitest(name, projects, limitS) {
  const report = join(reports, `${name}.json`);
  const args = [vitestMain, "run", ...projects.map((project) => `--project=${project}`), ...vitestReport(report)];
  return { name, command: [node, ...args], limitS, counts: "vitest", report };
}

function vitestReport(file) {
  return ["--configLoader=native", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
}

function playwright(name, project, limitS) {
  const report = join(reports, `${name}.json`);
  const command = [bin("playwright"), "test", `--project=${project}`, "--reporter=line,json"];
  return {
    name,
    command,
    limitS,
    counts: "playwright",
    report,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    needs: ["build"],
  };
}

const kernelOut = join(reports, "kernel");
const kernel = {
  name: "kernel",
  command: [
    node,
    kernelRunner,
    "node",
    vitestMain,
    "run",
    "--project=kernel",
    ...vitestReport("/run/guest/out/results.json"),
  ],
  env: { KERNEL_OUT: kernelOut, KERNEL_TIMEOUT_S: "535", KERNEL_ENV: "NO_COLOR DIFFERENTIAL_SEED TEST_LONG" },
  limitS: 540,
  counts: "vitest",
  report: join(kernelOut, "results.json"),
};

const lint = { name: "lint", command: [bin("biome"), "ci", "--colors=off", "."], limitS: 60, counts: "status" };
const types = { name: "types", command: [bin("tsc"), "--noEmit"], limitS: 90, counts: "status" };
const unit = vitest("unit", ["unit", "unit-dom"], 480);

export const verifySteps = [lint, types, unit];

const inLane = (lane) => (step) => ({ ...step, lane });

export const testSteps = [
  lint,
  types,
  inLane("host")(unit),
  ...[
    { name: "native", command: [node, "native/test/run.mjs"], limitS: 300, counts: "line" },
    {
      name: "addon",
      command: [node, kernelRunner, "node", "native/test/addon.kernel.mjs"],
      env: { KERNEL_TIMEOUT_S: "115" },
      limitS: 120,
      counts: "line",
    },
    vitest("guest", ["guest"], 240),
    kernel,
  ].map(inLane("guest")),
  { name: "build", command: [node, "scripts/setup.mjs"], limitS: 200, counts: "status" },
  { ...vitest("product", ["product"], 240), needs: ["build"] },
  playwright("browser", "simulated", 800),
  playwright("browser-kernel", "kernel", 420),
];
