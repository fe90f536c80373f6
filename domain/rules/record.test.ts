import { expect, test } from "vitest";
import { formatRecord } from "#domain/rules/record";
import type { ServerRecord } from "#domain/table";

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };
const server = (address: string, spec: Partial<ServerRecord["spec"]>): ServerRecord => ({
  kind: "server",
  id: address,
  serviceId: "",
  spec: { address, port: 80, forward: "nat", weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null, ...spec },
  counters,
  gauges: { active: 0, inactive: 0, persistent: 0 },
  drainedWeight: null,
});

test("a service comes before its servers, each with all of its options", () => {
  const text = formatRecord({
    key: { kind: "address", protocol: "tcp", address: "2001:db8::80", port: 80 },
    spec: {
      scheduler: "sh",
      schedulerFlags: ["flag-1"],
      persistence: { timeoutS: 360, netmask: "64" },
      onePacket: false,
      engine: null,
    },
    servers: [
      server("2001:db8::1", { weight: 0 }),
      server("10.0.0.7", {
        forward: "tunnel",
        upperThreshold: 100,
        tunnel: { type: "gue", port: 6080, checksum: "none" },
      }),
    ],
  });
  expect(text).toBe(
    [
      "-A -t [2001:db8::80]:80 -s sh -p 360 -M 64 -b sh-fallback",
      "-a -t [2001:db8::80]:80 -r [2001:db8::1]:80 -m -w 0",
      "-a -t [2001:db8::80]:80 -r 10.0.0.7:80 -i -w 1 -x 100 --tun-type gue --tun-port 6080 --tun-nocsum",
    ].join("\n"),
  );
});

test("a service without servers is one line", () => {
  const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  expect(formatRecord({ key: { kind: "fwmark", family: 6, mark: 7 }, spec, servers: [] })).toBe("-A -f 7 -6 -s rr");
});
