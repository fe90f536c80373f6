/**
 * `npm run setup`: installs and builds what is stale, and nothing else. What is stale is judged by content, so a second run does nothing.
 * Runs with any Node from 20 on and nothing installed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cache, hashInputs, node, root, runOrThrow } from "./checkout.mjs";
import { ensurePackages, missingPackages, packagesFor } from "./debian-packages.mjs";
import { withLock } from "./lock.mjs";

const addon = join(root, "build/Release/ipvs.node");
const pageInputs = [
  "app",
  "components",
  "domain",
  "messages",
  "server",
  "public",
  "next.config.mjs",
  "postcss.config.mjs",
  "package-lock.json",
];

/** Installs the npm packages of package-lock.json when what is installed differs. Throws a sentence for people. */
export function install() {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    throw new Error(`IPVS Console runs on Linux on x64 or arm64; this is ${process.platform} on ${process.arch}.`);
  }
  if (!isInstalled()) {
    process.stderr.write("Installing npm packages…\n");
    // npm runs on the machine's Node: the project's own is among what npm is about to replace.
    const path = (process.env.PATH ?? "")
      .split(delimiter)
      .filter((folder) => !folder.startsWith(join(root, "node_modules")));
    const env = { ...process.env, PATH: path.join(delimiter) };
    // Not "npm ci": it refuses a lock file without other platforms' optional packages, which not every registry has.
    const args = ["install", "--no-save", "--include=dev", "--include=optional"];
    runOrThrow("npm install", "npm", args, { limitS: 400, env });
    if (!isInstalled()) throw new Error("What npm has installed is not what package-lock.json names.");
  }
  if (!existsSync(node))
    throw new Error(`npm has not installed node-linux-${process.arch}, the Node 24 that runs this project.`);
  typeStubs();
}

/** npm's own record of what it installed, which it writes last: every package of package-lock.json in its version, but for other platforms'. */
function isInstalled() {
  const installed = packagesIn("node_modules/.package-lock.json");
  const wanted = packagesIn("package-lock.json");
  if (installed === null || wanted === null) return false;
  return Object.entries(wanted).every(([name, { version, optional, devOptional }]) => {
    if (name === "") return true;
    return name in installed ? installed[name].version === version : Boolean(optional ?? devOptional);
  });
}

function packagesIn(name) {
  const file = join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : null;
}

/** next-env.d.ts tells the compiler about Next's own types; it is generated, and a bare checkout has none. */
function typeStubs() {
  if (existsSync(join(root, "next-env.d.ts")) || !existsSync(join(root, "app/layout.tsx"))) return;
  runOrThrow("next typegen", node, [join(root, "node_modules/next/dist/bin/next"), "typegen"], { limitS: 120 });
}

/**
 * Builds the native addon when its sources, its build file or Node changed. Where there is no compiler and none can be installed it throws
 * when `required`, and otherwise says on stderr what then does not work.
 */
export function buildAddon({ required }) {
  if (!existsSync(join(root, "binding.gyp")))
    throw new Error("binding.gyp is missing: the native addon cannot be built.");
  const headers = join(root, `node_modules/node-linux-${process.arch}`);
  const version = JSON.parse(readFileSync(join(headers, "package.json"), "utf8")).version;
  const fresh = stamp(
    "addon",
    hashInputs(["native", "binding.gyp", "package-lock.json"], `${version} ${process.arch}`),
  );
  if (existsSync(addon) && fresh.matches) return;
  try {
    ensurePackages(packagesFor.compiler);
  } catch (error) {
    if (required) throw error;
    const missing = missingPackages(packagesFor.compiler).join(", ");
    process.stderr.write(
      `WARNING: the native addon was not built (missing: ${missing}), so only DIRECTOR=simulated works. ${error.message}\n`,
    );
    return;
  }
  process.stderr.write("Building the native addon…\n");
  // Not "rebuild": that removes build/ whole, under the feet of whatever runs from it.
  const gyp = join(root, "node_modules/node-gyp/bin/node-gyp.js");
  runOrThrow(
    "Building the native addon",
    node,
    [gyp, "configure", "build", "--jobs=2", "--loglevel=warn", `--nodedir=${headers}`],
    { limitS: 300 },
  );
  if (!existsSync(addon)) throw new Error(`The addon's build ended well, but there is no ${addon}.`);
  fresh.write();
}

/** Builds the pages with Next when anything that goes into them changed. */
export function buildPages() {
  const fresh = stamp("pages", hashInputs([...pageInputs, "package.json", "tsconfig.json"]));
  if (existsSync(join(root, ".next/BUILD_ID")) && fresh.matches) return;
  process.stderr.write("Building the pages…\n");
  runOrThrow("Building the pages", node, [join(root, "node_modules/next/dist/bin/next"), "build"], { limitS: 400 });
  fresh.write();
}

/** Remembers under a name what the last good build was made from. */
function stamp(name, hash) {
  const file = join(cache, "stamps", name);
  return {
    matches: existsSync(file) && readFileSync(file, "utf8") === hash,
    write: () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, hash);
    },
  };
}

/** Everything that `npm start` needs, in order, one set-up at a time. */
export async function setup({ addonRequired = process.env.DIRECTOR === "kernel" } = {}) {
  await withLock("setup", 900, () => {
    install();
    buildAddon({ required: addonRequired });
    buildPages();
  });
}

/** One part of the set-up under the same lock. */
export function locked(part) {
  return withLock("setup", 900, part);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await setup();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
