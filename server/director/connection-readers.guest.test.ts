/** The addon's reader of the connection table and the one in plain TypeScript, over the same text: they have to agree. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionFilterSchema } from "#domain/connection";
import { connectionGroupings, connectionProtocols, connectionSorts } from "#domain/connection-query";
import { decodeConnection } from "#domain/connections/packed-row";
import type { PersistentService } from "#domain/connections/persistent-service";
import { loadAddon } from "./addon.ts";
import type { OpenRead, ReadPlan, RowOrder } from "./connection-source.ts";
import { KernelConnections } from "./kernel-connections.ts";
import { decodeGroups } from "./regrouping.ts";
import { TextConnections } from "./text-connections.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connection-readers-"));
  mkdirSync(join(folder, "net"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Few of each, so that rows share groups, tie in orders and belong to templates.
const four = fc.constantFrom("0A000001", "0A0000FE", "0A000100", "C000020A", "00000007", "FFFFFFFF");
const six = fc.constantFrom(
  "2001:0db8:0000:0000:0000:0000:0000:0001",
  "2001:0db8:0000:0000:8000:0000:0000:0001",
  "2001:0db8:0000:0001:0000:0000:0000:0001",
  "0000:0007:0000:0000:0000:0000:0000:0000",
  "0000:0000:0000:0000:0000:ffff:0a00:0001",
);
const port = fc.constantFrom("0000", "0014", "0015", "0050", "01BB", "C350", "FFFF");
const state = fc.constantFrom("NONE", "ASSURED", "ESTABLISHED", "TIME_WAIT", "UDP", "S-SENT", "ERR!");
const protocol = fc.constantFrom("TCP", "UDP", "SCTP", "IP", "ICMPv6", "IP_51", "what");
const expires = fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(900, 4_294_967_295));
const engine = fc.constantFrom("", "", "", " sip one@host", " sip two@host", " sip with a space", " sip");

const row = (hasOrigin: boolean) =>
  fc
    .boolean()
    .chain((isSix) => {
      const address = isSix ? six : four;
      const server = fc.oneof(address, address, address, isSix ? four : six);
      const ends = fc.tuple(protocol, address, port, address, port, server, port);
      return fc.tuple(ends, state, expires, hasOrigin ? fc.constantFrom("LOCAL", "SYNC") : engine);
    })
    .map(([ends, name, expiresS, last]) => {
      const [made, client, clientPort, virtual, virtualPort, server, serverPort] = ends;
      const head = `${made.padEnd(3)} ${client} ${clientPort} ${virtual} ${virtualPort} ${server} ${serverPort} ${name.padEnd(11)}`;
      const time = String(expiresS).padStart(7);
      return hasOrigin ? `${head} ${last.padEnd(6)} ${time}` : `${head} ${time}${last}`;
    });

/** Rows, some of them damaged: a character changed, a piece missing. */
const line = (hasOrigin: boolean) =>
  fc
    .tuple(row(hasOrigin), fc.nat({ max: 19 }), fc.nat(), fc.constantFrom("", " ", "x", ":", "0", "\t"))
    .map(([text, chance, at, other]) => {
      if (chance > 2) return text;
      const place = at % text.length;
      return text.slice(0, place) + other + text.slice(place + (chance === 0 ? 1 : 9));
    });

const pattern = fc.constantFrom(
  "10.0.0.1",
  "10.0.0.0/24",
  "10.0.0.0/23",
  "0.0.0.0/0",
  "192.0.2.10:80",
  "192.0.2.10:443",
  "2001:db8::/64",
  "[2001:db8::1]:80",
  "::/0",
  ":80",
  ":0",
);
const some = <T>(values: readonly T[]) => fc.oneof(fc.constant([]), fc.subarray([...values]));
const plainFilter = fc.record(
  {
    kind: fc.constantFrom("connections", "connections", "templates"),
    protocol: some(connectionProtocols),
    state: some(["NONE", "ASSURED", "ESTABLISHED", "UDP", "NOT_THERE"]),
    client: pattern,
    virtual: pattern,
    server: pattern,
    any: pattern,
  },
  { requiredKeys: [] },
);
const service: fc.Arbitrary<PersistentService> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    address: fc.constantFrom("192.0.2.10", "10.0.0.1", "2001:db8::1"),
    port: fc.constantFrom(0, 21, 80, 443),
    fwmark: fc.constant(null),
    prefix4: fc.constantFrom(0, 8, 24, 31, 32),
    prefix6: fc.constantFrom(0, 32, 64, 128),
  }),
  fc.record({
    ...{ protocol: fc.constant(null), address: fc.constant(null), port: fc.constant(null) },
    fwmark: fc.constant(7),
    prefix4: fc.constantFrom(24, 32),
    prefix6: fc.constantFrom(64, 128),
  }),
);
/** One of a name: two would be two services of the same address, which no table has. */
const services = fc.uniqueArray(service, {
  maxLength: 6,
  selector: ({ protocol, address, port, fwmark }) => `${protocol} ${address} ${port} ${fwmark}`,
});

const order: fc.Arbitrary<RowOrder> = fc.record({
  sort: fc.option(fc.constantFrom(...connectionSorts)),
  descending: fc.boolean(),
  offset: fc.nat({ max: 30 }),
  limit: fc.nat({ max: 100 }),
});

