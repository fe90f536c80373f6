import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { addressOf } from "#domain/address";
import { addressRanges, canonicalAddress, isInRanges, isLoopback } from "./address-ranges.ts";

describe("addressRanges", () => {
  test.each([
    "",
    "x",
    "10.0.0.1/",
    "10.0.0.1/33",
    "10.0.0.1/-1",
    "10.0.0.0/8/8",
    "::1/129",
    "::/0",
    "10.1",
    "fe80::1%lo",
  ])("%s is no range", (word) => expect(addressRanges(["10.0.0.1", word])).toBeNull());

  test("membership is what another library says it is", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    const pair = bytes.chain((network) =>
      fc.tuple(
        fc.constant(network),
        fc.integer({ min: 1, max: network.length * 8 }),
        // A few flipped bits: as often inside as outside.
        fc.array(fc.integer({ min: 0, max: network.length * 8 - 1 }), { maxLength: 3 }),
      ),
    );
    fc.assert(
      fc.property(pair, ([network, length, flips]) => {
        const other = Uint8Array.from(network);
        for (const bit of flips) other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const [base, address] = [addressOf(network).text, addressOf(other).text];
        const ranges = addressRanges([`${base}/${length}`]);
        const expected = ipaddr.fromByteArray([...other]).match(ipaddr.fromByteArray([...network]), length);
        return ranges !== null && isInRanges(address, ranges) === expected;
      }),
    );
  });

  test("IPv4 is the same range in both notations", () => {
    const [plain, mapped] = [addressRanges(["10.0.0.0/8"]), addressRanges(["::ffff:10.0.0.0/104"])];
    for (const ranges of [plain, mapped]) {
      for (const address of ["10.1.2.3", "::ffff:10.1.2.3"]) expect(ranges && isInRanges(address, ranges)).toBe(true);
      for (const address of ["11.1.2.3", "::ffff:11.1.2.3", "::10.1.2.3", "localhost"])
        expect(ranges && isInRanges(address, ranges)).toBe(false);
    }
  });
});

test("loopback", () => {
  for (const host of ["localhost", "127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"])
    expect(isLoopback(host)).toBe(true);
  for (const host of ["0.0.0.0", "::", "128.0.0.1", "::2", "127.0.0.1.example", ""])
    expect(isLoopback(host)).toBe(false);
});

test("one text for an address", () => {
  expect(canonicalAddress("::FFFF:192.0.2.1")).toBe("192.0.2.1");
  expect(canonicalAddress("::ffff:c000:201")).toBe("192.0.2.1");
  expect(canonicalAddress("2001:DB8::0")).toBe("2001:db8::");
  expect(canonicalAddress("192.0.2.1")).toBe("192.0.2.1");
  expect(canonicalAddress("0.0.0")).toBeNull();
});
