import { describe, expect, test } from "vitest";
import type { Connection } from "../connection.ts";
import { connectionRowBytes, decodeConnection } from "./packed-row.ts";
import { newReadNames, readConnectionLine } from "./read-line.ts";

/** What a line says, or null when it is no row. */
function read(line: string, hasOrigin = false): Connection | null {
  const names = newReadNames();
  const row = new DataView(new ArrayBuffer(connectionRowBytes));
  // Whatever a row before has left behind must not show.
  for (let at = 0; at < connectionRowBytes; at++) row.setUint8(at, 0xff);
  if (!readConnectionLine(line, hasOrigin, names, row)) return null;
  const texts = { states: names.states.texts, engines: names.engines.texts };
  return decodeConnection(new Uint8Array(row.buffer), 0, texts, 0);
}

const http = {
  protocol: "tcp",
  client: { address: "10.0.0.9", port: 50_000 },
  virtual: { address: "192.0.2.10", port: 80 },
  server: { address: "10.0.1.11", port: 8080 },
  state: "ESTABLISHED",
  expiresS: 899,
  isTemplate: false,
  holds: null,
  engine: null,
  origin: null,
};

describe("a line of /proc/net/ip_vs_conn", () => {
  test("of IPv4", () => {
    expect(read("TCP 0A000009 C350 C000020A 0050 0A00010B 1F90 ESTABLISHED     899")).toEqual(http);
  });

  test("of IPv6, to a server of either family", () => {
    const ends = "2001:0db8:0000:0000:0000:0000:0000:0009 C350 2001:0db8:0000:0000:0000:0000:0000:0080 0050";
    const six = {
      ...http,
      client: { address: "2001:db8::9", port: 50_000 },
      virtual: { address: "2001:db8::80", port: 80 },
    };
    expect(read(`TCP ${ends} fd00:0010:0000:0000:0000:0000:0000:0011 1F90 ESTABLISHED     899`)).toEqual({
      ...six,
      server: { address: "fd00:10::11", port: 8080 },
    });
    expect(read(`TCP ${ends} 0A00010B 1F90 ESTABLISHED     899`)).toEqual({ ...six, server: http.server });
    const fourToSix =
      "TCP 0A000009 C350 C000020A 0050 fd00:0010:0000:0000:0000:0000:0000:0011 1F90 ESTABLISHED     899";
    expect(read(fourToSix)).toEqual({ ...http, server: { address: "fd00:10::11", port: 8080 } });
  });

  test("of UDP and SCTP", () => {
    expect(read("UDP 0A000009 C350 C000020A 0035 0A00010B 0035 UDP             300")).toMatchObject({
      protocol: "udp",
      state: "UDP",
      expiresS: 300,
    });
    expect(read("SCTP 0A000009 C350 C000020A 0B59 0A00010B 0B59 S-RECEIVED        2")).toMatchObject({
      protocol: "sctp",
      state: "S-RECEIVED",
    });
  });

  test("of a template, with what its persistence engine remembers", () => {
    const line = "UDP 0A000000 0000 C000020A 13C4 0A00010B 13C4 NONE            358 sip callid-123@host";
    expect(read(line)).toMatchObject({
      client: { address: "10.0.0.0", port: 0 },
      isTemplate: true,
      holds: null,
      engine: { name: "sip", data: "callid-123@host" },
    });
    expect(read("TCP 0A000000 0000 C000020A 0050 0A00010B 0050 ASSURED         358")).toMatchObject({
      isTemplate: true,
      holds: 0,
      engine: null,
    });
  });

  test("of a firewall mark's template: protocol ip, the mark where the address is", () => {
    expect(read("IP  0A000000 0000 00000007 0000 0A00010B 0000 ASSURED         298")).toMatchObject({
      protocol: "ip",
      virtual: { address: "0.0.0.7", port: 0 },
      isTemplate: true,
    });
  });

  test("of FTP data whose client port is not known yet: a connection, no template", () => {
    expect(read("TCP 0A000009 0000 C000020A 0014 0A00010B 0014 SYN_RECV         59")).toMatchObject({
      client: { address: "10.0.0.9", port: 0 },
      isTemplate: false,
    });
    expect(read("TCP 0A000009 C350 C000020A 0014 0A00010B 0014 NONE             59")?.isTemplate).toBe(false);
  });

  test("of another protocol, by the kernel's name for it", () => {
    const protocol = (name: string) => read(`${name} 0A000009 0001 C000020A 0001 0A00010B 0001 NONE 9`)?.protocol;
    expect(["ICMP", "ICMPv6", "IP_51", "QUIC"].map(protocol)).toEqual(["icmp", "icmpv6", "ip_51", "ip_255"]);
  });

  test("of ip_vs_conn_sync, with who made it", () => {
    const line = (origin: string) => `TCP 0A000009 C350 C000020A 0050 0A00010B 1F90 ESTABLISHED ${origin}     899`;
    expect(read(line("LOCAL "), true)).toEqual({ ...http, origin: "local" });
    expect(read(line("SYNC  "), true)).toEqual({ ...http, origin: "sync" });
    expect(read(line("ELSE  "), true)).toBeNull();
    expect(read(line("LOCAL "), false)).toBeNull();
  });
});

describe("what is no row", () => {
  const row = "TCP 0A000009 C350 C000020A 0050 0A00010B 1F90 ESTABLISHED     899";

  test("is refused: the titles, nothing, mixed ends, numbers that do not fit", () => {
    const lines = [
      "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
      "",
      "TCP 0A000009 C350 2001:0db8:0000:0000:0000:0000:0000:0080 0050 0A00010B 1F90 ESTABLISHED     899",
      row.replace("899", "4294967296"),
      row.replace("ESTABLISHED", "ESTABLISHEDESTABLISHED"),
      `${row} sip ${"x".repeat(300)}`,
      ` ${row}`.padStart(1100),
    ];
    expect(lines.map((line) => read(line))).toEqual(lines.map(() => null));
  });

  test("every beginning of a row and every changed character is a row or none, and never throws", () => {
    for (let length = 0; length < row.length - 2; length++) expect(read(row.slice(0, length))).toBeNull();
    for (let at = 0; at < row.length; at++) {
      for (const other of ["\0", " ", "g", "\n", "é", ":"]) read(row.slice(0, at) + other + row.slice(at + 1));
    }
  });
});

test("more states than a row can number are no rows", () => {
  const names = newReadNames();
  const view = new DataView(new ArrayBuffer(connectionRowBytes));
  const take = (state: string) =>
    readConnectionLine(`TCP 0A000009 C350 C000020A 0050 0A00010B 1F90 ${state} 899`, false, names, view);
  for (let number = 0; number < 64; number++) expect(take(`S${number}`)).toBe(true);
  expect(take("S64")).toBe(false);
  expect(take("S63")).toBe(true);
});
