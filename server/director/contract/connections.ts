import { beforeEach, describe, expect, it } from "vitest";
import type { Connection, ConnectionQueryInput } from "#domain/connection";
import { endpoint } from "#domain/endpoint";
import type { ServiceKey } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import type { Director } from "../director.ts";
import { addServer, addService, server } from "./samples.ts";
import { type MakeSubject, refusal, useSubject } from "./subject.ts";

/** A kernel keeps connections for minutes, whatever becomes of their service: every test has addresses of its own. */
let tests = 0;
const first = server({ address: "127.0.0.1" });
const second = server({ address: "127.0.0.2" });
const persistence = { timeoutS: 90, netmask: "255.255.255.0" };

/** Everything that a query names, page by page of the same read. */
async function all(director: Director, query: ConnectionQueryInput): Promise<Connection[]> {
  const rows: Connection[] = [];
  for (let read: string | undefined; ; ) {
    const page = await director.connections({ ...query, offset: rows.length, ...(read ? { read } : {}) });
    expect(page.offset).toBe(rows.length);
    if (read !== undefined) expect(page.read.id).toBe(read);
    rows.push(...page.rows);
    read = page.read.id;
    if (page.rows.length === 0) return rows;
  }
}

const connectionsOf = ({ gauges }: Pick<ServiceRecord, "gauges">) => gauges.active + gauges.inactive;

