import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { addressOf } from "./address.ts";
import { canonicalNetmask, fullNetmask, parseServiceId, type ServiceKey, serviceFamily, serviceId } from "./service.ts";

const address = fc
  .oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map((bytes) => addressOf(bytes).text);
const protocol = fc.oneof(
  fc.constantFrom("tcp", "udp", "sctp"),
  fc.integer({ min: 0, max: 65_535 }).map((number) => `ip-${number}`),
);
const key: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({ kind: fc.constant("address" as const), protocol, address, port: fc.integer({ min: 0, max: 65_535 }) }),
  fc.record({
    kind: fc.constant("fwmark" as const),
    family: fc.constantFrom(4 as const, 6 as const),
    mark: fc.integer({ min: 1, max: 4_294_967_295 }),
  }),
);

describe("serviceId", () => {
  test.each<[ServiceKey, string]>([
    [{ kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 }, "tcp:10.0.0.1:80"],
    [{ kind: "address", protocol: "udp", address: "2001:db8::1", port: 53 }, "udp:[2001:db8::1]:53"],
    [{ kind: "address", protocol: "ip-50", address: "10.0.0.1", port: 0 }, "ip-50:10.0.0.1:0"],
    [{ kind: "fwmark", family: 4, mark: 7 }, "fwmark:7"],
    [{ kind: "fwmark", family: 6, mark: 4_294_967_295 }, "fwmark6:4294967295"],
  ])("%j is %s", (service, id) => {
    expect(serviceId(service)).toBe(id);
    expect(parseServiceId(id)).toEqual(service);
  });

  it("comes back as the key it was made of, and through a URL too", () => {
    fc.assert(
      fc.property(key, (service) => {
        expect(parseServiceId(serviceId(service))).toEqual(service);
        expect(parseServiceId(decodeURIComponent(encodeURIComponent(serviceId(service))))).toEqual(service);
      }),
      { numRuns: 1000 },
    );
  });

  it("is another text for another key", () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(serviceId(one) === serviceId(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    "",
    "tcp",
    "tcp:10.0.0.1",
    "tcp:10.0.0.1:65536",
    "tcp:10.0.0.1:-1",
    "icmp:10.0.0.1:80",
    "tcp:10.0.0:80",
    "tcp:[10.0.0.1]:80x",
    "tcp:[::1]",
    "fwmark:0",
    "fwmark:4294967296",
    "fwmark4:1",
    "fwmark:-1",
    "TCP:10.0.0.1:80",
    "tcp:10.0.0.1:80/../x",
  ])("is not read from %j", (text) => {
    expect(parseServiceId(text)).toBeNull();
  });

  it("never throws over what comes from anyone's link", () => {
    fc.assert(
      fc.property(fc.string(), (text) => void parseServiceId(text)),
      { numRuns: 1000 },
    );
  });
});

describe("canonicalNetmask", () => {
  test.each<[string, 4 | 6, string | null]>([
    ["", 4, "255.255.255.255"],
    ["", 6, "128"],
    ["24", 4, "255.255.255.0"],
    ["/24", 4, "255.255.255.0"],
    [" 255.255.0.0 ", 4, "255.255.0.0"],
    ["255.0.255.0", 4, "255.0.255.0"],
    ["0", 4, "0.0.0.0"],
    ["32", 4, "255.255.255.255"],
    ["33", 4, null],
    ["255.255.255", 4, null],
    ["64", 4, null],
    ["::", 4, null],
    ["64", 6, "64"],
    ["/064", 6, "64"],
    ["1", 6, "1"],
    ["0", 6, null],
    ["129", 6, null],
    ["255.255.255.0", 6, null],
    ["ffff::", 6, null],
    ["-1", 4, null],
    ["2 4", 4, null],
  ])("%j of IPv%i is %j", (text, family, expected) => {
    expect(canonicalNetmask(text, family)).toBe(expected);
  });

  it("leaves what is canonical as it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => bytes.join(".")),
          fc.integer({ min: 1, max: 128 }).map(String),
        ),
        (text) => {
          const family = text.includes(".") ? 4 : 6;
          expect(canonicalNetmask(text, family)).toBe(text);
        },
      ),
    );
    expect([canonicalNetmask(fullNetmask(4), 4), canonicalNetmask(fullNetmask(6), 6)]).toEqual([
      fullNetmask(4),
      fullNetmask(6),
    ]);
  });

  it("has as many bits set as the prefix says", () => {
    for (let prefix = 0; prefix <= 32; prefix++) {
      const bits = (canonicalNetmask(String(prefix), 4) ?? "")
        .split(".")
        .map((part) => Number(part).toString(2).padStart(8, "0"))
        .join("");
      expect(bits).toBe("1".repeat(prefix).padEnd(32, "0"));
    }
  });
});

it("has the family of its address, or of its mark", () => {
  expect(serviceFamily({ kind: "fwmark", family: 6, mark: 1 })).toBe(6);
  expect(serviceFamily({ kind: "address", protocol: "tcp", address: "10.0.0.1", port: 1 })).toBe(4);
  expect(serviceFamily({ kind: "address", protocol: "tcp", address: "::ffff:10.0.0.1", port: 1 })).toBe(6);
});
