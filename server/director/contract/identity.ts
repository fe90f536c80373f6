import { describe, expect, it } from "vitest";
import {
  addServer,
  addService,
  dns,
  editServer,
  http,
  http6,
  ipip,
  mark4,
  mark6,
  removeServer,
  sctp,
  server,
  spec,
} from "./samples.ts";
import { type MakeSubject, settings, useSubject } from "./subject.ts";

const tcpDns = { ...dns, protocol: "tcp" };
const allPorts = { ...http, port: 0 };
const persistence = { timeoutS: 60, netmask: "255.255.255.255" };
const over4 = server({ forward: "tunnel", tunnel: ipip });
const over6 = server({ address: "2001:db8:1::1", forward: "tunnel", tunnel: ipip });

export function identityContract(make: MakeSubject): void {
  describe("who is who", () => {
    const subject = useSubject(make);

    it("tells marks apart by family, and by mark from an address", async () => {
      const { director } = subject();
      await director.apply([
        addService(mark4, { scheduler: "rr" }),
        addService(mark6, { scheduler: "lc" }),
        addService(http, { scheduler: "sh" }),
      ]);
      await director.apply([{ verb: "edit-service", service: mark6, spec: spec({ scheduler: "nq" }) }]);
      expect((await director.service(mark4)).spec.scheduler).toBe("rr");
      expect((await director.service(mark6)).spec.scheduler).toBe("nq");
      await director.apply([{ verb: "remove-service", service: mark4 }]);
      expect(Object.keys(await settings(director)).sort()).toEqual(["fwmark6:7", "tcp:192.0.2.10:80"]);
    });

    it("tells services of one address apart by protocol and port", async () => {
      const { director } = subject();
      await director.apply([
        addService(dns),
        addService(tcpDns),
        addService(http),
        addService(sctp),
        addService(allPorts, { persistence }),
        addService(http6),
      ]);
      await director.apply([
        addServer(tcpDns, server()),
        { verb: "remove-service", service: sctp },
        { verb: "remove-service", service: allPorts },
      ]);
      expect(Object.keys(await settings(director)).sort()).toEqual([
        "tcp:192.0.2.10:53",
        "tcp:192.0.2.10:80",
        "tcp:[2001:db8::10]:80",
        "udp:192.0.2.10:53",
      ]);
      expect((await director.service(tcpDns)).servers).toHaveLength(1);
      expect((await director.service(dns)).servers).toHaveLength(0);
    });

    it("tells servers of one address apart by port, and by their service", async () => {
      const { director } = subject();
      const other = server({ port: 8080, weight: 2 });
      await director.apply([
        addService(http),
        addService(dns),
        addServer(http, server()),
        addServer(http, other),
        addServer(dns, server({ weight: 3 })),
      ]);
      await director.apply([
        { verb: "set-weight", service: http, server: { address: "10.0.0.1", port: 8080 }, weight: 9 },
      ]);
      await director.apply([removeServer(http, server())]);
      expect((await director.service(http)).servers.map((one) => one.spec)).toEqual([{ ...other, weight: 9 }]);
      expect((await director.service(dns)).servers.map((one) => one.spec.weight)).toEqual([3]);
    });

    it.each([
      ["IPv6 in an IPv4 service", http, over6],
      ["IPv4 in an IPv6 service", http6, over4],
      ["IPv6 in a mark of IPv4", mark4, over6],
      ["IPv4 in a mark of IPv6", mark6, over4],
    ])("adds, edits, drains and removes a real server of the other family: %s", async (_name, service, one) => {
      const { director } = subject();
      const key = { address: one.address, port: one.port };
      await director.apply([addService(service), addServer(service, one)]);
      await director.apply([editServer(service, { ...one, weight: 4, upperThreshold: 10 })]);
      await director.apply([{ verb: "drain-server", service, server: key }]);
      expect((await director.service(service)).servers).toMatchObject([
        { spec: { ...one, weight: 0, upperThreshold: 10 }, drainedWeight: 4 },
      ]);
      await director.apply([{ verb: "restore-server", service, server: key }]);
      expect((await director.service(service)).servers).toMatchObject([{ spec: { weight: 4 }, drainedWeight: null }]);
      await director.apply([removeServer(service, one)]);
      expect((await director.service(service)).servers).toEqual([]);
    });

    it("names a mapped IPv4 address as itself, not as the IPv4 one", async () => {
      const { director } = subject();
      const mapped = { ...http6, address: "::ffff:192.0.2.10" };
      await director.apply([addService(mapped), addService(http)]);
      expect(Object.keys(await settings(director)).sort()).toEqual(["tcp:192.0.2.10:80", "tcp:[::ffff:192.0.2.10]:80"]);
    });
  });
}
