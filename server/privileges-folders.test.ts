import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "./config.ts";
import { asAccount } from "./privileges-account.ts";
import { prepareFolders } from "./privileges-folders.ts";

const account = { uid: 40_001, gid: 40_002, name: "webber" };
const other = { uid: 40_003, gid: 40_004, name: "another" };
let folder: string;
let stateDir: string;
let runtimeDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folders-"));
  chmodSync(folder, 0o711);
  stateDir = join(folder, "deep", "state");
  runtimeDir = join(folder, "run");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const prepare = (who = account) => prepareFolders({ stateDir, runtimeDir }, who);
/** owner, group and mode as one text */
const rights = (path: string) => {
  const { uid, gid, mode } = lstatSync(path);
  return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
};

describe.skipIf(process.getuid?.() !== 0)("prepareFolders (as root)", () => {
  test("each process has its own, and they meet in one", () => {
    const mask = process.umask(0o077);
    try {
      prepare();
    } finally {
      process.umask(mask);
    }
    expect(rights(stateDir)).toBe("0:0 755");
    expect(rights(join(stateDir, "director"))).toBe("0:0 700");
    expect(rights(join(stateDir, "web"))).toBe("40001:40002 700");
    expect(rights(runtimeDir)).toBe("0:40002 2750");
    asAccount(account, () => writeFileSync(join(stateDir, "web", "mine"), ""));
    for (const path of [join(stateDir, "director"), join(stateDir, "x"), join(runtimeDir, "x")])
      expect(() => asAccount(account, () => readdirSync(path) && writeFileSync(path, ""))).toThrow(/EACCES|ENOENT/);
    // What root makes there is for web's group.
    writeFileSync(join(runtimeDir, "director.sock"), "", { mode: 0o660 });
    expect(statSync(join(runtimeDir, "director.sock")).gid).toBe(40_002);
  });

  test("again it changes nothing; a director that was there first lets web in afterwards", () => {
    mkdirSync(join(stateDir, "director"), { recursive: true });
    mkdirSync(runtimeDir, { mode: 0o750 });
    writeFileSync(join(runtimeDir, "director.sock"), "");
    chmodSync(stateDir, 0o700);
    prepare();
    const before = [stateDir, join(stateDir, "director"), runtimeDir, join(runtimeDir, "director.sock")].map(rights);
    expect(before).toEqual(["0:0 755", "0:0 700", "0:40002 2750", "0:40002 644"]);
    prepare();
    expect([stateDir, join(stateDir, "director"), runtimeDir, join(runtimeDir, "director.sock")].map(rights)).toEqual(
      before,
    );
  });

  test("web's files go to a new account of web's; what the former one has planted does not", () => {
    prepare();
    const web = join(stateDir, "web");
    const precious = join(folder, "precious");
    for (const name of [precious, `${precious}2`, join(web, "web.sqlite")]) writeFileSync(name, "", { mode: 0o600 });
    asAccount(account, () => symlinkSync(precious, join(web, "symbolic")));
    linkSync(`${precious}2`, join(web, "hard"));
    chownSync(join(web, "web.sqlite"), account.uid, account.gid);
    prepare(other);
    expect(rights(web)).toBe("40003:40004 700");
    expect(rights(join(web, "web.sqlite"))).toBe("40003:40004 600");
    expect([precious, `${precious}2`].map(rights)).toEqual(["0:0 600", "0:0 600"]);
    expect(rights(runtimeDir)).toBe("0:40004 2750");
  });

  test("what web could not reach is refused in words", () => {
    chmodSync(folder, 0o700);
    expect(() => prepare()).toThrow(ConfigError);
    expect(() => prepare()).toThrow(`STATE_DIR is "${stateDir}"; web runs as webber, which cannot get there`);
    stateDir = mkdtempSync(join(tmpdir(), "folders-"));
    expect(() => prepare()).toThrow(`RUNTIME_DIR is "${runtimeDir}"; web runs as webber, which cannot get there`);
    rmSync(stateDir, { recursive: true });
  });

  test("a folder with other things in it, of somebody else, or behind a link keeps its rights", () => {
    mkdirSync(runtimeDir, { mode: 0o755 });
    writeFileSync(join(runtimeDir, "other.pid"), "");
    expect(() => prepare()).toThrow(`RUNTIME_DIR is "${runtimeDir}", which holds other things`);
    expect(rights(runtimeDir)).toBe("0:0 755");
    rmSync(runtimeDir, { recursive: true });

    stateDir = join(folder, "home");
    mkdirSync(stateDir, { mode: 0o700 });
    writeFileSync(join(stateDir, ".bashrc"), "");
    expect(() => prepare()).toThrow(`STATE_DIR is "${stateDir}", which holds other things`);
    expect(rights(stateDir)).toBe("0:0 700");
    rmSync(stateDir, { recursive: true });

    mkdirSync(stateDir);
    chownSync(stateDir, other.uid, other.gid);
    expect(() => prepare()).toThrow(`STATE_DIR is "${stateDir}", which belongs to user 40003`);
    chownSync(stateDir, 0, 0);

    mkdirSync(join(folder, "elsewhere"));
    symlinkSync(join(folder, "elsewhere"), join(stateDir, "web"));
    expect(() => prepare()).toThrow(`"${join(stateDir, "web")}" is not a folder but a link to one`);
    expect(rights(join(folder, "elsewhere"))).toBe("0:0 755");
  });
});
