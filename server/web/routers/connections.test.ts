import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DirectorError } from "#domain/errors";
import { addServer, addService, http, web1 } from "#server/director/contract/samples";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import type { RemoteDirector } from "#server/director/remote";
import { type TestPeople, testPeople } from "../people/people-fixture.ts";
import { appRouter } from "../router.ts";
import { codeOf, type TestWeb, testWeb } from "../web-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let web: TestWeb;
let subject: Awaited<ReturnType<typeof simulatedSubject>>;
let asked: AbortSignal | undefined;
let cookie: string;
beforeEach(async () => {
  at = testPeople();
  subject = await simulatedSubject();
  const { director } = subject;
  const connections: typeof director.connections = (query, signal) => {
    asked = signal;
    return director.connections(query, signal);
  };
  const rest = {
    connectionsProgress: (name: string) => director.connectionsProgress(name),
    cancelConnections: (name: string) => director.cancelConnections(name),
  };
  web = testWeb(at, { connections, ...rest } as unknown as RemoteDirector);
  await at.addUser("vera", "viewer");
  cookie = await at.logIn("vera");
  await director.apply([addService(http), addServer(http, web1)]);
  await subject.traffic(http);
});
afterEach(async () => {
  await subject.director.stop();
  web.stop();
  await at.close();
  await subject.close();
});

const viewer = (signal?: AbortSignal) =>
  appRouter.createCaller(web.context({ cookie }), signal ? { signal } : {}).connections;

describe("a page's connections", () => {
  test("are the director's, and a read that is held can be asked about and ended", async () => {
    const page = await viewer().page({ filter: { virtual: "192.0.2.10:80" }, group: "server", limit: 5 });
    expect(page.rows).toHaveLength(5);
    expect(page.groups?.groups).toEqual([{ name: "10.0.0.1:80", connections: page.read.matched }]);
    expect(await viewer().progress(page.read.id)).toMatchObject({ state: "complete", matched: page.read.matched });
    expect(await viewer().cancel(page.read.id)).toBe(false);
    expect(await viewer().progress("nobody")).toBeNull();
  });

  test("are not read for a page that has gone", async () => {
    const gone = new AbortController();
    gone.abort(new DirectorError("CANCELLED"));
    expect(await codeOf(viewer(gone.signal).page({ filter: {} }))).toBe("CANCELLED");
    expect(asked?.aborted).toBe(true);
  });

  test("of a filter that is none are refused where it is wrong", async () => {
    expect(await codeOf(viewer().page({ filter: { client: "nowhere" } }))).toBe("BAD_REQUEST");
    expect(await codeOf(viewer().page({ filter: {}, limit: 501 }))).toBe("BAD_REQUEST");
  });
});

describe("host names", () => {
  test("come apart from the page, fifty at most, of addresses only", async () => {
    expect(await viewer().names(["192.0.2.1", "2001:DB8::1"])).toEqual({ "192.0.2.1": null, "2001:db8::1": null });
    expect(await codeOf(viewer().names(["web.example"]))).toBe("BAD_REQUEST");
    const many = Array.from({ length: 51 }, (_, last) => `192.0.2.${last}`);
    expect(await codeOf(viewer().names(many))).toBe("BAD_REQUEST");
    expect(Object.keys(await viewer().names(many.slice(0, 50)))).toHaveLength(50);
  });
});