const looks = fc.record({
  hasOrigin: fc.boolean(),
  origin: fc.constantFrom("any" as const, "local" as const, "sync" as const),
  filter: plainFilter,
  group: fc.option(fc.constantFrom(...connectionGroupings)),
  maxHeld: fc.constantFrom(3, 50, 1000),
  maxGroups: fc.constantFrom(2, 1000),
  persistent: services,
  orders: fc.array(order, { minLength: 1, maxLength: 3 }),
  groupsAt: fc.record({ offset: fc.nat({ max: 5 }), limit: fc.nat({ max: 20 }) }),
});

/** All that a read tells, in words. */
async function told(read: OpenRead, orders: RowOrder[], groupsAt: { offset: number; limit: number }) {
  const { tookMs: _, ...progress } = await read.run(20_000);
  const pages = [];
  for (const one of orders) {
    const { packed, holds, ...names } = await read.rows(one);
    pages.push(Array.from(holds, (held, index) => decodeConnection(packed, index, names, held)));
  }
  const groups = [];
  for (const by of connectionGroupings) groups.push(decodeGroups(by, await read.groups({ by, ...groupsAt })));
  read.close();
  return { progress, pages, groups };
}

async function* chunksOf(text: string): AsyncGenerator<string, void, undefined> {
  for (let at = 0; at < text.length; at += 61) yield text.slice(at, at + 61);
}

type Look = typeof looks extends fc.Arbitrary<infer Value> ? Value : never;

/** Both readers over a file of these lines; fails where they differ. */
async function expectSame(look: Look, lines: string[]): Promise<void> {
  const { hasOrigin, origin, orders, groupsAt, group, maxHeld, maxGroups, persistent } = look;
  const filter = connectionFilterSchema.parse({ ...look.filter, ...(hasOrigin ? { origin } : {}) });
  const plan: ReadPlan = { filter, group, rowsExpected: 7, maxHeld, maxGroups, persistent };
  // Without any row that it knows the addon takes the file for another one.
  const known = `TCP 0A000001 C350 C000020A 0050 0A000001 0050 ESTABLISHED ${hasOrigin ? "LOCAL  " : ""}     899`;
  const text = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires\n${[known, ...lines].join("\n")}\n`;
  writeFileSync(join(folder, "net", hasOrigin ? "ip_vs_conn_sync" : "ip_vs_conn"), text);
  const source = new KernelConnections(loadAddon(), { procRoot: folder });
  const fromAddon = await told(await source.open(plan), orders, groupsAt);
  const fromText = await told(new TextConnections(plan, chunksOf(text)), orders, groupsAt);
  expect(fromAddon).toEqual(fromText);
}

test("tell the same of the same text, whatever is asked", async () => {
  const cases = looks.chain((look) => fc.tuple(fc.constant(look), fc.array(line(look.hasOrigin), { maxLength: 80 })));
  await fc.assert(
    fc.asyncProperty(cases, ([look, lines]) => expectSame(look, lines)),
    { numRuns: 1000 },
  );
});

/** Connections of two clients to one server, and templates that may hold them. */
const related = fc
  .record({
    made: fc.constantFrom("TCP", "TCP", "TCP", "UDP"),
    client: fc.constantFrom("0A000001", "0A0000FE"),
    virtual: fc.constantFrom("C000020A", "C000020A", "C000020B"),
    virtualPort: fc.constantFrom("0014", "0015", "01BB", "C350", "0050"),
    template: fc.constantFrom(null, null, "port", "all", "mark"),
  })
  .map(({ made, client, virtual, virtualPort, template }) => {
    if (template === null)
      return `${made} ${client} C350 ${virtual} ${virtualPort} 0A00010B ${virtualPort} ESTABLISHED     899`;
    const net = `${client.slice(0, 6)}00`;
    if (template === "mark") return `IP  ${net} 0000 00000007 0000 0A00010B 0000 ASSURED         298`;
    const ports = template === "port" ? virtualPort : "0000";
    return `${made} ${net} 0000 ${virtual} ${ports} 0A00010B ${ports} ASSURED         298`;
  });

test("tell the same of what templates hold", async () => {
  const prefixes = { prefix4: 24, prefix6: 64 };
  const address = (port: number): PersistentService => {
    return { protocol: "tcp", address: "192.0.2.10", port, fwmark: null, ...prefixes };
  };
  const all = [...[0, 21, 443].map(address), { ...address(0), protocol: null, address: null, port: null, fwmark: 7 }];
  const look = { hasOrigin: false, origin: "any", filter: { kind: "templates" }, group: null } as const;
  const asked = { maxHeld: 1000, maxGroups: 1000, groupsAt: { offset: 0, limit: 0 } } as const;
  const orders: RowOrder[] = [{ sort: null, descending: false, offset: 0, limit: 100 }];
  const cases = fc.tuple(fc.subarray(all), fc.array(related, { minLength: 20, maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(cases, ([persistent, lines]) => expectSame({ ...look, ...asked, orders, persistent }, lines)),
    { numRuns: 300 },
  );
});
