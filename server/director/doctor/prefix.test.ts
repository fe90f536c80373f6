import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf } from "#domain/address";
import { type Prefix, PrefixTable } from "./prefix.ts";

const bits = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");

/** Few different bytes, so that addresses have beginnings in common. */
const addresses = fc
  .tuple(fc.constantFrom(4, 16), fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 16, maxLength: 16 }))
  .map(([length, bytes]) => addressOf(Uint8Array.from(bytes.slice(0, length))));
const prefixes: fc.Arbitrary<Prefix> = fc
  .tuple(addresses, fc.nat(128))
  .map(([address, length]) => ({ address, length: Math.min(length, address.bytes.length * 8) }));

test("finds the longest prefix that an address begins with, as looking at each of them does", () => {
  fc.assert(
    fc.property(fc.array(prefixes, { maxLength: 30 }), addresses, (all, address) => {
      const holding = all.filter((prefix) => {
        const own = bits(prefix.address.bytes).slice(0, prefix.length);
        return prefix.address.family === address.family && bits(address.bytes).startsWith(own);
      });
      const longest = holding.length === 0 ? null : Math.max(...holding.map(({ length }) => length));
      const found = new PrefixTable(all).longest(address);
      expect(found?.length ?? null).toBe(longest);
      if (found) expect(holding).toContain(found);
    }),
    { numRuns: 2000 },
  );
});
