import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectorError } from "#domain/errors";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import { refusal } from "#server/director/contract/subject";
import { RemoteDirector } from "#server/director/remote";
import { Sampler } from "#server/director/sampler";
import { createDirectorServer } from "#server/director/serve";
import { listenOnSocket } from "#server/director/socket";
import { createLog } from "../log.ts";
import { mirrorOf } from "./mirror-fixture.ts";
import { readTable, sampleOnce } from "./read-table.ts";

const asleep = { liveMirror: null };
const service = { kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null } as const;

let folder: string;
let socket: string;
let director: RemoteDirector;
let closing: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "read-table-"));
  socket = join(folder, "director.sock");
  director = new RemoteDirector(socket);
  closing = [];
});
afterEach(async () => {
  await director.close();
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server): Promise<Server> {
  await listenOnSocket(server, socket);
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

/** A real director's socket over a simulated table of one service, and what is asked of it. */
async function serve(snapshot?: () => Promise<never>): Promise<{ streams: () => number; open: () => number }> {
  const subject = await simulatedSubject();
  await subject.director.apply([{ verb: "add-service", service, spec: { ...spec, schedulerFlags: [] } }]);
  const sampler = new Sampler({
    ipvs: snapshot ? { snapshot, totals: () => subject.ipvs.totals() } : subject.ipvs,
    sampleMs: 1000,
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    drainedWeight: () => null,
  });
  let streams = 0;
  let open = 0;
  const server = await listen(createDirectorServer(subject.director, sampler, createLog("director", "silent")));
  server.prependListener("request", (request, response) => {
    if (!request.url?.startsWith("/samples")) return;
    streams++;
    open++;
    response.on("close", () => open--);
  });
  closing.push(() => {
    sampler.stop();
    return subject.close();
  });
  return { streams: () => streams, open: () => open };
}

describe("readTable", () => {
  test("while pages are watched it is the hub's own mirror, and the director is not asked", async () => {
    const liveMirror = mirrorOf(1, 1);
    expect(await readTable(director, { liveMirror })).toBe(liveMirror);
  });

  test("else one sample is read and the stream ended; who asks meanwhile shares it, who asks later gets a new one", async () => {
    const asked = await serve();
    const [one, other] = await Promise.all([readTable(director, asleep), readTable(director, asleep)]);
    expect(one).toBe(other);
    expect([...one.services.keys()]).toEqual(["tcp:10.0.0.1:80"]);
    expect(one.last?.atMs).toBeGreaterThan(Date.now() - 60_000);
    expect(asked.streams()).toBe(1);
    await expect.poll(asked.open).toBe(0);
    expect(await readTable(director, asleep)).not.toBe(one);
    expect(asked.streams()).toBe(2);
  });

  test("no director: UNREACHABLE with what lay beneath, and the next who asks tries anew", async () => {
    expect(await refusal(readTable(director, asleep))).toMatchObject({
      code: "UNREACHABLE",
      params: { detail: "ENOENT" },
    });
    await serve();
    expect((await readTable(director, asleep)).services.size).toBe(1);
  });

  test("a director that has no sample itself says why", async () => {
    const asked = await serve(() => Promise.reject(new DirectorError("NOT_PERMITTED")));
    expect(await refusal(readTable(director, asleep))).toMatchObject({ code: "NOT_PERMITTED" });
    await expect.poll(asked.open).toBe(0);
  });

  test.each([
    ["takes the request and stays silent", createServer(() => {})],
    ["opens the stream and sends no frame", createServer((_, response) => response.writeHead(200).flushHeaders())],
  ])("a director that %s is given up", async (_, server) => {
    await listen(server);
    expect(await refusal(sampleOnce(director, 100))).toMatchObject({ code: "TIMED_OUT" });
  });
});
