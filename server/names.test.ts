import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { maxHostNames, NameBook } from "./names.ts";

let folder: string;
let services: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "names-"));
  services = join(folder, "services");
  writeFileSync(
    services,
    "# comment\nhttp\t80/tcp\twww # web\nhttp\t80/sctp\ndomain 53/udp\ndomain 53/tcp\nbroken\n\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const book = (hosts: Record<string, string[]>, asked: string[] = [], nowMs = () => 0) =>
  new NameBook(
    async (name) => {
      asked.push(name);
      const addresses = hosts[name];
      if (!addresses) throw new Error("ENOTFOUND");
      return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
    services,
    nowMs,
  );

test("a host becomes its first IPv4 address, as ipvsadm has it, else its first IPv6 address; the others are told", async () => {
  const { names, meanings } = await book({
    both: ["2001:db8::1", "192.0.2.1", "192.0.2.2"],
    six: ["2001:db8::6"],
  }).lookUp({
    hosts: ["both", "six", "none"],
    ports: [],
  });
  expect([names.host("both"), names.host("six"), names.host("none")]).toEqual(["192.0.2.1", "2001:db8::6", null]);
  expect(meanings).toEqual([
    { kind: "host", name: "both", protocol: null, became: "192.0.2.1", others: ["192.0.2.2", "2001:db8::1"] },
    { kind: "host", name: "six", protocol: null, became: "2001:db8::6", others: [] },
    { kind: "host", name: "none", protocol: null, became: null, others: [] },
  ]);
});

test("a port is that of its protocol, by name or alias, and the file is read again when it changed", async () => {
  const names = book({});
  const ask = async (name: string, protocol: "tcp" | "udp" | "sctp") =>
    (await names.lookUp({ hosts: [], ports: [{ name, protocol }] })).meanings[0]?.became;
  expect([await ask("www", "tcp"), await ask("http", "sctp"), await ask("domain", "udp")]).toEqual(["80", "80", "53"]);
  expect([await ask("http", "udp"), await ask("broken", "tcp"), await ask("toString", "tcp")]).toEqual([
    null,
    null,
    null,
  ]);
  writeFileSync(services, "http 8080/tcp and something longer\n");
  expect(await ask("http", "tcp")).toBe("8080");
  rmSync(services);
  expect(await ask("http", "tcp")).toBeNull();
});

test("what was learned is kept for a minute, what nobody knew for seconds", async () => {
  const asked: string[] = [];
  let now = 0;
  const names = book({ a: ["192.0.2.1"] }, asked, () => now);
  const wanted = { hosts: ["a", "b"], ports: [] };
  await names.lookUp(wanted);
  await names.lookUp(wanted);
  expect(asked).toEqual(["a", "b"]);
  now = 6000;
  await names.lookUp(wanted);
  expect(asked).toEqual(["a", "b", "b"]);
  now = 61_000;
  await names.lookUp(wanted);
  expect(asked.filter((name) => name === "a")).toHaveLength(2);
});

test("at most eight lookups run at once, and a text that names too many hosts does not start them all", async () => {
  let running = 0;
  let most = 0;
  let total = 0;
  const slow = new NameBook(async () => {
    total++;
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return [{ address: "192.0.2.1", family: 4 }];
  }, services);
  const hosts = Array.from({ length: maxHostNames + 50 }, (_, index) => `host-${index}`);
  const { meanings } = await slow.lookUp({ hosts, ports: [] });
  expect({ most, total }).toEqual({ most: 8, total: maxHostNames });
  expect(meanings.filter(({ became }) => became === null)).toHaveLength(50);
});

test("all names of one text have a time limit too: what was not asked for by then is unknown, and asked for the next time", async () => {
  let now = 0;
  const asked: string[] = [];
  const slow = new NameBook(
    async (name) => {
      asked.push(name);
      now += 500;
      return [{ address: "192.0.2.1", family: 4 }];
    },
    services,
    () => now,
  );
  const hosts = Array.from({ length: 100 }, (_, index) => `host-${index}`);
  const { meanings } = await slow.lookUp({ hosts, ports: [] });
  const known = meanings.filter(({ became }) => became !== null).length;
  expect(known).toBe(asked.length);
  expect(known).toBeGreaterThanOrEqual(20);
  expect(known).toBeLessThan(28);
  now += 1;
  expect((await slow.lookUp({ hosts: ["host-99"], ports: [] })).names.host("host-99")).toBe("192.0.2.1");
});

test("a list of ports that cannot be read knows none", async () => {
  const names = new NameBook(async () => [], folder);
  const { meanings } = await names.lookUp({ hosts: [], ports: [{ name: "http", protocol: "tcp" }] });
  expect(meanings).toEqual([{ kind: "port", name: "http", protocol: "tcp", became: null, others: [] }]);
});

test("what is forgotten to make room is none of the names that are being looked up", async () => {
  const names = new NameBook(
    async () => [{ address: "192.0.2.1", family: 4 }],
    services,
    () => 0,
  );
  for (const text of ["a", "b", "c"]) {
    const hosts = Array.from({ length: 400 }, (_, index) => `${text}-${index}`);
    const { meanings } = await names.lookUp({ hosts, ports: [] });
    expect(meanings.filter(({ became }) => became === null)).toEqual([]);
  }
});
