import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Connection, ConnectionPage, ConnectionQueryInput } from "#domain/connection";
import type { ConnectionsDocument } from "#domain/connections-document";
import { DirectorError } from "#domain/errors";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { LocalDirector } from "#server/director/local";
import type { RemoteDirector } from "#server/director/remote";
import { SimulatedIpvs, usualTable, withConnections } from "#server/director/simulated";
import { host, type TestPeople, testPeople } from "../people/people-fixture.ts";
import { type TestWeb, testWeb } from "../web-fixture.ts";
import { connectionLine, sendConnectionExport } from "./connection-export.ts";
import { answerProgram } from "./program-routes.ts";
import { type Answer, answerOf, expectProblem } from "./rules-http-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let web: TestWeb;
let server: Server;
let director: LocalDirector;
let token: string;
/** what a test puts in front of the director */
let connections: (query: ConnectionQueryInput, signal?: AbortSignal) => Promise<ConnectionPage>;

beforeEach(async () => {
  at = testPeople();
  const ipvs = new SimulatedIpvs({ seed: 1, now: () => 0, table: withConnections(usualTable, 3000) });
  director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
  connections = (query, signal) => director.connections(query, signal);
  const asked = { connections: (query: ConnectionQueryInput, signal?: AbortSignal) => connections(query, signal) };
  web = testWeb(at, asked as unknown as RemoteDirector);
  server = createServer((request, response) => void answerProgram(web.context(), request, response, "192.0.2.7"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  token = (await at.people.tokens.add({ name: "a viewer", role: "viewer", days: null }, host)).token;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  web.stop();
  await at.close();
  await director.stop();
});

function begin(query: string, method = "GET") {
  const { port } = server.address() as AddressInfo;
  const headers = { authorization: `Bearer ${token}` };
  return httpRequest({
    port,
    host: "127.0.0.1",
    path: `/api/v1/connections${query}`,
    method,
    headers,
    agent: false,
  }).end();
}
const get = (query: string): Promise<Answer> => answerOf(begin(query));

describe("GET /api/v1/connections", () => {
  test("is a page of the table as JSON", async () => {
    const { status, headers, json } = await get("?virtual=192.0.2.10:80&group=server&sort=client&limit=3&groupLimit=2");
    const { read, rows, groups } = await director.connections({
      ...{ filter: { virtual: "192.0.2.10:80" }, group: "server", sort: "client", limit: 3, groupLimit: 2 },
      read: json.read.id,
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
    const { readAtMs, ...told } = read;
    const expected: ConnectionsDocument = {
      ...{ read: { ...told, readAt: new Date(readAtMs).toISOString() }, offset: 0, groups },
      connections: rows,
    };
    expect(json).toEqual(expected);
    expect(json.connections).toHaveLength(3);
    expect(json.groups.groups).toHaveLength(2);
  });

  test("pages through one read", async () => {
    const { json: first } = await get("?limit=500");
    const { json: second } = await get(`?limit=500&offset=500&read=${first.read.id}`);
    expect(second).toMatchObject({ read: { id: first.read.id }, offset: 500 });
    expect(second.connections[0]).not.toEqual(first.connections[0]);
  });

  test("what is wrong with the address is 400, with what it takes", async () => {
    const answer = await get("?vip=192.0.2.10");
    expectProblem(answer, 400);
    expect(answer.json.title).toContain("no vip");
    expectProblem(await get("?limit=1000"), 400);
  });

  test("a table that cannot be read is a problem with its code", async () => {
    const codes = { NOT_AVAILABLE: 503, TOO_MANY_READS: 503, UNREACHABLE: 502, NOT_PERMITTED: 500 } as const;
    for (const [code, status] of Object.entries(codes)) {
      connections = () => Promise.reject(new DirectorError(code as keyof typeof codes));
      expectProblem(await get(""), status, code);
      expectProblem(await get("?format=csv"), status, code);
    }
  });

  test("who asked and went away is not read for any more", async () => {
    let aborted = false;
    const began = new Promise<void>((resolve) => {
      connections = (_, signal) => {
        resolve();
        return new Promise((__, reject) => {
          signal?.addEventListener("abort", () => {
            aborted = true;
            reject(new DirectorError("CANCELLED"));
          });
        });
      };
    });
    const request = begin("");
    request.on("error", () => {});
    await began;
    request.destroy();
    await vi.waitFor(() => expect(aborted).toBe(true));
  });
});

describe("with format", () => {
  const all = async (): Promise<Connection[]> => {
    const rows: Connection[] = [];
    for (let read: string | undefined; ; ) {
      const page = await director.connections({
        filter: {},
        sort: "client",
        limit: 500,
        offset: rows.length,
        ...(read ? { read } : {}),
      });
      rows.push(...page.rows);
      read = page.read.id;
      if (page.rows.length === 0) return rows;
    }
  };

  test("csv has all rows of one read, in order", async () => {
    const { status, headers, text } = await get("?format=csv&sort=client");
    const [head, ...lines] = text.split("\r\n");
    const rows = await all();
    expect(status).toBe(200);
    expect(head).toBe(
      "protocol,client,client_port,virtual,virtual_port,server,server_port,state,expires_s,kind,holds,engine,engine_data,origin",
    );
    expect(lines).toEqual([...rows.map((row) => connectionLine(row).trimEnd()), ""]);
    expect(rows.length).toBeGreaterThan(2000);
    expect(headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": expect.stringMatching(/^attachment; filename="connections-\d{4}-\d\d-\d\dT[\d-]+Z\.csv"$/),
      "x-connections-matched": String(rows.length),
    });
  });

  test("json is the document of a page that has all rows", async () => {
    const { json, headers } = await get("?format=json&sort=client");
    expect(json.connections).toEqual(await all());
    expect(json).toMatchObject({
      read: { state: "complete", matched: json.connections.length },
      offset: 0,
      groups: null,
    });
    expect(headers["content-disposition"]).toMatch(/\.json"$/);
  });

  test("of a held read that is not all that matched, or was cut short, the file's name says so", async () => {
    connections = async (query, signal) => {
      const page = await director.connections(query, signal);
      return { ...page, read: { ...page.read, held: page.rows.length, matched: 412_000, state: "paused" } };
    };
    const { headers, text } = await get("?format=csv");
    expect(headers["content-disposition"]).toContain('Z-first-500-of-412000-cut-short.csv"');
    expect(headers).toMatchObject({ "x-connections-held": "500", "x-connections-state": "paused" });
    expect(text.split("\r\n")).toHaveLength(502);
  });

  test("an empty table is an empty file", async () => {
    expect((await get("?format=csv&client=192.0.2.0/32")).text.split("\r\n")).toHaveLength(2);
    expect((await get("?format=json&client=192.0.2.0/32")).json.connections).toEqual([]);
  });

  test("a read that is given up on the way leaves no whole file", async () => {
    let pages = 0;
    connections = async (query, signal) => {
      const page = await director.connections(query, signal);
      return ++pages < 3 ? page : { ...page, read: { ...page.read, id: "another one" } };
    };
    for (const format of ["csv", "json"]) {
      pages = 0;
      const [response] = (await once(begin(`?format=${format}`), "response")) as [IncomingMessage];
      await expect(response.toArray()).rejects.toThrow("aborted");
    }
  });

  test("in an order, of a read that goes on meanwhile leaves no whole file", async () => {
    let pages = 0;
    connections = async (query, signal) => {
      const page = await director.connections(query, signal);
      return { ...page, read: { ...page.read, held: page.read.held - 100 + pages++ } };
    };
    expect((await get("?format=csv")).text.split("\r\n").length).toBeGreaterThan(2000);
    pages = 0;
    const [response] = (await once(begin("?format=csv&sort=client"), "response")) as [IncomingMessage];
    await expect(response.toArray()).rejects.toThrow("aborted");
  });

  test("what a reader does not take is not read ahead", async () => {
    let pages = 0;
    connections = async (query, signal) => {
      pages++;
      const page = await director.connections({ ...query, offset: 0 }, signal);
      return { ...page, read: { ...page.read, held: 10_000_000 } };
    };
    const [response] = (await once(begin("?format=json"), "response")) as [IncomingMessage];
    response.pause();
    let before = -1;
    await vi.waitFor(
      () => {
        const same = pages === before;
        before = pages;
        expect(same).toBe(true);
      },
      { interval: 200, timeout: 10_000 },
    );
    expect(pages).toBeLessThan(1000);
    response.destroy();
  });
});

test("a client that takes nothing for long gets no more", async () => {
  const endless = async (query: ConnectionQueryInput) => {
    const page = await director.connections({ ...query, offset: 0 });
    return { ...page, read: { ...page.read, held: 10_000_000 } };
  };
  const stalling = createServer((_, response) => {
    void sendConnectionExport({ connections: endless }, { filter: {} }, "csv", response, 300);
  });
  await once(stalling.listen(0, "127.0.0.1"), "listening");
  const { port } = stalling.address() as AddressInfo;
  const [response] = (await once(httpRequest({ port, host: "127.0.0.1", agent: false }).end(), "response")) as [
    IncomingMessage,
  ];
  response.pause();
  const count = () => new Promise<number>((resolve) => stalling.getConnections((_, number) => resolve(number)));
  await vi.waitFor(async () => expect(await count()).toBe(0), { timeout: 10_000, interval: 50 });
  await expect(response.toArray()).rejects.toThrow("aborted");
  stalling.close();
});

test("what a spreadsheet would run stays text", () => {
  const end = { address: "10.0.0.1", port: 1 };
  const row = { protocol: "udp", client: end, virtual: end, server: end, state: "UDP", expiresS: 3, isTemplate: true };
  const engine = { name: "sip", data: '=cmd|"calc"!A1,x' };
  expect(connectionLine({ ...row, holds: 2, engine, origin: "sync" })).toBe(
    'udp,10.0.0.1,1,10.0.0.1,1,10.0.0.1,1,UDP,3,template,2,sip,"\'=cmd|""calc""!A1,x",sync\r\n',
  );
});
