import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { addService, http } from "#server/director/contract/samples";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import type { RemoteDirector } from "#server/director/remote";
import { type TestPeople, testPeople } from "../people/people-fixture.ts";
import { appRouter } from "../router.ts";
import { codeOf, quietDirector, type TestWeb, testWeb } from "../web-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let web: TestWeb;
let subject: Awaited<ReturnType<typeof simulatedSubject>>;
let api: ReturnType<typeof appRouter.createCaller>["localAddresses"];
const id = "tcp:192.0.2.10:80";

beforeAll(async () => {
  at = testPeople();
  subject = await simulatedSubject({ fullnat: true });
  await subject.director.apply([addService(http)]);
  const { director } = subject;
  web = testWeb(at, {
    ...quietDirector(),
    localAddresses: director.localAddresses.bind(director),
    addLocalAddresses: director.addLocalAddresses.bind(director),
    removeLocalAddresses: director.removeLocalAddresses.bind(director),
    flushLocalAddresses: director.flushLocalAddresses.bind(director),
  } as RemoteDirector);
  await at.addUser("oleg", "operator");
  const cookie = await at.logIn("oleg");
  api = appRouter.createCaller(web.context({ cookie })).localAddresses;
});
beforeEach(async () => {
  await subject.director.flushLocalAddresses(http);
});
afterAll(async () => {
  web.stop();
  await at.close();
  await subject.close();
});

const lines = () =>
  at
    .raw()
    .prepare("SELECT actor, target, outcome, before, after FROM audit WHERE action = 'table-change' ORDER BY id")
    .all()
    .map(({ before, after, ...line }) => ({
      ...line,
      before: JSON.parse(String(before)),
      after: JSON.parse(String(after)),
    }));

test("what an operator does is done, answered and written down", async () => {
  const known = lines().length;
  expect(await api.add({ id, addresses: ["192.0.2.21", " 192.0.2.22"] })).toMatchObject([
    { address: "192.0.2.21", portConflicts: "0" },
    { address: "192.0.2.22" },
  ]);
  expect(await api.remove({ id, addresses: ["192.0.2.21"] })).toHaveLength(1);
  expect(await api.list({ id })).toMatchObject([{ address: "192.0.2.22" }]);
  expect(await api.flush({ id })).toEqual([]);
  const [one, two] = ["192.0.2.21", "192.0.2.22"] as const;
  const line = (verb: string, given: string[], was: unknown[], is: unknown[]) => ({
    ...{ actor: "oleg", target: id, outcome: "done" },
    before: [{ row: id, addresses: was }],
    after: [{ row: id, verb, given, addresses: is }],
  });
  expect(lines().slice(known)).toEqual([
    line("add-local-addresses", [one, ` ${two}`], [], [one, two]),
    line("remove-local-addresses", [one], [one, two], [two]),
    // Nothing else remembers what a flush took away.
    line("flush-local-addresses", [], [two], []),
  ]);
});

test("a refusal is answered by its code and written down with it", async () => {
  await api.add({ id, addresses: ["192.0.2.21"] });
  const known = lines().length;
  expect(await codeOf(api.add({ id, addresses: ["192.0.2.21"] }))).toBe("LOCAL_ADDRESS_EXISTS");
  expect(await codeOf(api.remove({ id, addresses: ["192.0.2.99"] }))).toBe("NO_SUCH_LOCAL_ADDRESS");
  expect(await codeOf(api.add({ id, addresses: ["224.0.0.1"] }))).toBe("INVALID");
  expect(await codeOf(api.flush({ id: "udp:192.0.2.10:53" }))).toBe("NO_SUCH_SERVICE");
  expect(await codeOf(api.list({ id: "no service at all" }))).toBe("NO_SUCH_SERVICE");
  expect(lines().slice(known)).toMatchObject([
    { target: id, outcome: "LOCAL_ADDRESS_EXISTS", after: [{ given: ["192.0.2.21"] }] },
    { target: id, outcome: "NO_SUCH_LOCAL_ADDRESS" },
    { target: id, outcome: "INVALID" },
    { target: "udp:192.0.2.10:53", outcome: "NO_SUCH_SERVICE" },
  ]);
});
