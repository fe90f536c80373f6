import { describe, expect, it, test } from "vitest";
import type { ServerSpec } from "../real-server.ts";
import type { ServiceSpec } from "../service.ts";
import { parseRules } from "./parse.ts";
import { namesIn, resolveNames } from "./resolve.ts";
import { noNames } from "./settle.ts";

const tcp = (address: string, port: number) => ({ kind: "address", protocol: "tcp", address, port });
const http = tcp("10.0.0.9", 80);
const http6 = tcp("2001:db8::9", 80);
const spec = (parts: Partial<ServiceSpec> = {}): ServiceSpec => ({
  scheduler: "wlc",
  schedulerFlags: [],
  persistence: null,
  onePacket: false,
  engine: null,
  ...parts,
});
const persistence = (timeoutS: number, netmask = "255.255.255.255") => ({ persistence: { timeoutS, netmask } });
const server = (parts: Partial<ServerSpec> = {}): ServerSpec => ({
  address: "10.0.0.1",
  port: 80,
  forward: "direct",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: null,
  ...parts,
});
const tunnel = (type: "ipip" | "gue" | "gre", port: number, checksum: "none" | "checksum" | "remote-checksum") =>
  server({ forward: "tunnel", tunnel: { type, port, checksum } });

/** The one statement of a line, without where it stands. */
function ruleOf(line: string): unknown {
  const { statements, problems } = parseRules(line);
  expect(problems).toEqual([]);
  expect(statements).toHaveLength(1);
  const { line: _line, column: _column, endColumn: _endColumn, ...rule } = statements[0] ?? ({} as never);
  return rule;
}

describe("a line as ipvsadm takes it", () => {
  test.each<[string, unknown]>([
    ["-A -t 10.0.0.9:80", { command: "add-service", service: http, spec: spec() }],
    ["-At 10.0.0.9:80 -srr", { command: "add-service", service: http, spec: spec({ scheduler: "rr" }) }],
    ["-At=10.0.0.9:80 -s=rr", { command: "add-service", service: http, spec: spec({ scheduler: "rr" }) }],
    [
      "--add-service --tcp-service=10.0.0.9:80 --scheduler rr --persistent",
      { command: "add-service", service: http, spec: spec({ scheduler: "rr", ...persistence(360) }) },
    ],
    [
      "-A -t 10.0.0.9:80 -p -s rr",
      { command: "add-service", service: http, spec: spec({ scheduler: "rr", ...persistence(360) }) },
    ],
    ["-A -t [2001:db8::9]:80 -p5 -M 64", { command: "add-service", service: http6, spec: spec(persistence(5, "64")) }],
    ["-A -t [2001:DB8:0::9]:80", { command: "add-service", service: http6, spec: spec() }],
    [
      "-A -t 2001:db8::9 -p 5",
      { command: "add-service", service: tcp("2001:db8::9", 0), spec: spec(persistence(5, "128")) },
    ],
    [
      "-A --sctp-service 10.0.0.9:80 -b flag-3,,flag-1",
      {
        command: "add-service",
        service: { ...http, protocol: "sctp" },
        spec: spec({ schedulerFlags: ["flag-1", "flag-3"] }),
      },
    ],
    [
      "-A -u 10.0.0.9:80 -b sh-port -o -s sh --pe sip",
      {
        command: "add-service",
        service: { ...http, protocol: "udp" },
        spec: spec({ scheduler: "sh", schedulerFlags: ["flag-2"], onePacket: true, engine: "sip" }),
      },
    ],
    [
      "-E -f 4294967295 -6",
      { command: "edit-service", service: { kind: "fwmark", family: 6, mark: 4294967295 }, spec: spec() },
    ],
    ["-D -f +7", { command: "delete-service", service: { kind: "fwmark", family: 4, mark: 7 } }],
    ["-D -t 10.0.0.9", { command: "delete-service", service: tcp("10.0.0.9", 0) }],
    ["-a -t 10.0.0.9:80 -r 10.0.0.1", { command: "add-server", service: http, server: server() }],
    [
      "-a -t 10.0.0.9:80 -r 10.0.0.1:81 -mw=5",
      { command: "add-server", service: http, server: server({ port: 81, forward: "nat", weight: 5 }) },
    ],
    [
      "-a -t 10.0.0.9:80 -r 10.0.0.1 -x 9 -y 3",
      { command: "add-server", service: http, server: server({ upperThreshold: 9, lowerThreshold: 3 }) },
    ],
    ["-e -t 10.0.0.9:80 -r 10.0.0.1 -i", { command: "edit-server", service: http, server: tunnel("ipip", 0, "none") }],
    [
      "-e -t 10.0.0.9:80 -r 10.0.0.1 --tun-type gue --tun-port 6080 --tun-remcsum -i",
      { command: "edit-server", service: http, server: tunnel("gue", 6080, "remote-checksum") },
    ],
    [
      "-e -t 10.0.0.9:80 -r 10.0.0.1 -i --tun-type gre --tun-nocsum",
      { command: "edit-server", service: http, server: tunnel("gre", 0, "none") },
    ],
    [
      "-a -f 7 -r 10.0.0.1 -m",
      {
        command: "add-server",
        service: { kind: "fwmark", family: 4, mark: 7 },
        server: server({ port: 0, forward: "nat" }),
      },
    ],
    [
      "-d -t 10.0.0.9:80 -r 10.0.0.1",
      { command: "delete-server", service: http, server: { address: "10.0.0.1", port: 80 } },
    ],
    [
      "-d -t 10.0.0.9:80 -r 10.0.0.1:81",
      { command: "delete-server", service: http, server: { address: "10.0.0.1", port: 81 } },
    ],
    ["-Z", { command: "zero", service: null }],
    ["-Z --sort", { command: "zero", service: null }],
    ["-Z -t 10.0.0.9:80", { command: "zero", service: http }],
    ["-C", { command: "clear" }],
    ["1 --set -- 2 +3", { command: "set", timeouts: { tcpS: 1, tcpFinS: 2, udpS: 3 } }],
    ["--start-daemon master", { command: "start-daemon", daemon: { role: "master", interface: "eth0", syncId: 0 } }],
    [
      "--start-daemon=backup --mcast-interface bond0 --syncid 7 --sync-maxlen 1400 --mcast-group 224.1.2.3 --mcast-port 8849 --mcast-ttl 2",
      {
        command: "start-daemon",
        daemon: {
          role: "backup",
          interface: "bond0",
          syncId: 7,
          maxLength: 1400,
          group: "224.1.2.3",
          port: 8849,
          ttl: 2,
        },
      },
    ],
    ["--stop-daemon backup --syncid 7", { command: "stop-daemon", role: "backup" }],
  ])("%s", (line, rule) => {
    expect(ruleOf(line)).toEqual(rule);
  });

  it("knows its own name wherever it stands, and no other separator than blank, tab and carriage return", () => {
    const plain = ruleOf("-A -t 10.0.0.9:80 -s rr");
    expect(ruleOf("ipvsadm -A\t-t 10.0.0.9:80 ipvsadm -s  rr\r")).toEqual(plain);
  });
});

