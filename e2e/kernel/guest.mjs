/**
 * A real Linux kernel with IPVS, as a process of the host: user-mode-linux over the host's own files, read-only.
 * Plain Node 20, no dependencies.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages, findProgram, packagesFor } from "../../scripts/debian-packages.mjs";
import { moduleTree } from "./module-tree.mjs";

/** Root of the checkout, as host and guest both see it. */
export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Not under build/, which a rebuild of the addon empties. */
const cache = join(checkout, ".cache");

/** Output that a guest's console may leave behind for the failure message, in characters. */
const consoleTail = 4_000;

/**
 * The guest has one processor and is several processes of the host that hand over to each other: moved between
 * processors it is three times slower, and no two runs are alike.
 */
function onOneProcessor() {
  return ["taskset", "--cpu-list", String(process.pid % availableParallelism())];
}

/**
 * Boots a guest that runs one command as root and ends with it.
 *
 * command, args     any bytes but NUL; the command is looked up on the guest's PATH (node is the project's own)
 * cwd               default: the checkout, which is read-only in the guest
 * env               replaces nothing: added to HOME, PATH, TMPDIR, GUEST_OUT (a writable folder, `outDir` on the host)
 * memory            "1G" · timeoutSeconds 600 · modules ["ip_vs"] loaded before the command (schedulers load by themselves)
 * kernelArguments   more words for the kernel, e.g. a network device · wrapper: words in front of the kernel, e.g. ip netns exec N
 * stdout, stderr    functions called with each Buffer of the command's output
 *
 * Returns { pid, outDir, folder, done, stop }; `folder` is the guest's own on the host, gone with it, also when this process is killed. `done` resolves, never rejects, to { status, failure }: the command's exit status (128 + n for a
 * signal) and null, or null and one sentence when the guest died, panicked, was stopped or ran out of time. `stop()` ends it at once.
 * Throws when the machine cannot run a guest at all.
 */
