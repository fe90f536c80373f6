import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { ConnectionPage } from "#domain/connection";
import { DirectorError } from "#domain/errors";
import { createLog } from "../log.ts";
import { localAddressContract } from "./contract/local-addresses.ts";
import { http } from "./contract/samples.ts";
import { simulatedSubject } from "./contract/simulated-subject.ts";
import { refusal, type Subject } from "./contract/subject.ts";
import { directorContract } from "./contract.ts";
import { RemoteDirector } from "./remote.ts";
import { Sampler } from "./sampler.ts";
import { createDirectorServer } from "./serve.ts";
import { listenOnSocket } from "./socket.ts";

/** A director asked over its socket; everything around it is the simulated one's behind the socket. */
async function remoteSubject(options?: { fullnat: boolean }): Promise<Subject> {
  return remoteOf(await simulatedSubject(options));
}

async function remoteOf(local: Awaited<ReturnType<typeof simulatedSubject>>): Promise<Subject> {
  const sampler = new Sampler({
    ipvs: local.ipvs,
    sampleMs: 1000,
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    drainedWeight: (id) => local.director.drainedWeight(id),
  });
  const folder = mkdtempSync(join(tmpdir(), "remote-director-"));
  const socket = join(folder, "director.sock");
  const server = createDirectorServer(local.director, sampler, createLog("director", "silent"));
  await listenOnSocket(server, socket);
  const director = new RemoteDirector(socket);
  return {
    ...local,
    director,
    close: async () => {
      await director.close();
      sampler.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
      await local.close();
    },
  };
}

directorContract("remote", () => remoteSubject());

describe("remote, with FULLNAT", () => localAddressContract(() => remoteSubject({ fullnat: true })));

it("is UNREACHABLE in every call when nobody answers on the socket", async () => {
  const director = new RemoteDirector(join(tmpdir(), "no-director-here.sock"));
  const calls = [
    () => director.status(),
    () => director.table(),
    () => director.apply([]),
    () => director.clear(),
    () => director.daemons(),
    () => director.connections({ filter: {} }),
    () => director.connectionsProgress("vera"),
    () => director.localAddresses(http),
    () => director.addLocalAddresses(http, ["192.0.2.1"]),
  ];
  for (const call of calls) {
    expect(await refusal(call())).toMatchObject({ code: "UNREACHABLE", params: { detail: "ENOENT" } });
  }
  await director.close();
});

it("a director is told when somebody who asks for connections goes away, and answers the next one", async () => {
  let asked: AbortSignal | undefined;
  let whole: (page: ConnectionPage) => void = () => {};
  const local = await simulatedSubject();
  const page = await local.director.connections({ filter: {} });
  vi.spyOn(local.director, "connections").mockImplementation((_, signal) => {
    asked = signal;
    return new Promise((resolve, reject) => {
      whole = resolve;
      signal?.addEventListener("abort", () => reject(new DirectorError("CANCELLED")));
    });
  });
  const { director, close } = await remoteOf(local);
  const gone = new AbortController();
  const answer = refusal(director.connections({ filter: {} }, gone.signal));
  await vi.waitFor(() => expect(asked).toBeDefined());
  gone.abort();
  expect((await answer).code).toBe("UNREACHABLE");
  await vi.waitFor(() => expect(asked?.aborted).toBe(true));
  asked = undefined;
  const other = director.connections({ filter: {} });
  await vi.waitFor(() => expect(asked).toBeDefined());
  whole(page);
  expect(await other).toEqual(page);
  await close();
});
