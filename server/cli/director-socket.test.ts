import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "../config.ts";
import { directorSocket, socketThere, whoMayOpen } from "./director-socket.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "director-socket-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Something where a socket is looked for, in a folder of its own. */
function made(name: string): string {
  mkdirSync(join(folder, name));
  const path = join(folder, name, "director.sock");
  writeFileSync(path, "");
  return path;
}

describe("directorSocket", () => {
  test("a flag goes before the environment; settings of the two processes are none of its business", () => {
    const env = { RUNTIME_DIR: "/told/by/env", LISTEN: "nonsense", SAMPLE_MS: "never" };
    expect(directorSocket({}, env)).toBe("/told/by/env/director.sock");
    expect(directorSocket({ "runtime-dir": "/told/by/flag" }, env)).toBe("/told/by/flag/director.sock");
    expect(directorSocket({}, { RUNTIME_DIRECTORY: "/told/by/systemd" })).toBe("/told/by/systemd/director.sock");
  });

  test("a setting that cannot be used is refused by its name", () => {
    expect(() => directorSocket({ "runtime-dir": "run" }, {})).toThrow(ConfigError);
    expect(() => directorSocket({ "runtime-dir": "run" }, {})).toThrow(/^RUNTIME_DIR is "run"; .* absolute path/);
  });
});

test("told nothing, the user's own socket is meant where there is one, else the system's where there is one", () => {
  const nowhere = join(folder, "nowhere", "director.sock");
  const own = made("own");
  const system = made("system");
  expect(socketThere(own, system)).toBe(own);
  expect(socketThere(nowhere, system)).toBe(system);
  expect(socketThere(join(own, "not-a-folder"), system)).toBe(system);
  expect(socketThere(nowhere, join(folder, "no-system"))).toBe(nowhere);
});

describe("whoMayOpen", () => {
  /** Only root may give a file to a group at will; anyone's own is a group as well, unless that is root's. */
  function ofGroup(): { socket: string; gid: number } {
    const socket = made("own");
    if (process.getuid?.() === 0) chownSync(socket, 0, 3_456_789);
    return { socket, gid: statSync(socket).gid };
  }
  function groups(text: string): string {
    const file = join(folder, "group");
    writeFileSync(file, text);
    return file;
  }

  test("names the socket's group", () => {
    const { socket, gid } = ofGroup();
    const file = groups(`root:x:0:\nother:x:4242424:\nkeepers:x:${gid}:someone\n`);
    expect(whoMayOpen(socket, file)).toBe("root or as a member of group keepers");
  });

  test("a group without a name is told by its number", () => {
    const { socket, gid } = ofGroup();
    expect(whoMayOpen(socket, groups("root:x:0:\n"))).toBe(`root or as a member of group ${gid}`);
  });

  test("root's own group is nobody's advice, and what cannot be found out is not made up", () => {
    const socket = made("own");
    if (statSync(socket).gid === 0) expect(whoMayOpen(socket, groups("root:x:0:\n"))).toBe("root");
    expect(whoMayOpen("/no/such/folder/director.sock")).toBe("root");
  });
});
