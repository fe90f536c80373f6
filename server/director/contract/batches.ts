import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change";
import type { ServiceKey } from "#domain/service";
import {
  addServer,
  addService,
  broadcast,
  dns,
  drain,
  editServer,
  http,
  http6,
  mark4,
  removeServer,
  restore,
  server,
  setWeight,
  spec,
  threeWebs,
  web1,
  web2,
  web3,
} from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

/** What the kernel refuses and no check of ours can know. */
const refusedServer = addServer(dns, server({ address: broadcast }));
const refusedService: Change = { verb: "edit-service", service: dns, spec: spec({ scheduler: "twos" }) };

const manyServices: ServiceKey[] = Array.from({ length: 120 }, (_, index) => ({
  kind: "address",
  protocol: "tcp",
  address: "198.51.100.7",
  port: 1000 + index,
}));

/** Batches that would change everything about http and its servers. */
const works: [string, Change[]][] = [
  [
    "edits",
    [
      { verb: "edit-service", service: http, spec: spec({ scheduler: "rr" }) },
      setWeight(http, web1, 100),
      editServer(http, { ...web2, weight: 50, upperThreshold: 5 }),
    ],
  ],
  ["the same server edited twice", [setWeight(http, web1, 100), setWeight(http, web1, 200)]],
  [
    "additions",
    [addServer(http, server({ address: "10.0.0.4" })), addService(mark4), addServer(mark4, web1), addService(http6)],
  ],
  ["removals", [removeServer(http, web1), removeServer(http, web3)]],
  ["a whole service", [{ verb: "remove-service", service: http }]],
  [
    "a whole service, made anew",
    [
      { verb: "remove-service", service: http },
      addService(http, { scheduler: "rr" }),
      addServer(http, { ...web2, weight: 9 }),
    ],
  ],
  ["a server, made anew", [removeServer(http, web2), addServer(http, { ...web2, forward: "direct" })]],
  [
    "something added and removed again",
    [
      addService(mark4),
      addServer(mark4, web1),
      { verb: "remove-service", service: mark4 },
      addServer(http, server({ address: "10.0.0.4" })),
      removeServer(http, server({ address: "10.0.0.4" })),
    ],
  ],
  ["drains", [drain(http, web1), drain(http, web3)]],
];

