// The native tests: C++ programs under AddressSanitizer and UndefinedBehaviorSanitizer.
//
//   node native/test/run.mjs            compiles what is stale, runs all, ends with `N passed, N failed`
//   node native/test/run.mjs socket     only the programs whose name contains a word given
//   node native/test/run.mjs record     records native/test/vectors anew, on a real kernel (e2e/kernel)

import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const native = join(root, "native");
const tests = join(native, "test");
const output = join(root, "build/native-test");
const sanitizers = [
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
  "-g",
  "-O1",
];
const warnings = ["-std=c++20", "-Wall", "-Wextra", "-Werror"];
const library = readdirSync(native)
  .filter((name) => name.endsWith(".cc") && name !== "addon.cc")
  .map((name) => join(native, name));
const compileLimitMs = 240_000;
const runLimitMs = 120_000;

const words = process.argv.slice(2);
process.exitCode = words[0] === "record" ? record() : await runTests();

function newest(paths) {
  return Math.max(...paths.map((path) => statSync(path).mtimeMs));
}

function headers() {
  return [native, tests].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".h"))
      .map((name) => join(folder, name)),
  );
}

/** Resolves with { status, output } of a command; a command that passes its limit is ended and has status null. */
function execute(command, args, limitMs) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      timeout: limitMs,
      killSignal: "SIGKILL",
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (text += chunk));
    child.on("error", (error) => done({ status: null, output: `${text}${error.message}\n` }));
    child.on("close", (status, signal) =>
      done({ status, output: signal === null ? text : `${text}ended by ${signal}\n` }),
    );
  });
}

/** Runs jobs, as many at a time as there are processors. */
async function inParallel(jobs) {
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function runTests() {
  mkdirSync(output, { recursive: true });
  const names = readdirSync(tests)
    .filter((name) => name.endsWith(".test.cc") && (words.length === 0 || words.some((word) => name.includes(word))))
    .sort();
  const programs = names.map((name) => ({ source: join(tests, name), name: name.slice(0, -".test.cc".length) }));
  const fuzzers = ["decoder.cc", "connections.cc"].map((name) => join(native, "fuzz", name));
  const common = newest([...headers(), ...fuzzers, import.meta.filename]);
  let broken = 0;
  const compile = (source, target) => async () => {
    if (existsSync(target) && statSync(target).mtimeMs > Math.max(common, newest([source]))) return;
    const built = await execute("g++", [...warnings, ...sanitizers, "-c", source, "-o", target], compileLimitMs);
    if (built.status === 0) return;
    rmSync(target, { force: true });
    broken += 1;
    console.log(`FAIL  ${source} does not compile\n${built.output}`);
  };
  const objectOf = (source) => join(output, `${source.slice(native.length + 1).replaceAll("/", "-")}.o`);
  const sources = [...library, ...programs.map((program) => program.source)];
  await inParallel(sources.map((source) => compile(source, objectOf(source))));

  let passed = 0;
  let failed = broken;
  await inParallel(
    (broken === 0 ? programs : []).map(({ source, name }) => async () => {
      const program = join(output, name);
      const objects = [objectOf(source), ...library.map(objectOf)];
      const linked = await execute("g++", [...sanitizers, ...objects, "-o", program, "-lpthread"], compileLimitMs);
      const run = linked.status === 0 ? await execute(program, [], runLimitMs) : linked;
      console.log(`${name}\n${run.output}`);
      const counts = /^(\d+) passed, (\d+) failed$/m.exec(run.output);
      // A program that a sanitizer ended has printed no last line, or one that does not count.
      passed += counts === null ? 0 : Number(counts[1]);
      failed += run.status === 0 && counts !== null ? Number(counts[2]) : Math.max(1, Number(counts?.[2] ?? 1));
    }),
  );
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function record() {
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "vectors-"));
  const program = join(output, "record");
  const steps = [
    ["g++", [...warnings, "-O1", join(tests, "record.cc"), ...library, "-o", program]],
    ["node", [join(root, "e2e/kernel/run.mjs"), "sh", "-c", `"${program}" "$GUEST_OUT"`]],
    ["node", [join(root, "e2e/kernel/run.mjs"), "node", join(tests, "record-connections.mjs")]],
  ];
  for (const [command, args] of steps) {
    const { status } = spawnSync(command, args, {
      cwd: root,
      stdio: "inherit",
      timeout: compileLimitMs,
      env: { ...process.env, KERNEL_OUT: folder },
    });
    if (status !== 0) return 1;
  }
  cpSync(folder, join(tests, "vectors"), { recursive: true });
  rmSync(folder, { recursive: true });
  return 0;
}
