import { expect, test } from "vitest";
import { connectionRowBytes } from "#domain/connections/packed-row";
import { newReadNames, readConnectionLine } from "#domain/connections/read-line";
import { TemplateHolds } from "#domain/connections/template-holds";
import type { ServiceKey } from "#domain/service";
import type { TableRow } from "#domain/table";
import { spec } from "./contract/samples.ts";
import { persistentServices } from "./persistent-services.ts";

const row = (key: ServiceKey, netmask: string | null): TableRow => ({
  ...{ kind: "service", id: JSON.stringify(key), key },
  spec: spec({ persistence: netmask === null ? null : { timeoutS: 60, netmask } }),
});
const address = (protocol: string, text: string, port: number): ServiceKey => {
  return { kind: "address", protocol, address: text, port };
};

test("are those of a table that are persistent, with the prefix that keeps clients together; others without one", () => {
  const rows = [
    row(address("tcp", "192.0.2.10", 80), null),
    row(address("tcp", "192.0.2.10", 443), "255.255.255.0"),
    row(address("udp", "192.0.2.10", 0), "255.255.255.255"),
    row(address("sctp", "2001:db8::80", 80), "64"),
    row(address("tcp", "192.0.2.11", 80), "0.0.0.0"),
    row(address("tcp", "192.0.2.12", 80), "255.0.255.0"),
    row(address("ip-50", "192.0.2.10", 80), "255.255.255.255"),
    row({ kind: "fwmark", family: 4, mark: 7 }, null),
  ];
  expect(persistentServices(rows)).toEqual([
    { protocol: "tcp", address: "192.0.2.10", port: 443, fwmark: null, prefix4: 24, prefix6: 128 },
    { protocol: "udp", address: "192.0.2.10", port: 0, fwmark: null, prefix4: 32, prefix6: 128 },
    { protocol: "sctp", address: "2001:db8::80", port: 80, fwmark: null, prefix4: 32, prefix6: 64 },
    { protocol: "tcp", address: "192.0.2.11", port: 80, fwmark: null, prefix4: 0, prefix6: 128 },
    { protocol: "tcp", address: "192.0.2.12", port: 80, fwmark: null, prefix4: 8, prefix6: 128 },
    { protocol: "tcp", address: "192.0.2.10", port: 80, fwmark: null, prefix4: 0, prefix6: 0 },
  ]);
});

test("are none when none is persistent: nothing is counted then", () => {
  expect(persistentServices([row(address("tcp", "192.0.2.10", 80), null)])).toEqual([]);
});

test("keep connections of a service that is not persistent out of what a template of all ports holds", () => {
  const services = [
    row(address("tcp", "192.0.2.10", 0), "255.255.255.255"),
    row(address("tcp", "192.0.2.10", 80), null),
  ];
  const holds = new TemplateHolds(persistentServices(services));
  for (const port of ["0050", "1F90"])
    holds.add(packed(`TCP 0A000009 C350 C000020A ${port} 0A00010B ${port} ESTABLISHED 9`));
  expect(holds.of(packed("TCP 0A000009 0000 C000020A 0000 0A00010B 0000 ASSURED 358"))).toBe(1);
});

function packed(line: string): DataView {
  const view = new DataView(new ArrayBuffer(connectionRowBytes));
  expect(readConnectionLine(line, false, newReadNames(), view)).toBe(true);
  return view;
}

test("a mark of both families is one, with both prefixes", () => {
  const rows = [
    row({ kind: "fwmark", family: 4, mark: 7 }, "255.255.0.0"),
    row({ kind: "fwmark", family: 6, mark: 7 }, "48"),
    row({ kind: "fwmark", family: 6, mark: 8 }, "128"),
  ];
  const none = { protocol: null, address: null, port: null };
  expect(persistentServices(rows)).toEqual([
    { ...none, fwmark: 7, prefix4: 16, prefix6: 48 },
    { ...none, fwmark: 8, prefix4: 32, prefix6: 128 },
  ]);
});
