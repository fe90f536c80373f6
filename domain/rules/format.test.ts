import { describe, expect, it, test } from "vitest";
import type { Change } from "../change.ts";
import type { ObservedServerSpec } from "../real-server.ts";
import type { ObservedServiceSpec, ServiceKey } from "../service.ts";
import {
  formatChange,
  formatServerKey,
  formatServerOptions,
  formatServiceKey,
  formatServiceOptions,
  schedulerFlagName,
} from "./format.ts";

const http: ServiceKey = { kind: "address", protocol: "tcp", address: "10.0.0.9", port: 80 };
const http6: ServiceKey = { kind: "address", protocol: "tcp", address: "2001:db8::9", port: 80 };
const spec = (parts: Partial<ObservedServiceSpec> = {}): ObservedServiceSpec => ({
  scheduler: "wlc",
  schedulerFlags: [],
  persistence: null,
  onePacket: false,
  engine: null,
  ...parts,
});
const server = (parts: Partial<ObservedServerSpec> = {}): ObservedServerSpec => ({
  address: "10.0.0.7",
  port: 8080,
  forward: "nat",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: null,
  ...parts,
});
const tunnel = (type: string, port: number, checksum: string) =>
  server({ forward: "tunnel", port: 80, tunnel: { type, port, checksum } });

describe("formatServiceKey", () => {
  test.each<[ServiceKey, string]>([
    [http, "-t 10.0.0.9:80"],
    [{ ...http, protocol: "udp" } as ServiceKey, "-u 10.0.0.9:80"],
    [{ ...http, protocol: "sctp" } as ServiceKey, "--sctp-service 10.0.0.9:80"],
    [http6, "-t [2001:db8::9]:80"],
    [{ ...http6, address: "::ffff:10.0.0.9" } as ServiceKey, "-t [::ffff:10.0.0.9]:80"],
    [{ kind: "fwmark", family: 4, mark: 7 }, "-f 7"],
    [{ kind: "fwmark", family: 6, mark: 7 }, "-f 7 -6"],
    [{ kind: "fwmark", family: 4, mark: 4_294_967_295 }, "-f 4294967295"],
  ])("%j is %s", (key, text) => {
    expect(formatServiceKey(key)).toBe(text);
  });
});

describe("formatServiceOptions", () => {
  const persistence = (netmask: string, timeoutS = 360) => ({ persistence: { timeoutS, netmask } });
  test.each<[string, ServiceKey, ObservedServiceSpec, string]>([
    ["the least", http, spec(), "-s wlc"],
    [
      "persistence, with its number even where it is the default",
      http,
      spec(persistence("255.255.255.255")),
      "-s wlc -p 360",
    ],
    ["a mask that is not the full one", http, spec(persistence("255.255.255.0", 50)), "-s wlc -p 50 -M 255.255.255.0"],
    ["a prefix", http6, spec(persistence("64")), "-s wlc -p 360 -M 64"],
    ["the full prefix", http6, spec(persistence("128")), "-s wlc -p 360"],
    ["a prefix of a mark", { kind: "fwmark", family: 6, mark: 1 }, spec(persistence("64")), "-s wlc -p 360 -M 64"],
    ["an engine without persistence", http, spec({ engine: "sip" }), "-s wlc --pe sip"],
    ["one packet", http, spec({ onePacket: true, scheduler: "rr" }), "-s rr -o"],
    [
      "all in ipvsadm's order",
      http,
      spec({
        ...persistence("255.0.0.0"),
        engine: "sip",
        onePacket: true,
        scheduler: "sh",
        schedulerFlags: ["flag-1", "flag-2"],
      }),
      "-s sh -p 360 -M 255.0.0.0 --pe sip -o -b sh-fallback,sh-port",
    ],
    ["flags of mh", http, spec({ scheduler: "mh", schedulerFlags: ["flag-2"] }), "-s mh -b mh-port"],
    ["flags of others", http, spec({ schedulerFlags: ["flag-1", "flag-3"] }), "-s wlc -b flag-1,flag-3"],
    [
      "no empty -b for a flag that sh has no name for",
      http,
      spec({ scheduler: "sh", schedulerFlags: ["flag-3"] }),
      "-s sh",
    ],
  ])("%s", (_what, key, settings, text) => {
    expect(formatServiceOptions(key, settings)).toBe(text);
  });

  it("names flags by their scheduler", () => {
    expect(
      ["flag-1", "flag-2", "flag-3"].map((flag) => [
        schedulerFlagName("sh", flag),
        schedulerFlagName("mh", flag),
        schedulerFlagName("rr", flag),
      ]),
    ).toEqual([
      ["sh-fallback", "mh-fallback", "flag-1"],
      ["sh-port", "mh-port", "flag-2"],
      [null, null, "flag-3"],
    ]);
  });
});

