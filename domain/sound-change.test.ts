import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, changeSchema, changesSchema, maxChanges } from "./change.ts";
import { writtenTable } from "./rules/table-arbitrary.ts";
import { isSoundChange } from "./sound-change.ts";

type Fields = Record<string, unknown>;

/** Every change of rows that these tables can be made, edited and removed by. */
const changes: fc.Arbitrary<Change[]> = writtenTable.map((table) =>
  table.flatMap(({ key: service, spec, servers }): Change[] => [
    { verb: "add-service", service, spec },
    { verb: "edit-service", service, spec, expected: spec },
    { verb: "edit-service", service, spec },
    { verb: "remove-service", service, expected: spec },
    ...servers.flatMap(({ spec: server }): Change[] => {
      const { address, port } = server;
      return [
        { verb: "add-server", service, server },
        { verb: "edit-server", service, server, expected: server },
        { verb: "remove-server", service, server: { address, port } },
        { verb: "remove-server", service, server: { address, port }, expected: server },
      ];
    }),
  ]),
);

/** What may be wrong with a field, or right although it is another, or right and not canonical. */
const odd = fc.oneof(
  fc.constantFrom<unknown[]>(
    undefined,
    null,
    "",
    "0",
    " 80",
    "80",
    0,
    -0,
    -1,
    1.5,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32,
    1e300,
  ),
  fc.constantFrom<unknown[]>(
    Number.NaN,
    true,
    false,
    [],
    {},
    ["flag-1"],
    ["flag-2", "flag-1"],
    ["flag-1", "flag-1"],
    ["flag-3"],
  ),
  fc.constantFrom(
    "224.0.0.1",
    "255.255.255.255",
    "0.0.0.0",
    "010.0.0.1",
    "10.0.0.1",
    "::",
    "ff02::1",
    "fe80::1",
    "2001:DB8::1",
  ),
  fc.constantFrom(
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "fwmark",
    "address",
    "tcp",
    "udp",
    "ip-50",
    "sh",
    "mh",
    "rr",
    "twos",
    "sip",
  ),
  fc.constantFrom(
    "nat",
    "tunnel",
    "direct",
    "local",
    "forward-6",
    "gue",
    "gre",
    "ipip",
    "checksum",
    "none",
    "24",
    "/24",
    "128",
  ),
  fc.constantFrom(
    "add-service",
    "edit-service",
    "remove-service",
    "add-server",
    "edit-server",
    "remove-server",
    "clear",
    "zero",
  ),
  fc.constant("x".repeat(21)),
  fc.anything(),
);

/** Every place in a change, its own fields and those within, and one that does not belong there. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const within = Object.entries(value).flatMap(([name, each]) => placesIn(each, [...path, name]));
  const stranger = Array.isArray(value) ? [] : [[...path, "stranger"]];
  return [...(path.length > 0 ? [path] : []), ...within, ...stranger];
}

function withField(value: unknown, [name = "", ...deeper]: string[], to: unknown): unknown {
  const copy: Fields = Array.isArray(value) ? ([...value] as unknown as Fields) : { ...(value as Fields) };
  copy[name] = deeper.length > 0 ? withField(copy[name], deeper, to) : to;
  return copy;
}

const spoilt = changes
  .filter((list) => list.length > 0)
  .chain((list) => fc.record({ change: fc.constantFrom(...list), times: fc.integer({ min: 1, max: 2 }) }))
  .chain(({ change, times }) => {
    const spoil = (value: unknown): fc.Arbitrary<unknown> =>
      fc.record({ path: fc.constantFrom(...placesIn(change)), to: odd }).map(({ path, to }) => {
        const holder = path.slice(0, -1).reduce<unknown>((at, name) => (at as Fields | null)?.[name], value);
        return typeof holder === "object" && holder !== null ? withField(value, path, to) : value;
      });
    return times === 1 ? spoil(change) : spoil(change).chain(spoil);
  });

describe("isSoundChange", () => {
  it("knows every change that rule text makes, and the schema gives it back as it is", () => {
    fc.assert(
      fc.property(changes, (list) => {
        for (const change of list) {
          expect(isSoundChange(change)).toBe(true);
          expect(changeSchema.parse(change)).toEqual(change);
        }
      }),
    );
  });

  it("takes nothing that the schema refuses or makes otherwise", () => {
    let taken = 0;
    fc.assert(
      fc.property(spoilt, (value) => {
        if (!isSoundChange(value)) return;
        taken++;
        const parsed = changeSchema.safeParse(value);
        expect(parsed.success).toBe(true);
        expect(parsed.data).toEqual(value);
      }),
      { numRuns: 10_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe("changesSchema", () => {
  const change: Change = { verb: "remove-service", service: { kind: "fwmark", family: 4, mark: 7 } };

  it("answers the very batch that was given when it is canonical, and a canonical one otherwise", () => {
    const canonical = [change];
    expect(changesSchema.parse(canonical)).toBe(canonical);
    const typed = [{ ...change, service: { ...change.service, mark: "7" } }];
    expect(changesSchema.parse(typed)).toEqual(canonical);
  });

  it("refuses what is no batch, whatever is in it", () => {
    const holey = [change];
    holey[2] = change;
    const tooMany = new Array(maxChanges + 1).fill(change);
    for (const none of [undefined, null, {}, "", [], holey, tooMany, { 0: change, length: 1 }])
      expect(changesSchema.safeParse(none).success).toBe(false);
  });
});
