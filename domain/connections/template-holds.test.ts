import { expect, test } from "vitest";
import { connectionRowBytes } from "./packed-row.ts";
import type { PersistentService } from "./persistent-service.ts";
import { newReadNames, readConnectionLine } from "./read-line.ts";
import { TemplateHolds } from "./template-holds.ts";

const service = (parts: Partial<PersistentService>): PersistentService => ({
  protocol: "tcp",
  address: "192.0.2.10",
  port: 443,
  fwmark: null,
  prefix4: 24,
  prefix6: 64,
  ...parts,
});
const mark = (fwmark: number) => service({ protocol: null, address: null, port: null, fwmark });

function row(line: string): DataView {
  const view = new DataView(new ArrayBuffer(connectionRowBytes));
  if (!readConnectionLine(line, false, newReadNames(), view)) throw new Error(`no row: ${line}`);
  return view;
}
const connection = (client: string, virtual: string, server: string, protocol = "TCP") =>
  row(`${protocol} ${client} C350 ${virtual} ${server} ESTABLISHED 899`);
const template = (client: string, virtual: string, server: string, protocol = "TCP") =>
  row(`${protocol} ${client} 0000 ${virtual} ${server} ASSURED 358`);

function held(services: PersistentService[], of: DataView, connections: DataView[]): number {
  const holds = new TemplateHolds(services);
  for (const one of connections) holds.add(one);
  return holds.of(of);
}

test("a template holds the connections of its clients that go to its server", () => {
  const connections = [
    connection("0A000009", "C000020A 01BB", "0A00010B 01BB"),
    connection("0A0000FF", "C000020A 01BB", "0A00010B 01BB"),
    connection("0A000109", "C000020A 01BB", "0A00010B 01BB"),
    connection("0A000009", "C000020A 01BB", "0A00010C 01BB"),
    connection("0A000009", "C000020A 0050", "0A00010B 01BB"),
    connection("0A000009", "C000020A 01BB", "0A00010B 01BB", "UDP"),
  ];
  expect(held([service({})], template("0A000000", "C000020A 01BB", "0A00010B 01BB"), connections)).toBe(2);
  expect(held([service({ prefix4: 32 })], template("0A000009", "C000020A 01BB", "0A00010B 01BB"), connections)).toBe(1);
  expect(held([], template("0A000000", "C000020A 01BB", "0A00010B 01BB"), connections)).toBe(0);
});

test("of IPv6 by its own prefix", () => {
  const six = (last: string) => `2001:0db8:0000:0000:0000:0000:0000:${last}`;
  const virtual = `${six("0080")} 01BB`;
  const server = "fd00:0000:0000:0000:0000:0000:0000:0001 01BB";
  const services = [service({ address: "2001:db8::80" })];
  const connections = [connection(six("0009"), virtual, server), connection(six("0007"), virtual, server)];
  expect(held(services, template(six("0000"), virtual, server), connections)).toBe(2);
});

test("a service of all ports and FTP have templates without ports", () => {
  const toAll = template("0A000000", "C000020A 0000", "0A00010B 0000");
  const connections = [
    connection("0A000009", "C000020A 0050", "0A00010B 1F90"),
    connection("0A000009", "C000020A 0015", "0A00010B 0015"),
    connection("0A000009", "C000020A 9C40", "0A00010B 9C40"),
  ];
  expect(held([service({ port: 0 })], toAll, connections)).toBe(3);
  // FTP's data comes to port 20 or to one from 1024 on.
  expect(held([service({ port: 21 })], toAll, connections)).toBe(2);
});

test("a mark holds what is of no persistent address", () => {
  const ofMark = template("0A000000", "00000007 0000", "0A00010B 0000", "IP ");
  const connections = [
    connection("0A000009", "C000024D 0050", "0A00010B 0050"),
    connection("0A000009", "C000024D 01BB", "0A00010B 01BB"),
    connection("0A000009", "C000020A 01BB", "0A00010B 01BB"),
  ];
  expect(held([mark(7), service({})], ofMark, connections)).toBe(2);
  expect(held([mark(8), service({})], ofMark, connections)).toBe(0);
});
