import { describe, expect, it } from "vitest";
import type { ObservedServerSpec } from "#domain/real-server";
import type { ObservedServiceSpec, ServiceKey } from "#domain/service";
import { http, http6, ipip, server, spec } from "./samples.ts";
import { type MakeSubject, useSubject } from "./subject.ts";

const ip50: ServiceKey = { ...http, protocol: "ip-50" };

/** Rows that other managers can make and no form of ours would. */
const services: [string, ServiceKey, ObservedServiceSpec][] = [
  ["another protocol", ip50, spec()],
  ["a multicast address", { ...http, address: "224.0.0.1" }, spec()],
  ["no address", { ...http6, address: "::" }, spec()],
  ["port 0 without persistence", { ...http, port: 0 }, spec()],
  ["one-packet TCP", http, spec({ onePacket: true })],
  ["the third flag of sh", http, spec({ scheduler: "sh", schedulerFlags: ["flag-3"] })],
  ["persistence of no time", http, spec({ persistence: { timeoutS: 0, netmask: "255.255.255.255" } })],
];

const tunnelled = (parts: object): ObservedServerSpec => ({
  ...server(),
  forward: "tunnel",
  tunnel: { ...ipip, ...parts },
});
const servers: [string, ObservedServerSpec][] = [
  ["local", { ...server(), forward: "local" }],
  ["bypass", { ...server(), forward: "bypass" }],
  ["full NAT", { ...server(), forward: "fullnat" }],
  ["forward 6", { ...server(), forward: "forward-6" }],
  ["the mask of all", { ...server(), forward: "mask", upperThreshold: 9, lowerThreshold: 4 }],
  ["direct to another port", { ...server(), forward: "direct", port: 81 }],
  ["a tunnel of type 9", tunnelled({ type: "type-9" })],
  ["both checksums", tunnelled({ type: "gue", port: 6080, checksum: "flags-3" })],
  ["IPIP with a port", tunnelled({ port: 99 })],
];

export function foreignContract(make: MakeSubject): void {
  describe("rows that others made", () => {
    const subject = useSubject(make);

    it.each(services)(
      "shows and removes a service with %s, and balances its servers",
      async (_name, service, observed) => {
        const { director, outside } = subject();
        const one = server(
          service.kind === "address" && service.address.includes(":") ? { address: "2001:db8:1::1" } : {},
        );
        await outside([{ command: "new-service", service, spec: observed }]);
        expect(await director.service(service)).toMatchObject({ key: service, spec: observed });
        await director.apply([{ verb: "add-server", service, server: one }]);
        await director.apply([
          { verb: "set-weight", service, server: { address: one.address, port: one.port }, weight: 5 },
        ]);
        expect(await director.service(service)).toMatchObject({
          spec: observed,
          servers: [{ spec: { ...one, weight: 5 } }],
        });
        const {
          results: [removed],
        } = await director.apply([{ verb: "remove-service", service, expected: observed }]);
        expect(removed).toEqual({ kind: "service", record: null });
        expect(await director.table()).toEqual([]);
      },
    );

    it.each(servers)("weighs, drains, restores and removes a server with %s as it came", async (_name, observed) => {
      const { director, outside } = subject();
      const key = { service: http, server: { address: observed.address, port: observed.port } };
      const now = async () => (await director.service(http)).servers.map((one) => one.spec);
      await outside([
        { command: "new-service", service: http, spec: spec() },
        { command: "new-server", service: http, server: observed },
      ]);
      expect(await now()).toEqual([observed]);
      await director.apply([{ verb: "set-weight", ...key, weight: 9, expected: observed }]);
      expect(await now()).toEqual([{ ...observed, weight: 9 }]);
      await director.apply([{ verb: "drain-server", ...key }]);
      expect(await now()).toEqual([{ ...observed, weight: 0 }]);
      await director.apply([{ verb: "restore-server", ...key }]);
      expect(await now()).toEqual([{ ...observed, weight: 9 }]);
      await director.apply([{ verb: "remove-server", ...key, expected: { ...observed, weight: 9 } }]);
      expect(await now()).toEqual([]);
    });

    it("makes a foreign row its own by an edit", async () => {
      const { director, outside } = subject();
      await outside([
        { command: "new-service", service: http, spec: spec({ onePacket: true }) },
        { command: "new-server", service: http, server: tunnelled({ type: "type-9", port: 7, checksum: "flags-3" }) },
      ]);
      await director.apply([
        { verb: "edit-service", service: http, spec: spec() },
        { verb: "edit-server", service: http, server: server() },
      ]);
      expect(await director.service(http)).toMatchObject({ spec: spec(), servers: [{ spec: server() }] });
    });
  });
}
