import { describe, expect, test } from "vitest";
import { sortColumns } from "#domain/list-query";
import { parseServiceId } from "#domain/service";
import { columnIds, drawnMetric, metaOf, needsCounters } from "./columns.ts";
import { serverOptions, serviceOptions, thresholds } from "./options-text.ts";
import { protocolWord, rowName, serviceHref } from "./row-name.ts";

describe("names", () => {
  test.each([
    ["tcp:10.0.0.1:80", "TCP", "10.0.0.1:80"],
    ["udp:[2001:db8::1]:53", "UDP", "[2001:db8::1]:53"],
    ["ip-47:10.0.0.1:0", "IP-47", "10.0.0.1:0"],
    ["fwmark6:7", null, "7"],
  ])("a service %s is %s %s", (id, protocol, name) => {
    expect(protocolWord(id)).toBe(protocol);
    expect(rowName({ kind: "service", id })).toBe(name);
  });

  test("a server is its own end, whatever service it is under", () => {
    expect(rowName({ kind: "server", id: "udp:[2001:db8::1]:53>[2001:db8::2]:5353" })).toBe("[2001:db8::2]:5353");
  });

  test("a service's link leads back to the same service", () => {
    const id = "udp:[2001:db8::1]:53";
    const key = decodeURIComponent(serviceHref(id).slice("/services/".length));
    expect(parseServiceId(key)).toEqual({ kind: "address", protocol: "udp", address: "2001:db8::1", port: 53 });
  });
});

describe("options, as ipvsadm writes them", () => {
  const plain = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };

  test("of a service", () => {
    expect(serviceOptions(plain)).toBe("");
    expect(serviceOptions({ ...plain, persistence: { timeoutS: 300, netmask: "255.255.255.255" } })).toBe("-p 300");
    expect(
      serviceOptions({
        ...plain,
        schedulerFlags: ["flag-1", "flag-2"],
        persistence: { timeoutS: 300, netmask: "255.255.255.0" },
        onePacket: true,
        engine: "sip",
      }),
    ).toBe("-p 300 -M 255.255.255.0 --pe sip -o -b flag-1,flag-2");
  });

  test("of a server", () => {
    const server = {
      address: "10.0.0.7",
      port: 80,
      forward: "nat",
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: null,
    } as const;
    expect(serverOptions(server)).toBe("");
    expect(serverOptions({ tunnel: { type: "gue", port: 6080, checksum: "remote-checksum" } })).toBe(
      "gue 6080 remote-checksum",
    );
    expect(thresholds(server)).toBe("");
    expect(thresholds({ ...server, upperThreshold: 100, lowerThreshold: 80 })).toBe("80 – 100");
  });
});

describe("columns", () => {
  test("every order the server knows has one column, so that it can be asked for and seen", () => {
    const sorted = columnIds.flatMap((id) => metaOf(id).sort ?? []);
    expect(sorted.toSorted()).toEqual(sortColumns.toSorted());
  });

  test("sparklines draw what the list is sorted by, and new connections where that is no number that moves", () => {
    expect(drawnMetric("outBytesPerSecond")).toMatchObject({
      index: 5,
      quantity: "traffic",
      column: "outBytesPerSecond",
    });
    expect(drawnMetric("name")).toMatchObject({ index: 1, column: "connectionsPerSecond" });
  });

  test("counters travel only for columns that show them", () => {
    expect(needsCounters(["active", "share"])).toBe(false);
    expect(needsCounters(["active", "outBytes"])).toBe(true);
  });
});
