import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it, test, vi } from "vitest";
import { type AddressClass, addressClass, addressOf, addressSchema, familyOf, parseAddress } from "./address.ts";
import { changesSchema } from "./change.ts";
import { endpoint } from "./endpoint.ts";
import { problemsOf } from "./problem.ts";

/** Bytes and what inet_ntop(3) of glibc 2.36 made of them. */
const inetNtop: [string, string][] = [
  ["00000000000000000000000000000000", "::"],
  ["00000000000000000000000000000001", "::1"],
  ["00000000000000000000000000010000", "::0.1.0.0"],
  ["00000000000000000000ffff00000000", "::ffff:0.0.0.0"],
  ["00000000000000000000ffff0a000009", "::ffff:10.0.0.9"],
  ["0000000000000000000000000a000009", "::10.0.0.9"],
  ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["20010000000000010000000000000000", "2001:0:0:1::"],
  ["00010000000200000003000000040000", "1:0:2:0:3:0:4:0"],
  ["00000001000200030004000500060007", "0:1:2:3:4:5:6:7"],
  ["00010002000300040005000600070000", "1:2:3:4:5:6:7:0"],
  ["fe800000000000000000000000000000", "fe80::"],
  ["ff020000000000000000000000000001", "ff02::1"],
  ["0064ff9b0000000000000000c0000221", "64:ff9b::c000:221"],
  ["0000000000000000ffff000001020304", "::ffff:0:102:304"],
  ["00000000000000000001ffff00000000", "::1:ffff:0:0"],
  ["20010db8aaaabbbbccccddddeeeeaaaa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"],
  ["00010000000000020000000000000003", "1:0:0:2::3"],
  ["00000000000100000000000000000000", "0:0:1::"],
  ["00000000000000000000fffe01020304", "::fffe:102:304"],
];

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
/** Words of which many are 0, since that is where spellings differ. */
const word = fc.oneof(fc.constant(0), fc.constantFrom(0xffff, 1), fc.integer({ min: 0, max: 0xffff }));
const bytes6 = fc
  .array(word, { minLength: 8, maxLength: 8 })
  .map((words) => Uint8Array.from(words.flatMap((each) => [each >> 8, each & 255])));
const bytes4 = fc.uint8Array({ minLength: 4, maxLength: 4 });

describe("addressOf", () => {
  test.each(inetNtop)("%s is written %s, as inet_ntop does", (hex, text) => {
    expect(addressOf(bytesOf(hex))).toEqual({ family: 6, text, bytes: bytesOf(hex) });
  });
});

