import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDirectorStore } from "../store/director-store.ts";
import { interruptedSubject } from "./contract/interrupted-subject.ts";
import {
  addServer,
  addService,
  broadcast,
  dns,
  drain,
  http,
  restore,
  server,
  setWeight,
  spec,
  threeWebs,
  web1,
  web2,
} from "./contract/samples.ts";
import { simulatedSubject } from "./contract/simulated-subject.ts";
import { refusal } from "./contract/subject.ts";
import { LocalDirector } from "./local.ts";

const refusedServer = addServer(dns, server({ address: broadcast }));

describe("the writer", () => {
  it("writes a batch in one call, and takes it back in one more", async () => {
    const seen: string[][] = [];
    const { director } = await interruptedSubject((write, commands) => {
      seen.push(commands.map(({ command }) => command));
      return write(commands);
    });
    await director.apply([setWeight(http, web1, 9), addServer(http, server({ address: "10.0.0.9" }))]);
    await refusal(director.apply([setWeight(http, web1, 10), refusedServer, setWeight(http, web2, 10)]));
    expect(seen).toEqual([
      ["set-server", "new-server"],
      ["set-server", "new-server", "set-server"],
      ["set-server", "set-server"],
    ]);
  });

  it("asks for the table once when a batch is about many services", async () => {
    const { director, ipvs } = await simulatedSubject();
    const asked = { service: 0, snapshot: 0 };
    const { service, snapshot } = { service: ipvs.service.bind(ipvs), snapshot: ipvs.snapshot.bind(ipvs) };
    ipvs.service = (key) => {
      asked.service++;
      return service(key);
    };
    ipvs.snapshot = () => {
      asked.snapshot++;
      return snapshot();
    };
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...http, port: index + 1 }));
    await director.apply(many(51).map((key) => addService(key)));
    await director.stop();
    // Before, after, and once the caller has its answer for the revision.
    expect(asked).toEqual({ service: 0, snapshot: 3 });
    await director.apply(many(50).flatMap((key) => [addServer(key, web1), setWeight(key, web1, 2)]));
    await director.stop();
    expect(asked).toEqual({ service: 100, snapshot: 4 });
  });

  it("looks again for a service that a dump left out", async () => {
    const { director, ipvs } = await simulatedSubject();
    const keys = Array.from({ length: 60 }, (_, index) => ({ ...http, port: index + 1 }));
    await director.apply(keys.map((key) => addService(key)));
    const snapshot = ipvs.snapshot.bind(ipvs);
    ipvs.snapshot = async () => {
      const { rows, counters, gauges } = await snapshot();
      return { rows: rows.slice(0, -20), counters, gauges };
    };
    const { results } = await director.apply(
      keys.map((service) => ({ verb: "edit-service", service, spec: spec({ scheduler: "rr" }) })),
    );
    expect(results.map(({ record }) => record?.kind === "service" && record.spec.scheduler)).toEqual(
      keys.map(() => "rr"),
    );
  });

  it("goes on after a change that was refused", async () => {
    const { director } = await simulatedSubject();
    const answers = await Promise.allSettled([
      director.apply([addServer(http, web1)]),
      director.apply([addService(http)]),
      director.apply([addService(http)]),
      director.apply([addServer(http, web1)]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
  });

  it("does not mix another's change into a batch that is still being written", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { director, calls } = await interruptedSubject(async (write, commands, call) => {
      if (call === 0) await held;
      return write(commands);
    });
    const first = director.apply([setWeight(http, web1, 9)]);
    const second = director.apply([{ ...setWeight(http, web1, 10), expected: web1 } as never]);
    const third = director.clear();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls()).toBe(1);
    release();
    await first;
    expect((await refusal(second)).code).toBe("CONFLICT");
    await third;
    expect(await director.table()).toEqual([]);
  });
});

describe("when IPVS goes away", () => {
  it.each([
    ["ENOENT-family", "NOT_AVAILABLE"],
    ["EPERM", "NOT_PERMITTED"],
    ["ETIMEDOUT", "TIMED_OUT"],
  ] as const)("says so in every call and makes nothing up: %s", async (failure, code) => {
    const { director, ipvs } = await simulatedSubject();
    await director.apply(threeWebs);
    ipvs.fail(failure);
    const daemon = { role: "backup", interface: "eth0", syncId: 0 } as const;
    const calls = [
      () => director.status(),
      () => director.table(),
      () => director.service(http),
      () => director.apply([setWeight(http, web1, 2)]),
      () => director.apply([addService(dns)]),
      () => director.zero(null),
      () => director.clear(),
      () => director.timeouts(),
      () => director.setTimeouts({ tcpS: 1, tcpFinS: 1, udpS: 1 }),
      () => director.daemons(),
      () => director.startDaemon(daemon),
      () => director.stopDaemon("backup"),
      () => director.localAddresses(http),
      () => director.addLocalAddresses(http, ["192.0.2.1"]),
      () => director.removeLocalAddresses(http, ["192.0.2.1"]),
      () => director.flushLocalAddresses(http),
    ];
    for (const call of calls) expect((await refusal(call())).code).toBe(code);
    ipvs.fail(null);
    expect((await director.service(http)).servers).toHaveLength(3);
    await director.apply([setWeight(http, web1, 2)]);
  });
});