describe("what ipvsadm takes otherwise than it looks", () => {
  test.each<[string, unknown, string[]]>([
    [
      "-A -t 010.0.0.9:80",
      { command: "add-service", service: tcp("8.0.0.9", 80), spec: spec() },
      ["1:7-19 ADDRESS_SHORT"],
    ],
    ["-A -t 0x0a000009:80", { command: "add-service", service: http, spec: spec() }, ["1:7-20 ADDRESS_SHORT"]],
    [
      "-A -t 10.0.0.9:80 -p 5 -M 24",
      { command: "add-service", service: http, spec: spec(persistence(5, "0.0.0.24")) },
      ["1:27-29 NETMASK_SHORT"],
    ],
    [
      "-A -M 64 -t [2001:db8::9]:80 -p 5",
      { command: "add-service", service: http6, spec: spec(persistence(5, "128")) },
      ["1:4-6 NETMASK_LOST"],
    ],
    [
      "-A -f 1 -M 64 -6 -p 5",
      { command: "add-service", service: { kind: "fwmark", family: 6, mark: 1 }, spec: spec(persistence(5, "128")) },
      ["1:9-11 NETMASK_LOST"],
    ],
    [
      "-A -t [10.0.0.9]:80 -p 5",
      { command: "add-service", service: tcp("10.0.0.9", 0), spec: spec(persistence(5)) },
      ["1:7-20 BRACKETS_LOSE_PORT"],
    ],
    [
      "-a -r 10.0.0.1 -t 10.0.0.9:80 -m",
      { command: "add-server", service: http, server: server({ port: 0, forward: "nat" }) },
      ["1:7-15 SERVER_PORT_ZERO"],
    ],
    ["-a -r 10.0.0.1 -t 10.0.0.9:80", { command: "add-server", service: http, server: server() }, []],
    [
      "-a -t 10.0.0.9:80 -r 10.0.0.1:81 -g",
      { command: "add-server", service: http, server: server() },
      ["1:22-33 SERVER_PORT_REPLACED"],
    ],
  ])("%s", (line, rule, warnings) => {
    expect(ruleOf(line)).toEqual(rule);
    const said = parseRules(line).warnings;
    expect(said.map(({ column, endColumn, code }) => `1:${column}-${endColumn} ${code}`)).toEqual(warnings);
  });
});