describe("parseAddress", () => {
  it("reads back every text that addressOf writes", () => {
    fc.assert(
      fc.property(fc.oneof(bytes4, bytes6), (bytes) => {
        expect(parseAddress(addressOf(bytes).text)).toEqual(addressOf(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("reads every spelling of one address as that address", () => {
    fc.assert(
      fc.property(bytes6, (bytes) => {
        const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
        const padded = words.map((each) => each.toString(16).padStart(4, "0")).join(":");
        const dotted = `${words
          .slice(0, 6)
          .map((each) => each.toString(16))
          .join(":")}:${bytes.slice(12).join(".")}`;
        const { text } = addressOf(bytes);
        for (const spelling of [padded, padded.toUpperCase(), dotted, ` ${text}\n`]) {
          expect(parseAddress(spelling)?.text, spelling).toBe(text);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["2001:DB8::0010", "2001:db8::10"],
    [" 10.0.0.1 ", "10.0.0.1"],
    ["::10.0.0.9", "::10.0.0.9"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ])("takes %j for %s", (text, canonical) => {
    expect(parseAddress(text)?.text).toBe(canonical);
  });

  test.each([
    ...[
      "",
      " ",
      "10",
      "10.9",
      "10.0.0",
      "10.0.0.0.1",
      "010.0.0.1",
      "0x0a.0.0.1",
      "10.0.0.256",
      "10.0.0.-1",
      "10.0.0.1/24",
      "1.2.3.4:80",
    ],
    ...[
      ":",
      ":::",
      "1::2::3",
      "12345::",
      "::g",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4::5:6:7:8",
      "fe80::1%eth0",
      "[::1]",
    ],
    ...[
      "::ffff:010.0.0.1",
      "::ffff:1.2.3",
      "::ffff:1.2.3.256",
      "1.2.3.4::",
      "::1.2.3.4:1",
      "::ffff: 1.2.3.4",
      "localhost",
      "example.org",
    ],
  ])("does not guess at %j", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%]{0,45}$/)), (text) => void parseAddress(text)),
      { numRuns: 2000 },
    );
  });
});

describe("addressClass", () => {
  test.each<[string, AddressClass]>([
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["255.255.255.255", "broadcast"],
    ["224.0.0.0", "multicast"],
    ["239.255.255.255", "multicast"],
    ["240.0.0.1", "unicast"],
    ["223.255.255.255", "unicast"],
    ["127.0.0.1", "unicast"],
    ["ff02::1", "multicast"],
    ["fe80::1", "link-local"],
    ["febf::1", "link-local"],
    ["fec0::1", "unicast"],
    ["::1", "unicast"],
    ["2001:db8::1", "unicast"],
  ])("%s is %s", (text, expected) => {
    expect(addressClass(text)).toBe(expected);
  });

  it("is not asked about what is no address", () => {
    expect(() => addressClass("10.9")).toThrow(TypeError);
  });
});

describe("addressSchema", () => {
  it.each([
    ["no IPv4 address of a batch", 0, (a: number, b: number) => `10.${a >> 8}.${a & 255}.${b}`],
    ["each IPv6 address of a batch once", 1, (a: number, b: number) => `2001:DB8:${a}::${b}`],
  ])("parses %s, however often it is named and asked about", (_which, times, address) => {
    const services = 500;
    const batch = Array.from({ length: services }, (_, s) => {
      const service = { kind: "address", protocol: "tcp", address: address(s, 1), port: 80 };
      const server = { port: 80, forward: "nat", weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null };
      const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
      const servers = [2, 3, 4, 5].map((last) => ({ ...server, address: address(s, last) }));
      return [
        { verb: "add-service", service, spec },
        ...servers.map((each) => ({ verb: "add-server", service, server: each })),
      ];
    }).flat();
    const { IPv4, IPv6 } = ipaddr;
    const looks = [IPv4, IPv6].flatMap((kind) => [vi.spyOn(kind, "parse"), vi.spyOn(kind, "isValid")]);
    expect(changesSchema.safeParse(batch).error).toBeUndefined();
    const calls = looks.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    vi.restoreAllMocks();
    // Now and then what was parsed last is forgotten while a service is still being named.
    expect(calls).toBeGreaterThanOrEqual(services * 5 * times);
    expect(calls).toBeLessThanOrEqual(services * 5 * 1.05 * times);
  });

  it("says the same of an address whether it was asked before or not", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes4, bytes6), { minLength: 1, maxLength: 600 }), (all) => {
        for (const bytes of [...all, ...all]) {
          const { text } = addressOf(bytes);
          expect(addressSchema.parse(` ${text.toUpperCase()}\n`)).toBe(text);
          expect(addressClass(text) === "unspecified").toBe(bytes.every((byte) => byte === 0));
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [undefined, "REQUIRED", {}],
    [null, "REQUIRED", {}],
    ["", "REQUIRED", {}],
    ["10.9", "ADDRESS_INVALID", { text: "10.9" }],
    [10, "ADDRESS_INVALID", { text: "10" }],
  ])("refuses %j with %s", (value, code, params) => {
    const parsed = addressSchema.safeParse(value);
    expect(parsed.error && problemsOf(parsed.error)).toEqual([{ code, params, path: [] }]);
  });
});

it("puts brackets around IPv6 in front of a port", () => {
  expect([endpoint("10.0.0.1", 80), endpoint("2001:db8::1", 0)]).toEqual(["10.0.0.1:80", "[2001:db8::1]:0"]);
  expect([familyOf("10.0.0.1"), familyOf("::ffff:10.0.0.1")]).toEqual([4, 6]);
});
