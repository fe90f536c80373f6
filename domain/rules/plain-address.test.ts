import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { addressClass, addressOf, familyOf, parseAddress } from "../address.ts";
import { addressShape, isCanonicalSix, quadNumber, readSix } from "./plain-address.ts";

const byte = fc.oneof(fc.constantFrom(0, 1, 9, 10, 99, 100, 127, 169, 223, 224, 239, 254, 255), fc.nat(255));
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 0xffff, 0xfe80, 0xfebf, 0xfec0, 0xff02, 0x2001, 0x64) },
  { weight: 1, arbitrary: fc.nat(0xffff) },
);
const four = fc.tuple(byte, byte, byte, byte).map((bytes) => addressOf(Uint8Array.from(bytes)));
const extreme = fc.constantFrom([0, 0, 0, 0], [255, 255, 255, 255]).map((bytes) => addressOf(Uint8Array.from(bytes)));
const six = fc
  .array(word, { minLength: 8, maxLength: 8 })
  .map((words) => addressOf(Uint8Array.from(words.flatMap((each) => [each >> 8, each & 255]))));

/** Groups and colons in any order: mostly no address, and often one that is written otherwise than it would be. */
const group = fc.oneof(fc.constantFrom("0", "0", "0", "00", "1", "a", "A", "01", "ffff", "12345", "g", "", "1.2.3.4"));
const sixText = fc
  .array(fc.tuple(group, fc.constantFrom(":", ":", ":", ":", ":", "::")), { maxLength: 9 })
  .chain((parts) =>
    fc.tuple(fc.constantFrom("", "", "::", ":"), fc.constantFrom("", "", "0", "1", "f0"), fc.constant(parts)),
  )
  .map(([before, after, parts]) => `${before}${parts.flat().join("")}${after}`);
const fourText = fc
  .array(fc.constantFrom("0", "1", "9", "10", "25", "249", "255", "256", "00", "01", "999", "", "a", "-1"), {
    maxLength: 5,
  })
  .map((parts) => parts.join("."));

describe("quadNumber", () => {
  it("reads what is written as its bytes are, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          four.map(({ text }) => text),
          fourText,
          fc.string({ maxLength: 16 }),
        ),
        (text) => {
          const address = text.includes(":") ? null : parseAddress(text);
          const bytes = address?.text === text ? address.bytes : null;
          expect(quadNumber(text)).toBe(bytes?.reduce((number, each) => number * 256 + each, 0) ?? null);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe("isCanonicalSix", () => {
  it("takes an address as inet_ntop(3) writes it, unless it ends in a dotted quad", () => {
    fc.assert(
      fc.property(six, ({ text }) => {
        expect(isCanonicalSix(text)).toBe(!text.includes("."));
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes nothing that would be written otherwise", () => {
    fc.assert(
      fc.property(sixText, (text) => {
        if (isCanonicalSix(text)) expect(parseAddress(text)?.text).toBe(text);
      }),
      { numRuns: 20_000 },
    );
  });

  test.each(["::", "::1", "1::", "2001:db8::1", "1:0:2:3:4:5:6:7", "1::2:0:0:3", "0:1::2:3:4", "::1:0:0:2:3"])(
    "%s: %s",
    (text) => expect(isCanonicalSix(text)).toBe(parseAddress(text)?.text === text),
  );
});

describe("readSix", () => {
  it("reads the words of what it takes, and takes each canonical address without a dotted quad", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          six.map(({ text }) => text),
          sixText,
        ),
        (text) => {
          const words = new Uint32Array(4);
          const address = parseAddress(text);
          if (!readSix(text, words)) {
            expect(address?.text !== text || text.includes(".")).toBe(true);
            return;
          }
          const view = new DataView(address?.bytes.buffer ?? new ArrayBuffer(0));
          expect([...words]).toEqual([0, 4, 8, 12].map((at) => view.getUint32(at)));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

test("addresses of one shape are of one class and family", () => {
  const known = new Map<string, string>();
  fc.assert(
    fc.property(fc.oneof(extreme, four, six), ({ text }) => {
      const what = `${addressClass(text)} ${familyOf(text)}`;
      const shape = addressShape(text);
      expect(known.get(shape) ?? what).toBe(what);
      known.set(shape, what);
    }),
    { numRuns: 20_000 },
  );
});