export function batchContract(make: MakeSubject): void {
  describe("batches", () => {
    const subject = useSubject(make);

    it("sees in a change what those before it did", async () => {
      const { director } = subject();
      const { results } = await director.apply([
        ...threeWebs,
        setWeight(http, web1, 10),
        removeServer(http, web2),
        addServer(http, { ...web2, weight: 20 }),
        { verb: "edit-service", service: http, spec: spec({ scheduler: "sed" }) },
        drain(http, web3),
        restore(http, web3),
        addService(dns),
        { verb: "remove-service", service: dns },
      ]);
      expect(
        results.map(({ kind, record }) =>
          kind === "server" ? (record?.spec.weight ?? null) : (record?.spec.scheduler ?? null),
        ),
      ).toEqual(["sed", 10, 20, 3, 10, 20, 20, "sed", 3, 3, null, null]);
      expect((await director.service(http)).servers).toHaveLength(3);
    });

    it.each<[string, Change[], string, number]>([
      ["add-service twice", [addService(http), addService(http)], "SERVICE_EXISTS", 1],
      ["add-server twice", [addService(http), addServer(http, web1), addServer(http, web1)], "SERVER_EXISTS", 2],
      [
        "a server of a service that was just removed",
        [addService(http), { verb: "remove-service", service: http }, addServer(http, web1)],
        "NO_SUCH_SERVICE",
        2,
      ],
      [
        "a weight of a server that was just removed",
        [addService(http), addServer(http, web1), removeServer(http, web1), setWeight(http, web1, 2)],
        "NO_SUCH_SERVER",
        3,
      ],
    ])("knows before it writes: %s", async (_name, changes, code, changeIndex) => {
      const { director } = subject();
      expect(await refusal(director.apply(changes))).toMatchObject({ code, changeIndex });
      expect(await director.table()).toEqual([]);
    });

    it.each(works)("takes back %s when the kernel refuses what comes behind", async (_name, changes) => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(dns)]);
      const before = await settings(director);
      expect(await refusal(director.apply([...changes, refusedServer]))).toMatchObject({
        code: "REFUSED",
        field: "address",
        changeIndex: changes.length,
      });
      expect(await settings(director)).toEqual(before);
    });

    it.each(works)("takes back %s when the kernel refuses what came before", async (_name, changes) => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(dns)]);
      const before = await settings(director);
      expect(await refusal(director.apply([refusedService, ...changes]))).toMatchObject({
        code: "NO_SUCH_SCHEDULER_OR_ENGINE",
        changeIndex: 0,
      });
      expect(await settings(director)).toEqual(before);
    });

    it("takes back what hangs on a service that was refused, and names the first refusal", async () => {
      const { director } = subject();
      await director.apply([addService(dns), addServer(dns, web1)]);
      const before = await settings(director);
      const changes = [
        setWeight(dns, web1, 9),
        addService(http, { scheduler: "twos" }),
        addServer(http, web1),
        addServer(http, web2),
        setWeight(dns, web1, 10),
      ];
      expect(await refusal(director.apply(changes))).toMatchObject({
        code: "NO_SUCH_SCHEDULER_OR_ENGINE",
        changeIndex: 1,
      });
      expect(await settings(director)).toEqual(before);
    });

    it("gives a service that it takes back its servers in their order, with weights and thresholds", async () => {
      const { director } = subject();
      const limited = server({ address: "10.0.0.4", upperThreshold: 9, lowerThreshold: 3, weight: 40 });
      await director.apply([...threeWebs, addServer(http, limited), addService(dns)]);
      const before = (await director.service(http)).servers.map((one) => one.spec);
      await refusal(director.apply([{ verb: "remove-service", service: http }, refusedServer]));
      expect((await director.service(http)).servers.map((one) => one.spec)).toEqual(before);
    });

    it("leaves drained weights as they were when it takes back", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(dns), drain(http, web2)]);
      expect(
        (
          await refusal(
            director.apply([
              drain(http, web3),
              restore(http, web2),
              drain(http, web2),
              setWeight(http, web2, 7),
              drain(http, web2),
              refusedServer,
            ]),
          )
        ).code,
      ).toBe("REFUSED");
      const weights = Object.fromEntries(
        (await director.service(http)).servers.map(({ spec: { address, weight }, drainedWeight }) => [
          address,
          [weight, drainedWeight],
        ]),
      );
      expect(weights).toEqual({ "10.0.0.1": [1, null], "10.0.0.2": [0, 2], "10.0.0.3": [3, null] });
    });

    it("does many services in one go, and takes many back", { timeout: 60_000 }, async () => {
      const { director } = subject();
      const { results } = await director.apply(
        manyServices.flatMap((service) => [addService(service), addServer(service, web1), addServer(service, web2)]),
      );
      expect(results).toHaveLength(360);
      expect(
        results.filter(
          ({ kind, record }) => kind === "service" && record && "servers" in record && record.servers.length === 2,
        ),
      ).toHaveLength(120);
      const before = await settings(director);
      expect(Object.keys(before)).toHaveLength(120);
      const undone = [
        ...manyServices.map((service): Change => ({ verb: "remove-service", service })),
        addService(dns),
        refusedServer,
      ];
      expect(await refusal(director.apply(undone))).toMatchObject({ code: "REFUSED", changeIndex: 121 });
      expect(await settings(director)).toEqual(before);
      await director.apply(manyServices.map((service): Change => ({ verb: "remove-service", service })));
      expect(await director.table()).toEqual([]);
    });
  });
}
