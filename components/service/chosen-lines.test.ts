import { expect, test } from "vitest";
import { firstLines, noLines, toggled, withServers } from "./chosen-lines.ts";

const server = (id: string, active = 0) => ({ id, gauges: { active, inactive: 0, persistent: 0 } });
const many = Array.from({ length: 30 }, (_, i) => server(`s${i}`, i));

test("few servers are all drawn, of many those with the most connections", () => {
  expect([...withServers(noLines, many.slice(0, 3)).drawn].sort()).toEqual(["s0", "s1", "s2"]);
  const { drawn } = withServers(noLines, many);
  expect(drawn.size).toBe(firstLines);
  expect(drawn.has("s29") && drawn.has("s20") && !drawn.has("s19")).toBe(true);
});

test("lines stay when others overtake them; those of removed servers make room", () => {
  const first = withServers(noLines, many);
  const overtaken = many.map(({ id }, i) => server(id, 100 - i));
  expect([...withServers(first, overtaken).drawn].sort()).toEqual([...first.drawn].sort());
  const without = overtaken.filter(({ id }) => id !== "s29");
  const after = withServers(first, without);
  expect(after.drawn.has("s29")).toBe(false);
  expect(after.drawn.has("s0")).toBe(true);
  expect(after.drawn.size).toBe(firstLines);
});

test("a server that comes is drawn while there is room", () => {
  const one = withServers(noLines, [server("a")]);
  expect([...withServers(one, [server("a"), server("b")]).drawn]).toEqual(["a", "b"]);
});

test("what someone switched off stays off, until it is switched on", () => {
  const off = toggled(withServers(noLines, [server("a"), server("b")]), "b");
  expect([...off.drawn]).toEqual(["a"]);
  const later = withServers(off, [server("a"), server("b", 50), server("c")]);
  expect([...later.drawn]).toEqual(["a", "c"]);
  expect([...toggled(later, "b").drawn]).toEqual(["a", "c", "b"]);
  expect(toggled(later, "b").off.size).toBe(0);
});
