import { describe, expect, it } from "vitest";
import { type Change, verbsForAdmin } from "#domain/change";
import {
  addServer,
  addService,
  broadcast,
  dns,
  drain,
  http,
  server,
  setWeight,
  threeWebs,
  web1,
  web2,
} from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

const timeouts = { verb: "set-timeouts" as const, timeouts: { tcpS: 1000, tcpFinS: 0, udpS: 77 } };
const master: Change = { verb: "start-daemon", daemon: { role: "master", interface: "eth0", syncId: 7 } };
const backup: Change = { verb: "start-daemon", daemon: { role: "backup", interface: "eth0", syncId: 8, ttl: 3 } };
/** What the kernel refuses and no check of ours can know. */
const refusedServer = addServer(dns, server({ address: broadcast }));

export function hostChangeContract(make: MakeSubject): void {
  describe("changes beside rows", { timeout: 60_000 }, () => {
    const subject = useSubject(make);

    it("sets timeouts, starts and stops daemons and clears the table in one batch with rows", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      const { results } = await director.apply([
        { verb: "clear" },
        addService(dns),
        timeouts,
        master,
        backup,
        { verb: "stop-daemon", role: "master" },
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(["table", "service", "table", "table", "table", "table"]);
      expect((await director.table()).map(({ id }) => id)).toEqual(["udp:192.0.2.10:53"]);
      expect(await director.timeouts()).toEqual({ tcpS: 1000, tcpFinS: 120, udpS: 77 });
      expect(await director.daemons()).toMatchObject([{ role: "backup", syncId: 8, ttl: 3 }]);
    });

    it("sets no timeouts that are not what was seen any more, and says what they are", async () => {
      const { director } = subject();
      const seen = await director.timeouts();
      await director.setTimeouts({ tcpS: 901, tcpFinS: 0, udpS: 0 });
      const stale: Change = { ...timeouts, expected: seen };
      expect(await refusal(director.apply([addService(dns), stale]))).toMatchObject({
        ...{ code: "CONFLICT", changeIndex: 1 },
        current: { ...seen, tcpS: 901 },
      });
      expect([await director.table(), (await director.timeouts()).tcpS]).toEqual([[], 901]);
      await director.apply([{ ...timeouts, expected: { ...seen, tcpS: 901 } }]);
      expect(await director.timeouts()).toEqual({ ...seen, tcpS: 1000, udpS: 77 });
    });

    it("takes all of them back when the kernel refuses what comes behind", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(dns), drain(http, web2), backup]);
      const before = { table: await settings(director), daemons: await director.daemons() };
      const changes: Change[] = [
        { verb: "stop-daemon", role: "backup" },
        { verb: "start-daemon", daemon: { role: "backup", interface: "eth0", syncId: 1 } },
        master,
        timeouts,
        { verb: "clear" },
        addService(dns),
        refusedServer,
      ];
      expect(await refusal(director.apply(changes))).toMatchObject({ code: "REFUSED", changeIndex: 6 });
      expect({ table: await settings(director), daemons: await director.daemons() }).toEqual(before);
      expect(await director.timeouts()).toEqual({ tcpS: 900, tcpFinS: 120, udpS: 300 });
      const drained = (await director.service(http)).servers.find(({ spec }) => spec.address === web2.address);
      expect([drained?.spec.weight, drained?.drainedWeight]).toEqual([0, 2]);
    });

    it("knows before it writes which daemon runs", async () => {
      const { director } = subject();
      expect(await refusal(director.apply([addService(http), master, master]))).toMatchObject({
        code: "DAEMON_RUNNING",
        changeIndex: 2,
      });
      expect(await refusal(director.apply([addService(http), { verb: "stop-daemon", role: "backup" }]))).toMatchObject({
        code: "DAEMON_NOT_RUNNING",
        changeIndex: 1,
      });
      expect([await director.table(), await director.daemons()]).toEqual([[], []]);
    });

    it("says which daemon the kernel refused, and takes back what came before", async () => {
      const { director } = subject();
      const lost: Change = { verb: "start-daemon", daemon: { role: "backup", interface: "nope0", syncId: 1 } };
      expect(await refusal(director.apply([addService(http), timeouts, lost]))).toMatchObject({
        code: "NO_SUCH_INTERFACE",
        field: "interface",
        changeIndex: 2,
      });
      expect(await director.table()).toEqual([]);
      expect(await director.timeouts()).toEqual({ tcpS: 900, tcpFinS: 120, udpS: 300 });
    });

    it("sets counters to 0 last, and only those of services that are there by then", async () => {
      const { director } = subject();
      const zero: Change = { verb: "zero", service: http };
      const { results } = await director.apply([zero, addService(http), { verb: "zero", service: null }]);
      expect(results.map(({ kind }) => kind)).toEqual(["service", "service", "table"]);
      expect(
        await refusal(director.apply([zero, setWeight(http, web1, 1), { verb: "remove-service", service: http }])),
      ).toMatchObject({ code: "NO_SUCH_SERVER", changeIndex: 1 });
      expect(await refusal(director.apply([zero, { verb: "remove-service", service: http }]))).toMatchObject({
        code: "NO_SUCH_SERVICE",
        changeIndex: 0,
      });
    });

    it("does not touch counters when something else is refused", async () => {
      const { director, traffic } = subject();
      const local = { kind: "address", protocol: "udp", address: "127.0.0.77", port: 5353 } as const;
      await director.apply([
        addService(local, { scheduler: "rr" }),
        addServer(local, server({ address: "127.0.0.1" })),
      ]);
      await director.apply([addService(dns)]);
      await traffic(local);
      const counted = BigInt((await director.service(local)).counters.connections);
      expect(counted).toBeGreaterThan(0n);
      const { code } = await refusal(director.apply([{ verb: "zero", service: local }, refusedServer]));
      expect(code).toBe("REFUSED");
      expect(BigInt((await director.service(local)).counters.connections)).toBeGreaterThanOrEqual(counted);
    });

    it.each<[string, unknown, (string | number)[]]>([
      [
        "timeouts that are none",
        { verb: "set-timeouts", timeouts: { tcpS: -1, tcpFinS: 0, udpS: 0 } },
        [0, "timeouts", "tcpS"],
      ],
      [
        "a daemon without a role",
        { verb: "start-daemon", daemon: { interface: "eth0", syncId: 0 } },
        [0, "daemon", "role"],
      ],
      ["a role that is none", { verb: "stop-daemon", role: "both" }, [0, "role"]],
      [
        "counters of no service",
        { verb: "zero", service: { kind: "fwmark", family: 4, mark: 0 } },
        [0, "service", "mark"],
      ],
    ])("refuses %s", async (_why, change, path) => {
      const { director } = subject();
      const shape = await refusal(director.apply([change] as never));
      expect(shape).toMatchObject({ code: "INVALID", problems: [{ path }] });
    });

    it("leaves to admins what goes beyond rows that one has looked at", () => {
      expect([...verbsForAdmin].sort()).toEqual(["clear", "start-daemon", "stop-daemon"]);
    });
  });
}