/** What is promised of the connection table: that it is the same table whose services count their connections. */
export function connectionContract(make: MakeSubject): void {
  describe("connections", { timeout: 60_000 }, () => {
    const subject = useSubject(make);

    let local: Extract<ServiceKey, { kind: "address" }>;
    let persistent: typeof local;
    /** what came to them */
    let here: { virtual: string };
    beforeEach(() => {
      const net = `127.77.${++tests}`;
      local = { kind: "address", protocol: "udp", address: `${net}.1`, port: 5353 };
      persistent = { ...local, address: `${net}.2` };
      here = { virtual: `${net}.0/24` };
    });

    /** Two services with clients, of which the second is persistent. */
    async function busy(): Promise<Director> {
      const { director, traffic } = subject();
      await director.apply([
        addService(local, { scheduler: "rr" }),
        ...[first, second].map((one) => addServer(local, one)),
        addService(persistent, { scheduler: "rr", persistence }),
        ...[first, second].map((one) => addServer(persistent, one)),
      ]);
      await traffic(local);
      await traffic(persistent);
      return director;
    }

    it("are none where nobody came", async () => {
      const page = await subject().director.connections({ filter: here, group: "client" });
      expect(page).toMatchObject({
        read: { state: "complete", rowsExpected: 0, matched: 0, held: 0 },
        ...{ rows: [], offset: 0 },
        groups: { by: "client", groups: [], total: 0, others: 0 },
      });
    });

    it("are those that the services and servers count", async () => {
      const director = await busy();
      const rows = await all(director, { filter: here });
      const services = await director.table();
      for (const service of services) {
        expect(connectionsOf(service)).toBeGreaterThan(0);
        if (service.key.kind !== "address") continue;
        const { address, port } = service.key;
        const own = rows.filter(({ virtual }) => virtual.address === address);
        expect(own).toHaveLength(connectionsOf(service));
        for (const one of service.servers) {
          const there = own.filter((row) => row.server.address === one.spec.address);
          expect(there).toHaveLength(connectionsOf(one));
          const filter = { virtual: endpoint(address, port), server: one.spec.address };
          expect((await director.connections({ filter })).read.matched).toBe(there.length);
        }
      }
      expect(rows).toHaveLength(services.reduce((sum, service) => sum + connectionsOf(service), 0));
      for (const row of rows) {
        expect(row).toMatchObject({ protocol: "udp", state: "UDP", isTemplate: false, holds: null, origin: null });
        expect(row).toMatchObject({ virtual: { port: 5353 }, server: { port: 80 }, engine: null });
        expect(row.client.port).toBeGreaterThan(0);
        expect(row.expiresS).toBeLessThanOrEqual(300);
      }
    });

    it("are filtered by their ends", async () => {
      const director = await busy();
      const rows = await all(director, { filter: here });
      const client = endpoint(rows[0]?.client.address ?? "", rows[0]?.client.port ?? 0);
      const matched = async (filter: ConnectionQueryInput["filter"]) =>
        (await director.connections({ filter: { ...here, ...filter }, limit: 0 })).read.matched;
      const own = rows.filter((row) => endpoint(row.client.address, row.client.port) === client);
      expect(await matched({ client })).toBe(own.length);
      expect(await matched({ any: client, protocol: ["udp"], state: ["UDP"] })).toBe(own.length);
      expect(await matched({ client: "192.0.2.0/32" })).toBe(0);
      expect(await matched({ protocol: ["tcp", "sctp"] })).toBe(0);
      expect(await matched({ server: "127.0.0.0/30" })).toBe(rows.length);
    });

    it("are grouped, sorted and paged within one read, whatever happens meanwhile", async () => {
      const director = await busy();
      const { read, groups } = await director.connections({ filter: here, group: "virtual" });
      expect(groups?.groups.map(({ name }) => name).sort()).toEqual(
        [local, persistent].map(({ address, port }) => endpoint(address, port)),
      );
      expect(groups?.groups.reduce((sum, { connections }) => sum + connections, 0)).toBe(read.matched);
      await subject().traffic(local);
      const held = { filter: here, read: read.id };
      const up = await all(director, { ...held, sort: "client", limit: 7 });
      const down = await all(director, { ...held, sort: "expires", descending: true });
      expect(up).toHaveLength(read.held);
      const ports = up.map(({ client }) => client.port);
      const sameClient = up.every(({ client }) => client.address === up[0]?.client.address);
      if (sameClient) expect(ports).toEqual(ports.toSorted((a, b) => a - b));
      const times = down.map(({ expiresS }) => expiresS);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      const text = (row: Connection) => JSON.stringify(row);
      expect(down.map(text).sort()).toEqual(up.map(text).sort());
      const byServer = await director.connections({ ...held, group: "server", limit: 0 });
      expect(byServer.read.id).toBe(read.id);
      expect(byServer.groups?.groups.reduce((sum, { connections }) => sum + connections, 0)).toBe(read.matched);
    });

    it("have their templates apart, each with the connections that it holds", async () => {
      const director = await busy();
      const templates = await all(director, { filter: { ...here, kind: "templates" } });
      const { gauges, servers } = await director.service(persistent);
      expect(templates).toHaveLength(gauges.persistent);
      expect(templates.length).toBeGreaterThan(0);
      for (const template of templates) {
        expect(template).toMatchObject({
          ...{ protocol: "udp", isTemplate: true, engine: null },
          virtual: { address: persistent.address, port: 5353 },
        });
        expect(template.client).toMatchObject({ address: expect.stringMatching(/\.0$/), port: 0 });
        expect(servers.map(({ spec }) => spec.address)).toContain(template.server.address);
      }
      const held = templates.reduce((sum, { holds }) => sum + (holds ?? 0), 0);
      expect(held).toBe(connectionsOf(await director.service(persistent)));
    });

    it("say who made them when that is asked for", async () => {
      const director = await busy();
      const rows = await all(director, { filter: { ...here, origin: "any" } });
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map(({ origin }) => origin))).toEqual(new Set(["local"]));
      expect((await director.connections({ filter: { ...here, origin: "sync" } })).read.matched).toBe(0);
      expect((await director.connections({ filter: { ...here, origin: "local" } })).read.matched).toBe(rows.length);
    });

    it("are read once for those who ask for the same, and anew where no read is held", async () => {
      const director = await busy();
      const [one, other] = await Promise.all([
        director.connections({ filter: here }),
        director.connections({ filter: here }),
      ]);
      expect(other.read.id).toBe(one.read.id);
      const anew = await director.connections({ filter: here, read: "not-held", freshMs: 0 });
      expect(anew.read).toMatchObject({ state: "complete", matched: one.read.matched });
      expect(await director.connectionsProgress(anew.read.id)).toEqual(withoutName(anew.read));
    });

    it("that nobody reads have no progress and nothing to end", async () => {
      const { director } = subject();
      expect(await director.connectionsProgress("nobody")).toBeNull();
      expect(await director.cancelConnections("nobody")).toBe(false);
    });

    it("refuse what is no query, with where it is wrong", async () => {
      const wrong = { filter: { server: "10.0.0.1/33", kind: "all" }, limit: 501, sort: "weight" } as never;
      expect(await refusal(subject().director.connections(wrong))).toMatchObject({
        code: "INVALID",
        problems: expect.arrayContaining([
          { code: "ADDRESS_INVALID", params: { text: "10.0.0.1/33" }, path: ["filter", "server"] },
        ]),
      });
    });
  });
}

function withoutName<T extends { id: string; readAtMs: number }>({ id: _, readAtMs: __, ...progress }: T) {
  return progress;
}