export function bootGuest({
  command,
  args = [],
  cwd = checkout,
  env = {},
  memory = "1G",
  timeoutSeconds = 600,
  modules = ["ip_vs"],
  kernelArguments = [],
  wrapper = [],
  outDir = join(cache, "guest", `${process.pid}-${randomBytes(4).toString("hex")}`),
  stdout = () => {},
  stderr = () => {},
}) {
  if (process.platform !== "linux") throw new Error("The real-kernel guest runs on Linux only.");
  ensurePackages(packagesFor.kernel);
  const tree = moduleTree(join(cache, "guest-kernel"));
  mkdirSync(outDir, { recursive: true });
  const job = mkdtempSync(join(plainFolder(), "ipvs-console-guest-"));
  const words = Object.entries({ ...baseEnvironment(), ...env }).map(([name, value]) => `${name}=${value}`);
  writeJob(job, {
    out: outDir,
    modules: tree,
    checkout,
    cwd,
    preload: modules.join("\n"),
    words: [...words, command, ...args].join("\0"),
  });

  const kernel = [
    ...["root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", `mem=${memory}`, `init=${job}/init`, `job=${job}`],
    ...[
      `uml_dir=${job}/`,
      "con=null",
      "con0=null,fd:1",
      "ssl0=null,fd:3",
      "ssl1=null,fd:4",
      "quiet",
      "panic=1",
      ...kernelArguments,
    ],
  ];
  const line = [...wrapper, ...onOneProcessor(), findProgram("linux.uml"), ...kernel];
  const child = spawn(line[0], line.slice(1), { detached: true, stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"] });
  const watchdog = watch(child.pid, job);
  let log = "";
  for (const stream of [child.stdio[1], child.stdio[2]]) {
    stream.on("data", (chunk) => {
      log = (log + chunk.toString("utf8")).slice(-consoleTail);
    });
  }
  child.stdio[3].on("data", stdout);
  child.stdio[4].on("data", stderr);

  let reason = null;
  const stop = (why = "The guest was stopped.") => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    reason ??= why;
    signalGroup(child.pid, "SIGTERM");
    setTimeout(() => signalGroup(child.pid, "SIGKILL"), 2_000).unref();
  };
  const timer = setTimeout(
    () => stop(`The guest did not finish within ${timeoutSeconds} s and was ended.`),
    timeoutSeconds * 1_000,
  );

  const done = new Promise((resolve) => {
    child.on("error", (error) =>
      resolve({ status: null, failure: `The guest's kernel could not be started: ${error.message}` }),
    );
    child.on("exit", () => signalGroup(child.pid, "SIGKILL"));
    child.on("close", (code, signal) => {
      const status = reason === null ? readStatus(job) : null;
      if (status !== null) return resolve({ status, failure: null });
      const end = signal === null ? `exit ${code}` : signal;
      const tail = log.trim() === "" ? "" : ` Its console ended with:\n${log.trim()}`;
      resolve({ status: null, failure: reason ?? `The guest died (${end}) before its command had a status.${tail}` });
    });
  }).finally(() => {
    clearTimeout(timer);
    watchdog?.kill("SIGKILL");
    rmSync(job, { recursive: true, force: true });
    if (existsSync(outDir) && readdirSync(outDir).length === 0) rmdirSync(outDir);
  });
  return { pid: child.pid, outDir, folder: job, done, stop };
}

/** Boots a guest, waits for its end and returns { status, failure, outDir, stdout, stderr }; output is also passed on to stdout/stderr functions. */
export async function runInGuest(options) {
  const output = { stdout: [], stderr: [] };
  const collect = (name) => (chunk) => {
    output[name].push(chunk);
    options[name]?.(chunk);
  };
  const guest = bootGuest({ ...options, stdout: collect("stdout"), stderr: collect("stderr") });
  const text = (name) => Buffer.concat(output[name]).toString("utf8");
  return { ...(await guest.done), outDir: guest.outDir, stdout: text("stdout"), stderr: text("stderr") };
}

/** What every command in the guest finds in its environment. */
function baseEnvironment() {
  const path = [
    "/run/guest/bin",
    join(checkout, "node_modules/.bin"),
    process.env.PATH ?? "",
    "/usr/sbin:/usr/bin:/sbin:/bin",
  ].join(":");
  // HOME is the host's, read-only: what programs keep there by the XDG rules goes to the guest's own memory.
  const xdg = {
    XDG_CACHE_HOME: "/tmp/xdg/cache",
    XDG_CONFIG_HOME: "/tmp/xdg/config",
    XDG_DATA_HOME: "/tmp/xdg/data",
    XDG_STATE_HOME: "/tmp/xdg/state",
  };
  return {
    HOME: process.env.HOME ?? "/root",
    PATH: path,
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    GUEST_OUT: "/run/guest/out",
    ...xdg,
  };
}

/** A folder for temporary files whose name the kernel command line can carry: no blanks, quotes or commas. */
function plainFolder() {
  return /^[\w./+-]+$/.test(tmpdir()) ? tmpdir() : "/tmp";
}

/**
 * A process that ends the guest when this one is killed and can tidy nothing up: it waits for the end of its standard input. The kernel's own
 * helper processes outlive its main one, so the whole group is ended.
 */
function watch(group, job) {
  if (group === undefined) return null;
  const script = 'read -r line; kill -s KILL -- "-$1"; rm -rf -- "$2"';
  const watchdog = spawn("/bin/sh", ["-c", script, "watchdog", String(group), job], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.stdin.on("error", () => {});
  watchdog.unref();
  watchdog.stdin.unref();
  return watchdog;
}

function writeJob(job, values) {
  copyFileSync(join(checkout, "e2e/kernel/guest-init.sh"), join(job, "init"));
  chmodSync(join(job, "init"), 0o755);
  for (const [name, value] of Object.entries(values)) writeFileSync(join(job, name), value);
}

function readStatus(job) {
  const file = join(job, "status");
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** Signals the process group that the guest was started as; one that is already gone is fine. */
function signalGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