describe("formatServerOptions", () => {
  test.each<[string, ObservedServerSpec, string]>([
    ["NAT", server(), "-m -w 1"],
    ["direct", server({ forward: "direct", weight: 0 }), "-g -w 0"],
    ["local, as ipvsadm does", server({ forward: "local" }), "-g -w 1"],
    ["a method without a name", server({ forward: "forward-6" }), "(null) -w 1"],
    [
      "thresholds, which ipvsadm loses",
      server({ weight: 5, upperThreshold: 100, lowerThreshold: 50 }),
      "-m -w 5 -x 100 -y 50",
    ],
    ["IPIP", tunnel("ipip", 0, "none"), "-i -w 1 --tun-type ipip"],
    ["GUE", tunnel("gue", 6080, "none"), "-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum"],
    ["GUE with checksum", tunnel("gue", 6080, "checksum"), "-i -w 1 --tun-type gue --tun-port 6080 --tun-csum"],
    [
      "GUE with remote checksum",
      tunnel("gue", 6080, "remote-checksum"),
      "-i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum",
    ],
    ["GRE", tunnel("gre", 0, "none"), "-i -w 1 --tun-type gre --tun-nocsum"],
    ["GRE with checksum", tunnel("gre", 0, "checksum"), "-i -w 1 --tun-type gre --tun-csum"],
  ])("%s", (_what, settings, text) => {
    expect(formatServerOptions(settings)).toBe(text);
  });

  it("names a server by its own family", () => {
    expect([
      formatServerKey({ address: "10.0.0.7", port: 8080 }),
      formatServerKey({ address: "2001:db8::7", port: 80 }),
    ]).toEqual(["-r 10.0.0.7:8080", "-r [2001:db8::7]:80"]);
  });
});

describe("formatChange", () => {
  const key = { address: "10.0.0.7", port: 8080 };
  const gue = { ...tunnel("gue", 6080, "checksum"), upperThreshold: 9 };
  test.each<[Change, string]>([
    [
      { verb: "add-service", service: http, spec: spec({ scheduler: "rr" }) as never },
      "ipvsadm -A -t 10.0.0.9:80 -s rr",
    ],
    [
      { verb: "edit-service", service: http, spec: spec({ scheduler: "rr" }) as never },
      "ipvsadm -E -t 10.0.0.9:80 -s rr",
    ],
    [{ verb: "remove-service", service: { kind: "fwmark", family: 6, mark: 7 } }, "ipvsadm -D -f 7 -6"],
    [
      { verb: "add-server", service: http, server: server() as never },
      "ipvsadm -a -t 10.0.0.9:80 -r 10.0.0.7:8080 -m -w 1",
    ],
    [
      { verb: "edit-server", service: http, server: server({ weight: 3 }) as never },
      "ipvsadm -e -t 10.0.0.9:80 -r 10.0.0.7:8080 -m -w 3",
    ],
    [{ verb: "remove-server", service: http, server: key }, "ipvsadm -d -t 10.0.0.9:80 -r 10.0.0.7:8080"],
  ])("%j is %s", (change, text) => {
    expect(formatChange(change)).toBe(text);
  });

  test.each([
    ["set-weight", 7],
    ["drain-server", 0],
    ["restore-server", 4],
  ] as const)("%s keeps everything but the weight", (verb, weight) => {
    const change = { verb, service: http, server: { address: gue.address, port: gue.port }, weight: 7 } as Change;
    expect(formatChange(change, gue, 4)).toBe(
      `ipvsadm -e -t 10.0.0.9:80 -r 10.0.0.7:80 -i -w ${weight} -x 9 --tun-type gue --tun-port 6080 --tun-csum`,
    );
  });
});
