import { describe, expect, test } from "vitest";
import type { ConnectionGrouping, ConnectionSort } from "../connection-query.ts";
import { GroupCounts, groupName } from "./group.ts";
import { rowOrder } from "./order.ts";
import { connectionRowBytes, decodeConnection, viewOf } from "./packed-row.ts";
import { newReadNames, readConnectionLine } from "./read-line.ts";

const six = (last: string) => `2001:0db8:0000:0000:0000:0000:0000:${last}`;
const lines = [
  "TCP 0A000009 C350 C000020A 0050 0A00010B 1F90 ESTABLISHED     899",
  "TCP 0A000007 C351 C000020A 0050 0A00010C 1F90 TIME_WAIT        99",
  "UDP 0A000009 0035 C000020A 0035 0A00010B 0035 UDP             300",
  `TCP ${six("0009")} C350 ${six("0080")} 0050 0A00010B 1F90 ESTABLISHED 899`,
  `SCTP ${six("0007")} C350 ${six("0080")} 0050 fd00:0000:0000:0000:0000:0000:0000:0001 1F90 CLOSED 2`,
  "TCP 0A000109 0035 C000020A 0050 0A00010B 1F90 CLOSE            5",
];
const names = newReadNames();
const packed = new Uint8Array(lines.length * connectionRowBytes);
lines.forEach((line, index) => void readConnectionLine(line, false, names, viewOf(packed, index)));
const { texts: states } = names.states;

function grouped(by: ConnectionGrouping, most = 100, range = { offset: 0, limit: 100 }) {
  const counts = new GroupCounts(by, most);
  for (let index = 0; index < lines.length; index++) counts.add(viewOf(packed, index));
  const largest = counts.largest(states, range);
  const groups = Array.from(largest.counts, (count, index) => [
    groupName(viewOf(largest.packed, index), by, states),
    count,
  ]);
  return { groups, total: counts.total, others: counts.others };
}

describe("groups, the largest first and equal ones by name", () => {
  test.each<[ConnectionGrouping, [string, number][]]>([
    [
      "client",
      [
        ["10.0.0.9", 2],
        ["10.0.0.7", 1],
        ["10.0.1.9", 1],
        ["2001:db8::7", 1],
        ["2001:db8::9", 1],
      ],
    ],
    [
      "client-net",
      [
        ["10.0.0.0/24", 3],
        ["2001:db8::/64", 2],
        ["10.0.1.0/24", 1],
      ],
    ],
    [
      "state",
      [
        ["ESTABLISHED", 2],
        ["CLOSE", 1],
        ["CLOSED", 1],
        ["TIME_WAIT", 1],
        ["UDP", 1],
      ],
    ],
    [
      "virtual",
      [
        ["192.0.2.10:80", 3],
        ["[2001:db8::80]:80", 2],
        ["192.0.2.10:53", 1],
      ],
    ],
    [
      "server",
      [
        ["10.0.1.11:8080", 3],
        ["10.0.1.11:53", 1],
        ["10.0.1.12:8080", 1],
        ["[fd00::1]:8080", 1],
      ],
    ],
    [
      "protocol",
      [
        ["tcp", 4],
        ["sctp", 1],
        ["udp", 1],
      ],
    ],
  ])("by %s", (by, expected) => {
    expect(grouped(by)).toEqual({ groups: expected, total: expected.length, others: 0 });
  });

  test("a page of them", () => {
    expect(grouped("client", 100, { offset: 1, limit: 2 }).groups).toEqual([
      ["10.0.0.7", 1],
      ["10.0.1.9", 1],
    ]);
    expect(grouped("client", 100, { offset: 9, limit: 2 }).groups).toEqual([]);
  });

  test("past the most that are told apart rows are counted together", () => {
    expect(grouped("state", 2)).toEqual({
      groups: [
        ["ESTABLISHED", 2],
        ["TIME_WAIT", 1],
      ],
      total: 2,
      others: 3,
    });
  });

  test("very many of them", () => {
    const counts = new GroupCounts("client", 100_000);
    const row = viewOf(packed.slice(), 0);
    for (let client = 0; client < 5000; client++) {
      row.setUint32(0, client);
      for (let times = 0; times <= client % 3; times++) counts.add(row);
    }
    const { counts: largest } = counts.largest(states, { offset: 1666, limit: 2 });
    expect(counts.total).toBe(5000);
    expect([...largest]).toEqual([2, 2]);
  });
});

describe("an order", () => {
  const order = (sort: ConnectionSort | null, descending = false) => [
    ...rowOrder(packed, lines.length, { sort, descending }, states),
  ];

  test.each<[ConnectionSort, number[]]>([
    ["client", [1, 2, 0, 5, 4, 3]],
    ["virtual", [2, 0, 1, 5, 3, 4]],
    ["server", [2, 0, 3, 5, 1, 4]],
    ["protocol", [0, 1, 3, 5, 2, 4]],
    ["state", [5, 4, 0, 3, 1, 2]],
    ["expires", [4, 5, 1, 2, 0, 3]],
  ])("by %s, and what is equal as it came", (sort, expected) => {
    expect(order(sort)).toEqual(expected);
  });

  test("the other way round leaves what is equal as it came too", () => {
    expect(order("protocol", true)).toEqual([4, 2, 0, 1, 3, 5]);
    expect(order("expires", true)).toEqual([0, 3, 2, 1, 5, 4]);
  });

  test("without one, as they came", () => {
    expect(order(null)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order(null, true)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

test("a row that holds too many to count does not say how many", () => {
  const template = new Uint8Array(connectionRowBytes);
  readConnectionLine("IP  0A000000 0000 00000007 0000 0A00010B 0000 NONE 358", false, names, viewOf(template, 0));
  expect(decodeConnection(template, 0, { states, engines: [] }, 0xffff_ffff).holds).toBeNull();
  expect(decodeConnection(template, 0, { states, engines: [] }, 7).holds).toBe(7);
});

test("a template of an engine does not say how many it holds: connections do not name the one they follow", () => {
  const template = new Uint8Array(connectionRowBytes);
  const own = newReadNames();
  const line = "UDP 0A000000 0000 C000020A 13C4 0A00010B 13C4 ASSURED 358 sip call-1@host";
  expect(readConnectionLine(line, false, own, viewOf(template, 0))).toBe(true);
  const row = decodeConnection(template, 0, { states: own.states.texts, engines: own.engines.texts }, 7);
  expect(row).toMatchObject({ isTemplate: true, holds: null, engine: { name: "sip", data: "call-1@host" } });
});
