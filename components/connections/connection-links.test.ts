import { describe, expect, test } from "vitest";
import type { ServerRow } from "#domain/table";
import { connectionsHref, markOf, templatesHref } from "./connection-links.ts";

const server = (serviceId: string, address: string, port: number): ServerRow => ({
  kind: "server",
  id: `${serviceId}>${address}:${port}`,
  serviceId,
  spec: {
    ...{ address, port, forward: "nat", weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null },
  },
});
const asked = (href: string) => {
  const { pathname, searchParams } = new URL(href, "http://console");
  return [pathname, Object.fromEntries(searchParams)];
};

describe("the connections of a row are those", () => {
  test.each([
    ["tcp:192.0.2.10:80", { protocol: "tcp", virtual: "192.0.2.10:80" }],
    ["udp:[2001:db8::1]:53", { protocol: "udp", virtual: "[2001:db8::1]:53" }],
    ["tcp:192.0.2.10:0", { protocol: "tcp", virtual: "192.0.2.10" }],
    ["tcp:[2001:db8::1]:0", { protocol: "tcp", virtual: "[2001:db8::1]" }],
    ["ip-50:192.0.2.10:80", { virtual: "192.0.2.10:80" }],
  ])("of the service %s, on any server", (id, filter) => {
    expect(asked(connectionsHref({ kind: "service", id }))).toEqual(["/connections", filter]);
  });

  test("of a server, within its service", () => {
    const { href, catchAll } = {
      href: connectionsHref(server("udp:[2001:db8::1]:53", "fd00::7", 5353)),
      catchAll: connectionsHref(server("tcp:192.0.2.10:0", "10.0.0.7", 0)),
    };
    expect(asked(href)[1]).toEqual({ protocol: "udp", virtual: "[2001:db8::1]:53", server: "[fd00::7]:5353" });
    expect(asked(catchAll)[1]).toEqual({ protocol: "tcp", virtual: "192.0.2.10", server: "10.0.0.7" });
  });

  test("of a firewall mark's server, through whatever service; the mark's own stand on its page", () => {
    expect(asked(connectionsHref(server("fwmark:7", "10.0.0.7", 80)))[1]).toEqual({ server: "10.0.0.7:80" });
    expect(connectionsHref({ kind: "service", id: "fwmark6:7" })).toBe("/services/fwmark6%3A7#service-connections");
  });
});

describe("the templates", () => {
  test("of an address carry its port, unless there is none or it is FTP's", () => {
    const key = { kind: "address", protocol: "tcp", address: "192.0.2.10" } as const;
    const filter = { kind: "templates", protocol: "tcp" };
    expect(asked(templatesHref({ ...key, port: 443 }))[1]).toEqual({ ...filter, virtual: "192.0.2.10:443" });
    for (const port of [0, 21])
      expect(asked(templatesHref({ ...key, port }))[1]).toEqual({ ...filter, virtual: "192.0.2.10" });
  });

  // ip_vs_sched_persist() takes `.ip = htonl(svc->fwmark)` for the address of either family.
  test.each([
    [4, 7, "0.0.0.7"],
    [4, 4_294_967_295, "255.255.255.255"],
    [6, 7, "0:7::"],
    [6, 0x12345678, "1234:5678::"],
    [6, 0x10000, "1:0::"],
  ] as const)("of an IPv%d mark %d stand under %s, and are read from there", (family, mark, address) => {
    expect(asked(templatesHref({ kind: "fwmark", family, mark }))[1]).toEqual({
      ...{ kind: "templates", protocol: "ip", virtual: address },
    });
    expect(markOf({ protocol: "ip", address })).toBe(mark);
  });

  test("of a mark as the kernel and glibc write the address", () => {
    expect(markOf({ protocol: "ip", address: "1::" })).toBe(0x10000);
    expect(markOf({ protocol: "tcp", address: "0.0.0.7" })).toBeNull();
  });
});
