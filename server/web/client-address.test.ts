import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, parseAddress } from "#domain/address";
import { addressRanges, isInRanges } from "../address-ranges.ts";
import { addressGroup, clientAddress } from "./client-address.ts";

const proxies = addressRanges(["10.0.0.0/8", "2001:db8:ffff::/48"]) ?? new BlockList();
const asks = (peer: string | undefined, forwarded?: string | string[], trusted = proxies) =>
  clientAddress(
    {
      socket: { remoteAddress: peer },
      headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
    } as Parameters<typeof clientAddress>[0],
    trusted,
  );

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => addressOf(bytes).text);
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressOf(bytes).text);
const proxy = fc.oneof(
  fc.uint8Array({ minLength: 3, maxLength: 3 }).map((bytes) => `10.${bytes.join(".")}`),
  fc
    .uint8Array({ minLength: 2, maxLength: 2 })
    .map(([a, b]) => parseAddress(`2001:db8:ffff::${a?.toString(16)}:${b?.toString(16)}`)?.text ?? ""),
);
const stranger = fc.oneof(ipv4, ipv6).filter((address) => !isInRanges(address, proxies) && !address.includes("ffff:"));
const noise = fc.string({ maxLength: 60, unit: fc.constantFrom(..."0123456789abcdef.:,;[]%/ \tx\"'-") });

describe("clientAddress", () => {
  test.each<[string, string | undefined, string | string[] | undefined, string]>([
    ["a peer of its own", "192.0.2.1", undefined, "192.0.2.1"],
    ["a peer that nobody trusts may write what it likes", "192.0.2.1", "198.51.100.1", "192.0.2.1"],
    ["a proxy that names nobody", "10.0.0.1", undefined, "10.0.0.1"],
    ["who the proxy names", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["what the client itself has put in front counts for nothing", "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
    ["a chain of proxies", "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.3,10.0.0.2", "198.51.100.1"],
    ["a client among the proxies", "10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9"],
    ["several headers", "10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.0.0.2"], "198.51.100.1"],
    ["IPv4 on a socket of both families", "::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"],
    ["IPv6 as it is written in one way", "2001:db8:ffff::1", "2001:DB8:0:0::0007", "2001:db8::7"],
    ["with a port", "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
    ["IPv6 with a port", "10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"],
    ["a name is no address", "10.0.0.1", "client.example", "10.0.0.1"],
    ["octal is no address", "10.0.0.1", "0300.0.2.1", "10.0.0.1"],
    ["an unreadable hop hides what is left of it", "10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", "10.0.0.1"],
    ["an empty header", "10.0.0.1", "", "10.0.0.1"],
    ["a chain without end", "10.0.0.1", `198.51.100.1${", 10.0.0.2".repeat(1000)}`, "10.0.0.1"],
    ["a link-local peer's zone", "fe80::1%eth0", undefined, "fe80::1"],
    ["a connection that is gone", undefined, "198.51.100.1", "unknown"],
  ])("%s", (_what, peer, forwarded, client) => expect(asks(peer, forwarded)).toBe(client));

  test("no header makes anybody but a proxy believed", () => {
    fc.assert(fc.property(stranger, fc.oneof(noise, stranger), (peer, header) => asks(peer, header) === peer));
  });

  test("through any chain of trusted proxies the one who called the first of them is found, whatever it wrote itself", () => {
    const chain = fc.array(proxy, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(stranger, noise, chain, (client, written, [peer = "", ...hops]) => {
        return asks(peer, [written, client, ...hops].filter((word) => word !== "").join(", ")) === client;
      }),
    );
  });

  test("whatever stands in the header, the answer is one canonical address", () => {
    fc.assert(
      fc.property(proxy, fc.oneof(noise, fc.string({ maxLength: 200 })), (peer, header) => {
        const address = asks(peer, header);
        return parseAddress(address)?.text === address;
      }),
    );
  });

  test("without proxies nobody is believed", () => {
    expect(asks("10.0.0.1", "198.51.100.1", new BlockList())).toBe("10.0.0.1");
  });
});

describe("addressGroup", () => {
  test("IPv4 each for itself, IPv6 by the network of 64 bits", () => {
    expect(addressGroup("192.0.2.1")).toBe("192.0.2.1");
    expect(addressGroup("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(addressGroup("::1")).toBe("::/64");
    expect(addressGroup("unknown")).toBe("unknown");
  });

  test("two addresses are one group exactly when their first 8 bytes are the same", () => {
    const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (network, other, host, otherHost) => {
        const group = (a: Uint8Array, b: Uint8Array) => addressGroup(addressOf(Uint8Array.from([...a, ...b])).text);
        const same = network.every((byte, at) => byte === other[at]);
        return (
          group(network, host) === group(network, otherHost) && (group(network, host) === group(other, host)) === same
        );
      }),
    );
  });
});