describe("when weights cannot be kept", () => {
  it("refuses a drain before the weight is touched, and does everything else", async () => {
    const { director, drained } = await simulatedSubject();
    await director.apply([...threeWebs, drain(http, web2)]);
    drained.broken = true;
    expect(await refusal(director.apply([setWeight(http, web2, 0), drain(http, web1)]))).toMatchObject({
      code: "STORE_FAILED",
      params: { detail: "disk full" },
    });
    expect((await director.service(http)).servers.find(({ spec }) => spec.address === web1.address)?.spec.weight).toBe(
      1,
    );
    const {
      results: [restored],
    } = await director.apply([restore(http, web2)]);
    expect(restored).toMatchObject({ record: { spec: web2, drainedWeight: null } });
    await director.apply([
      setWeight(http, web1, 0),
      addServer(http, server({ address: "10.0.0.9" })),
      { verb: "remove-service", service: http },
    ]);
    await director.clear();
  });
});

describe("after a restart", () => {
  it("gives drained servers their weights back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "local-director-"));
    const log = {
      error: (details: unknown) => {
        throw new Error(JSON.stringify(details));
      },
    } as never;
    const { ipvs } = await simulatedSubject();
    const start = async () => {
      const store = await openDirectorStore(join(folder, "director.sqlite"), log);
      return { store, director: new LocalDirector({ ipvs, drained: store.drainedWeights("simulated") }) };
    };
    try {
      const first = await start();
      await first.director.apply([...threeWebs, drain(http, web1), drain(http, web2)]);
      await first.store.close();
      const second = await start();
      expect(second.director.drainedWeight("tcp:192.0.2.10:80>10.0.0.2:80")).toBe(2);
      await second.director.apply([restore(http, web2)]);
      await second.store.close();
      const third = await start();
      const weights = (await third.director.service(http)).servers.map(({ spec, drainedWeight }) => [
        spec.weight,
        drainedWeight,
      ]);
      expect(weights.sort()).toEqual([
        [0, 1],
        [2, null],
        [3, null],
      ]);
      await third.store.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("status", () => {
  it("tells of the host, the kernel and why the table is a simulated one", async () => {
    const { ipvs, drained } = await simulatedSubject();
    const hostFacts = () => ({ host: "director-1", networkNamespace: "/run/netns/one", kernel: "6.1.0", uptimeS: 42 });
    const simulatedBecause = { code: "no-module", params: { detail: "x" } };
    const director = new LocalDirector({ ipvs, drained, hostFacts, simulatedBecause, wallMs: () => 1234 });
    expect(await director.status()).toEqual({
      kind: "simulated",
      simulatedBecause,
      host: "director-1",
      networkNamespace: "/run/netns/one",
      kernel: "6.1.0",
      uptimeS: 42,
      version: "1.2.1",
      connectionTableSize: 4096,
      fullnat: false,
      startedAtMs: 1234,
    });
  });

  it("tells of a simulated kernel where one stands in for this machine's", async () => {
    const { director } = await simulatedSubject();
    const { kernel } = await director.modules();
    expect(kernel).toBe("6.1.0-simulated");
    expect((await director.status()).kernel).toBe(kernel);
  });
});

describe("modules of a simulated kernel", () => {
  it("are loaded once a service asks for one, with how many have it, and stay", async () => {
    const { director } = await simulatedSubject();
    const sh = async () => (await director.modules()).schedulers.find(({ name }) => name === "sh");
    const sip = async () => (await director.modules()).engines;
    expect(await sh()).toMatchObject({ state: "loadable", users: null });
    expect(await sip()).toMatchObject([{ name: "sip", state: "loadable" }]);
    const persistence = { timeoutS: 300, netmask: "255.255.255.255" };
    await director.apply([
      addService(http, { scheduler: "sh" }),
      addService(dns, { scheduler: "sh", persistence, engine: "sip" }),
    ]);
    expect(await sh()).toMatchObject({ state: "loaded", users: 2 });
    expect(await sip()).toMatchObject([{ name: "sip", state: "loaded", users: 1 }]);
    await director.apply([{ verb: "remove-service", service: dns }]);
    expect(await sh()).toMatchObject({ state: "loaded", users: 1 });
    await director.apply([{ verb: "remove-service", service: http }]);
    expect(await sh()).toMatchObject({ state: "loaded", users: 0 });
  });
});