describe("text as people have it", () => {
  test.each([
    "sudo ipvsadm -A -t 10.0.0.9:80 -s rr",
    "/sbin/ipvsadm -A -t 10.0.0.9:80 -s rr",
    "$ sudo /usr/sbin/ipvsadm -A -t 10.0.0.9:80 -s rr",
    "# ipvsadm -A -t 10.0.0.9:80 -s rr",
    "[root@lb1 ~]# ipvsadm -A -t 10.0.0.9:80 -s rr",
    "root@lb1:~# ipvsadm -A -t 10.0.0.9:80 -s rr",
    "\ufeff  -A -t 10.0.0.9:80 -s rr   # the web",
  ])("%s", (line) => {
    expect(ruleOf(line)).toEqual({ command: "add-service", service: http, spec: spec({ scheduler: "rr" }) });
  });

  test.each<[string, string, string]>([
    ["–A -t 10.0.0.9:80", "DASH", "-A"],
    ["—set 1 2 3", "DASH", "--set"],
    ["-A –tcp-service=10.0.0.9:80", "DASH", "--tcp-service=10.0.0.9:80"],
    ["-A -t 10.0.0.9：80", "FULLWIDTH", "10.0.0.9:80"],
    ["-A -t “10.0.0.9:80”", "QUOTES", "10.0.0.9:80"],
    ["-A -t 10.0.0.9", "PORT_MISSING", "10.0.0.9:80"],
    ["-A -t www.example.org", "PORT_MISSING", "www.example.org:80"],
    ["-A --sched rr", "UNKNOWN_OPTION", ""],
    ["-A --schedu rr", "UNKNOWN_OPTION_MEANT", "--scheduler"],
  ])("%s says what to write", (line, code, write) => {
    const [problem] = parseRules(line).problems;
    expect([problem?.code, problem?.params["write"] ?? ""]).toEqual([code, write]);
  });

  it("takes a rule behind a # for a comment when there are rules without", () => {
    const { statements, warnings } = parseRules(
      "# web\n-C\n#-A -t 10.0.0.8:80\n# ipvsadm -A -t 10.0.0.9:80\n#!/bin/sh\n# ipvsadm rules",
    );
    expect(statements.map(({ command }) => command)).toEqual(["clear"]);
    expect(warnings.map(({ line, code }) => [line, code])).toEqual([[4, "COMMENT_LIKE_RULE"]]);
  });

  it("reads a terminal's whole session in its order", () => {
    const { statements, problems } = parseRules("# ipvsadm -C\n# sudo ipvsadm -A -f 7\n#\n# ipvsadm -D -f 7\n");
    expect(problems).toEqual([]);
    expect(statements.map(({ line, command }) => [line, command])).toEqual([
      [1, "clear"],
      [2, "add-service"],
      [4, "delete-service"],
    ]);
  });
});

describe("names", () => {
  const text = [
    "-A -t www.example.org:http -s rr",
    "-a -t www.example.org:http -r web1 -m",
    "-a -t www.example.org:http -r web1:8080 -i",
    "-d -t 10.0.0.9:80 -r web2:http",
    "-C",
  ].join("\n");
  const names = {
    host: (name: string) => ({ "www.example.org": "192.0.2.80", web1: "10.0.0.1", web2: "2001:db8::2" })[name] ?? null,
    port: (name: string, protocol: string) => (name === "http" && protocol === "tcp" ? 80 : null),
  };

  it("are gathered, each once, and resolved where they stand", () => {
    const { statements } = parseRules(text);
    expect(namesIn(statements)).toEqual({
      hosts: ["www.example.org", "web1", "web2"],
      ports: [{ name: "http", protocol: "tcp" }],
    });
    const resolved = resolveNames(statements, names);
    expect(resolved.problems).toEqual([]);
    expect(resolved.warnings.map(({ line, code }) => [line, code])).toEqual([[3, "SERVER_PORT_REPLACED"]]);
    expect(resolved.statements.map(({ line, column: _c, endColumn: _e, ...rule }) => [line, rule])).toEqual([
      [1, { command: "add-service", service: tcp("192.0.2.80", 80), spec: spec({ scheduler: "rr" }) }],
      [2, { command: "add-server", service: tcp("192.0.2.80", 80), server: server({ forward: "nat" }) }],
      [3, { command: "add-server", service: tcp("192.0.2.80", 80), server: tunnel("ipip", 0, "none") }],
      [4, { command: "delete-server", service: http, server: { address: "2001:db8::2", port: 80 } }],
      [5, { command: "clear" }],
    ]);
  });

  it("that mean nothing are told where they stand, once each", () => {
    const { problems, statements } = resolveNames(parseRules(text).statements, noNames);
    expect(statements.map(({ command }) => command)).toEqual(["clear"]);
    expect(problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      "1:7 NAME_UNKNOWN",
      "1:23 PORT_NAME_UNKNOWN",
      "2:7 NAME_UNKNOWN",
      "2:23 PORT_NAME_UNKNOWN",
      "3:7 NAME_UNKNOWN",
      "3:23 PORT_NAME_UNKNOWN",
      "4:22 NAME_UNKNOWN",
      "4:27 PORT_NAME_UNKNOWN",
    ]);
  });

  it("are checked for what they mean", () => {
    const { problems } = resolveNames(parseRules("-A -t all.example.org:80").statements, {
      ...names,
      host: () => "224.0.0.1",
    });
    expect(problems.map(({ code, column }) => [code, column])).toEqual([["VIP_MULTICAST", 7]]);
  });
});
