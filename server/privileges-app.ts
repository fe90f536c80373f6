import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type Account, asAccount } from "./privileges-account.ts";

/** What web is made of besides its packages: it runs from source but for the pages. Tests and the director's addon are no part of it. */
const ownParts = ["server", "domain", "messages", "i18n", "public", ".next", "package.json", "next.config.mjs"];
const installed = "node_modules/.package-lock.json";

/** Next's build keeps these beside what it serves, and only builds read them. */
const buildOnly = new Set([".next/cache", ".next/trace", ".next/trace-build", ".next/diagnostics", ".next/types"]);

/** Where web's code and the Node that runs it lie. */
export interface App {
  root: string;
  node: string;
}

/**
 * An app that `account` can read: the one at `root` itself, or, when a folder above it is closed or files in it are, a copy under
 * `copies`, of what web needs when it runs. The copy is made of hard links where the file system allows, belongs to root,
 * and is made anew when the code or the build has changed. Needs root.
 */
export function readableApp(root: string, node: string, account: Account, copies: string): App {
  const parts = filesOf(root);
  const all = [...parts, join(root, installed), join(root, "node_modules/next/package.json"), node];
  if (asAccount(account, () => all.every((file) => isReadable(file)))) return { root, node };
  const name = stampOf(root, [...parts, join(root, installed), node]);
  const copy = join(copies, name);
  if (!existsSync(copy)) makeCopy(root, node, copy);
  for (const other of readdirSync(copies).filter((each) => each !== name && !isBeingMade(each)))
    rmSync(join(copies, other), { recursive: true, force: true });
  return { root: copy, node: join(copy, "bin/node") };
}

function filesOf(root: string): string[] {
  const under = (name: string): string[] => {
    if (!statSync(join(root, name)).isDirectory()) return [join(root, name)];
    return readdirSync(join(root, name))
      .map((entry) => `${name}/${entry}`)
      .flatMap((entry) => (buildOnly.has(entry) ? [] : under(entry)));
  };
  return ownParts.filter((name) => existsSync(join(root, name))).flatMap(under);
}

function isReadable(file: string): boolean {
  try {
    closeSync(openSync(file, "r"));
    return true;
  } catch (error) {
    // What is missing is not there for root either; web says so better when it starts.
    return (error as NodeJS.ErrnoException).code !== "EACCES";
  }
}

/** Changes when any of these files does: by size and time, as make(1) judges. */
function stampOf(root: string, files: string[]): string {
  const hash = createHash("sha256").update(root);
  for (const file of files.filter((each) => existsSync(each)).sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`\0${file}\0${size}\0${mtimeMs}`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** The copy has its name only once it is whole. */
function makeCopy(root: string, node: string, copy: string): void {
  const mask = process.umask(0o022);
  try {
    mkdirSync(dirname(copy), { recursive: true });
    const unfinished = join(dirname(copy), `.${process.pid}`);
    rmSync(unfinished, { recursive: true, force: true });
    for (const part of ownParts.filter((name) => existsSync(join(root, name))))
      copyTree(join(root, part), join(unfinished, part), (path) => buildOnly.has(relative(root, path)));
    for (const name of packagesOf(root))
      copyTree(join(root, name), join(unfinished, name), (path) => basename(path) === "node_modules");
    copyTree(node, join(unfinished, "bin/node"), () => false);
    try {
      renameSync(unfinished, copy);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      // Another process was faster, and made the same.
      if (!existsSync(copy)) throw error;
    }
  } finally {
    process.umask(mask);
  }
}

/** Installed packages by their folder, without those of development, the compiler that Next builds with, and Node's headers. */
function packagesOf(root: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, installed), "utf8")) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([name, { dev, devOptional }]) => name !== "" && !dev && !devOptional && existsSync(join(root, name)))
    .map(([name]) => name)
    .filter((name) => !/^node_modules\/(@next\/swc-|node-linux-)/.test(name));
}

function isBeingMade(name: string): boolean {
  return name.startsWith(".") && existsSync(`/proc/${name.slice(1)}`);
}

function copyTree(from: string, to: string, isLeftOut: (path: string) => boolean): void {
  if (statSync(from).isFile()) {
    mkdirSync(dirname(to), { recursive: true });
    copyFile(from, to);
    return;
  }
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (isLeftOut(source)) continue;
    if (entry.isDirectory()) copyTree(source, target, isLeftOut);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isFile()) copyFile(source, target);
  }
}

/** A second name for the file, unless that would leave it closed to web or open for anyone to write, or the file system does not have it. */
function copyFile(from: string, to: string): void {
  const { mode } = statSync(from);
  const executable = (mode & 0o100) !== 0;
  if ((mode & 0o007) === (executable ? 0o005 : 0o004)) {
    try {
      linkSync(from, to);
      return;
    } catch (error) {
      if (!["EXDEV", "EPERM", "EMLINK", "EOPNOTSUPP"].includes((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
    }
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, executable ? 0o755 : 0o644);
}
