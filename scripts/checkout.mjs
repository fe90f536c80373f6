/** Where things are in this checkout, and how its own programs are started. Plain Node 20, no dependencies. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Kept between runs, never in a commit, and not emptied by a rebuild of the addon as build/ is. */
export const cache = join(root, ".cache");

/** The project's own Node 24, which npm installed. */
export const node = join(root, "node_modules/.bin/node");

/** The environment for the project's own programs: `node` is Node 24. */
export function projectEnvironment(more = {}) {
  const path = [join(root, "node_modules/.bin"), process.env.PATH ?? ""].join(delimiter);
  return { ...process.env, PATH: path, NEXT_TELEMETRY_DISABLED: "1", ...more };
}

/** Runs a program with its output on stderr; throws a sentence when it fails or takes longer than the limit in seconds. */
export function runOrThrow(what, command, args, { limitS, env = projectEnvironment() }) {
  const result = spawnSync(command, args, { cwd: root, env, stdio: ["ignore", 2, 2], timeout: limitS * 1_000 });
  if (result.error?.code === "ETIMEDOUT") throw new Error(`${what} took longer than ${limitS} s and was ended.`);
  if (result.error !== undefined) throw new Error(`${what} could not be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`${what} failed (${result.signal ?? `exit ${result.status}`}); its output stands above.`);
}

/** SHA-256 over names and contents of the files and folders named (those that exist), and over any further text. */
export function hashInputs(names, text = "") {
  const hash = createHash("sha256").update(text);
  for (const name of names.flatMap((entry) => filesUnder(entry)).sort()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(root, name)));
  }
  return hash.digest("hex");
}

function filesUnder(name) {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [name];
  return readdirSync(path).flatMap((entry) => (isTestFile(entry) ? [] : filesUnder(join(name, entry))));
}

function isTestFile(name) {
  return name === "test" || name === "fuzz" || name === "bench" || /\.test\.tsx?$/.test(name);
}
