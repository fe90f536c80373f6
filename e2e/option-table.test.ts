import { describe, expect, test } from "vitest";
import { options } from "#domain/rules/options";
import { optionTable } from "./option-table.ts";

const rows = optionTable();
const ofIpvsadm = rows.flatMap(({ ipvsadm }) => ipvsadm);
const ofIpvsctl = rows.flatMap(({ ipvsctl }) => ipvsctl);

/** ipvsctl 1.3.0: its commands by their first name, and the options of each (its own `--help` and README). */
const ipvsctlCommands = {
  zero: ["--yes"],
  flush: ["--yes"],
  service: {
    list: ["--stats"],
    string: [],
    check: key(),
    get: [...key(), "--stats"],
    zero: key(),
    flush: [],
    del: key(),
  },
  "service add": serviceOptions(),
  "service update": serviceOptions(),
  server: {
    list: [...key(), "--stats"],
    add: [...key(), "--rip", "--rport", "--forward", "--weight"],
    update: [...key(), "--rip", "--rport", "--forward", "--weight"],
    del: [...key(), "--rip", "--rport"],
    flush: key(),
  },
  address: { list: key(), add: [...key(), "--lip"], del: [...key(), "--lip"], flush: key() },
  timeout: { show: [], set: ["--tcp", "--tcpfin", "--udp"] },
  daemon: { show: [], add: ["--state", "--sync-id", "--mcast-ifn"], del: ["--state"] },
  connection: { show: ["--vip", "--vport", "--path"] },
  help: [],
};
const forwards = ["local", "mask", "masq", "bypass", "dr", "tun", "fnat"];

function key(): string[] {
  return ["--vip", "--vport", "--protocol"];
}

function serviceOptions(): string[] {
  return [...key(), "--scheduler", "--persistent", "--timeout", "--netmask"];
}

describe("README's table of options", () => {
  test("has every option of ipvsadm 1.31, by both names, once, and no other", () => {
    const wanted = new Set(
      options.flatMap(({ long, short }) => [`--${long}`, ...(short === null ? [] : [`-${short}`])]),
    );
    expect(wanted.size).toBeGreaterThan(80);
    expect([...ofIpvsadm].sort()).toEqual([...wanted].sort());
  });

  test("has every command and option of ipvsctl 1.3.0, and no other", () => {
    const commands: string[] = [];
    const wanted = new Set(["--help", "--version"]);
    for (const [name, inner] of Object.entries(ipvsctlCommands)) {
      if (Array.isArray(inner)) commands.push(name);
      else commands.push(...Object.keys(inner).map((each) => `${name} ${each}`));
      for (const option of Object.values(inner).flat()) if (option.startsWith("--")) wanted.add(option);
    }
    wanted.delete("--forward");
    for (const forward of forwards) wanted.add(`--forward ${forward}`);
    expect(ofIpvsctl.filter((code) => !code.startsWith("--")).sort()).toEqual(commands.sort());
    expect(ofIpvsctl.filter((code) => code.startsWith("--")).sort()).toEqual([...wanted].sort());
  });

  test("names a place for each", () => {
    for (const { ipvsadm, ipvsctl, here } of rows) {
      expect(ipvsadm.length + ipvsctl.length).toBeGreaterThan(0);
      expect(here).not.toBe("");
    }
  });
});
