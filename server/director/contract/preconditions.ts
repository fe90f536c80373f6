import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change";
import { addServer, addService, http, server, spec, threeWebs, web1, web2 } from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

const key = { address: web1.address, port: web1.port };
const persistent = spec({
  scheduler: "sh",
  schedulerFlags: ["flag-1", "flag-2"],
  persistence: { timeoutS: 60, netmask: "255.255.255.0" },
});

/** Each verb on web1 of http, or on http, with what was seen of it. */
const onServer = (expected: typeof web1): Change[] => [
  { verb: "edit-server", service: http, server: { ...web1, weight: 50 }, expected },
  { verb: "remove-server", service: http, server: key, expected },
  { verb: "set-weight", service: http, server: key, weight: 50, expected },
  { verb: "drain-server", service: http, server: key, expected },
  { verb: "restore-server", service: http, server: key, expected },
];
const onService = (expected: typeof persistent): Change[] => [
  { verb: "edit-service", service: http, spec: spec({ scheduler: "rr" }), expected },
  { verb: "remove-service", service: http, expected },
];
const byVerb = (changes: Change[]) => changes.map((change) => [change.verb, change] as const);

export function preconditionContract(make: MakeSubject): void {
  describe("what the person saw", () => {
    const subject = useSubject(make);

    it.each(byVerb(onServer(web1).slice(0, 4)))(
      "%s goes through when the server is as expected",
      async (_verb, change) => {
        const { director } = subject();
        await director.apply(threeWebs);
        await director.apply([change]);
        expect(
          (await director.service(http)).servers.find((one) => one.id === "tcp:192.0.2.10:80>10.0.0.1:80")?.spec
            .weight ?? null,
        ).not.toBe(1);
      },
    );

    it("restore-server goes through when the server is as expected", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      await director.apply([{ verb: "drain-server", service: http, server: key }]);
      await director.apply(onServer({ ...web1, weight: 0 }).slice(4));
      expect((await director.service(http)).servers.find((one) => one.spec.address === "10.0.0.1")?.spec).toEqual(web1);
    });

    it.each(byVerb(onServer(web1)))(
      "%s is a conflict when the server moved, and shows it as it is",
      async (_verb, change) => {
        const { director, outside } = subject();
        await director.apply(threeWebs);
        await outside([{ command: "set-server", service: http, server: { ...web1, upperThreshold: 7 } }]);
        const before = await settings(director);
        expect(await refusal(director.apply([change]))).toMatchObject({
          code: "CONFLICT",
          changeIndex: 0,
          current: {
            kind: "server",
            id: "tcp:192.0.2.10:80>10.0.0.1:80",
            spec: { ...web1, upperThreshold: 7 },
            counters: { connections: "0" },
          },
        });
        expect(await settings(director)).toEqual(before);
      },
    );

    it.each(byVerb(onServer(web1)))("%s is a conflict with nothing when the server vanished", async (_verb, change) => {
      const { director, outside } = subject();
      await director.apply(threeWebs);
      await outside([{ command: "delete-server", service: http, server: key }]);
      expect(await refusal(director.apply([change]))).toMatchObject({
        code: "CONFLICT",
        changeIndex: 0,
        current: null,
      });
    });

    it.each(byVerb(onServer(web1)))(
      "%s is a conflict with nothing when the whole service vanished",
      async (_verb, change) => {
        expect(await refusal(subject().director.apply([change]))).toMatchObject({ code: "CONFLICT", current: null });
      },
    );

    it.each(byVerb(onService(persistent)))("%s goes through when the service is as expected", async (_verb, change) => {
      const { director } = subject();
      await director.apply([addService(http, persistent)]);
      const {
        results: [result],
      } = await director.apply([change]);
      expect(result?.record?.spec ?? null).not.toMatchObject({ scheduler: "sh" });
    });

    it.each(byVerb(onService(persistent)))("%s is a conflict when the service moved", async (_verb, change) => {
      const { director, outside } = subject();
      await director.apply([addService(http, persistent), addServer(http, web1)]);
      const moved = { ...persistent, persistence: { timeoutS: 61, netmask: "255.255.255.0" } };
      await outside([{ command: "set-service", service: http, spec: moved }]);
      expect(await refusal(director.apply([change]))).toMatchObject({
        code: "CONFLICT",
        current: { kind: "service", spec: moved, servers: [{ spec: web1 }] },
      });
      expect((await director.service(http)).spec).toEqual(moved);
    });

    it.each(byVerb(onService(persistent)))(
      "%s is a conflict with nothing when the service vanished",
      async (_verb, change) => {
        expect(await refusal(subject().director.apply([change]))).toMatchObject({ code: "CONFLICT", current: null });
      },
    );

    it("compares meaning, not spelling", async () => {
      const { director } = subject();
      await director.apply([addService(http, persistent), addServer(http, web1)]);
      const spelt = {
        ...persistent,
        schedulerFlags: ["flag-2", "flag-1"],
        persistence: { netmask: "/24", timeoutS: 60 },
      };
      await director.apply([
        { verb: "set-weight", service: http, server: key, weight: 2, expected: { ...web1, address: " 10.0.0.1" } },
        { verb: "edit-service", service: http, spec: spec(), expected: spelt as never },
      ]);
      expect((await director.service(http)).spec).toEqual(spec());
    });

    it("does nothing of a batch when one of its records moved, and says which", async () => {
      const { director, outside } = subject();
      await director.apply(threeWebs);
      await outside([{ command: "set-server", service: http, server: { ...web2, weight: 20 } }]);
      const before = await settings(director);
      const changes: Change[] = [
        { verb: "set-weight", service: http, server: key, weight: 9, expected: web1 },
        { verb: "set-weight", service: http, server: { address: web2.address, port: 80 }, weight: 9, expected: web2 },
      ];
      expect(await refusal(director.apply(changes))).toMatchObject({
        code: "CONFLICT",
        changeIndex: 1,
        current: { spec: { weight: 20 } },
      });
      expect(await settings(director)).toEqual(before);
    });

    it("takes what was seen before a batch for every change of it", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      await director.apply([
        { verb: "set-weight", service: http, server: key, weight: 9, expected: web1 },
        { verb: "edit-server", service: http, server: server({ weight: 9, upperThreshold: 3 }), expected: web1 },
      ]);
      expect((await director.service(http)).servers.find((one) => one.spec.address === "10.0.0.1")?.spec).toMatchObject(
        { weight: 9, upperThreshold: 3 },
      );
      await director.apply([
        { verb: "edit-service", service: http, spec: spec({ scheduler: "rr" }), expected: spec() },
        { verb: "edit-service", service: http, spec: spec({ scheduler: "sed" }), expected: spec() },
      ]);
      expect((await director.service(http)).spec.scheduler).toBe("sed");
    });

    it("compares what a batch made itself with what it made", async () => {
      const { director } = subject();
      const made = [addService(http), addServer(http, web1)];
      const weight = (expected: typeof web1): Change => ({
        verb: "set-weight",
        service: http,
        server: key,
        weight: 5,
        expected,
      });
      expect(await refusal(director.apply([...made, weight(web2)]))).toMatchObject({
        code: "CONFLICT",
        changeIndex: 2,
      });
      await director.apply([...made, weight(web1)]);
      expect((await director.service(http)).servers[0]?.spec.weight).toBe(5);
    });
  });
}
