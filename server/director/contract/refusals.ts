import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change";
import {
  addServer,
  addService,
  broadcast,
  dns,
  drain,
  editServer,
  http,
  http6,
  ipip,
  mark4,
  mark6,
  removeServer,
  restore,
  server,
  setWeight,
  spec,
  web1,
} from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

const onServer: Change[] = [
  editServer(http, web1),
  removeServer(http, web1),
  setWeight(http, web1, 3),
  drain(http, web1),
  restore(http, web1),
];
const byVerb = (changes: Change[]) => changes.map((change) => [change.verb, change] as const);
const over6 = server({ address: "2001:db8:1::1", forward: "tunnel", tunnel: ipip });
const daemon = { role: "backup", interface: "eth0", syncId: 0 } as const;

export function refusalContract(make: MakeSubject): void {
  describe("refusals", () => {
    const subject = useSubject(make);

    it.each([http, http6, mark4, mark6])("a service that is there already: $kind $address $family", async (service) => {
      const { director } = subject();
      await director.apply([addService(service, { scheduler: "rr" })]);
      expect(await refusal(director.apply([addService(service)]))).toMatchObject({
        code: "SERVICE_EXISTS",
        changeIndex: 0,
      });
      expect((await director.service(service)).spec.scheduler).toBe("rr");
    });

    it("a server that is there already", async () => {
      const { director } = subject();
      await director.apply([addService(http), addServer(http, web1)]);
      expect(await refusal(director.apply([addServer(http, { ...web1, forward: "direct", weight: 9 })]))).toMatchObject(
        { code: "SERVER_EXISTS", changeIndex: 0 },
      );
      expect((await director.service(http)).servers.map((one) => one.spec)).toEqual([web1]);
    });

    it.each(
      byVerb([
        ...onServer,
        addServer(http, web1),
        { verb: "edit-service", service: http, spec: spec() },
        { verb: "remove-service", service: http },
      ]),
    )("a service that is not there: %s", async (_verb, change) => {
      const { director } = subject();
      await director.apply([addService(dns), addServer(dns, web1)]);
      const before = await settings(director);
      expect(await refusal(director.apply([change]))).toMatchObject({ code: "NO_SUCH_SERVICE", changeIndex: 0 });
      expect(await settings(director)).toEqual(before);
    });

    it("a service that is not there: service and zero", async () => {
      const { director } = subject();
      await director.apply([addService(mark4)]);
      expect((await refusal(director.service(mark6))).code).toBe("NO_SUCH_SERVICE");
      expect((await refusal(director.zero(http))).code).toBe("NO_SUCH_SERVICE");
    });

    it.each(byVerb(onServer))("a server that is not there: %s", async (_verb, change) => {
      const { director } = subject();
      await director.apply([addService(http), addServer(http, server({ port: 8080 }))]);
      expect(await refusal(director.apply([change]))).toMatchObject({ code: "NO_SUCH_SERVER", changeIndex: 0 });
    });

    it("a scheduler that this kernel does not have, new and in an edit", async () => {
      const { director } = subject();
      const missing = { code: "NO_SUCH_SCHEDULER_OR_ENGINE", field: "scheduler", changeIndex: 0 };
      expect(await refusal(director.apply([addService(http, { scheduler: "twos" })]))).toMatchObject(missing);
      await director.apply([addService(http)]);
      expect(
        await refusal(director.apply([{ verb: "edit-service", service: http, spec: spec({ scheduler: "twos" }) }])),
      ).toMatchObject(missing);
      expect((await director.service(http)).spec).toEqual(spec());
    });

    it("a server at the broadcast address of a local network", async () => {
      const { director } = subject();
      await director.apply([addService(http)]);
      expect(await refusal(director.apply([addServer(http, server({ address: broadcast }))]))).toMatchObject({
        code: "REFUSED",
        field: "address",
        changeIndex: 0,
      });
      expect((await director.service(http)).servers).toEqual([]);
    });

    it("a server of the other family while a daemon runs, and a daemon while there is one", {
      timeout: 60_000,
    }, async () => {
      const { director } = subject();
      await director.apply([addService(http)]);
      await director.startDaemon(daemon);
      expect(await refusal(director.apply([addServer(http, over6)]))).toMatchObject({
        code: "REFUSED",
        field: "address",
      });
      await director.stopDaemon("backup");
      await director.apply([addServer(http, over6)]);
      expect(await refusal(director.startDaemon(daemon))).toMatchObject({ code: "DAEMON_REFUSED" });
      expect(await director.daemons()).toEqual([]);
    });
  });
}
