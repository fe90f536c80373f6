import { describe, expect, it } from "vitest";
import type { PlannedLine } from "#domain/rules-exchange";
import type { ServiceKey } from "#domain/service";
import { firstOf, plannedGroups } from "./planned-groups.ts";
import { destroys, signOf } from "./sign.ts";

const web: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const mark: ServiceKey = { kind: "fwmark", family: 4, mark: 7 };
const removeServer = (service: ServiceKey, port: number): PlannedLine => ({
  change: { verb: "remove-server", service, server: { address: "10.0.0.1", port } },
  line: null,
});
const lines: PlannedLine[] = [
  removeServer(web, 1),
  { change: { verb: "set-timeouts", timeouts: { tcpS: 900, tcpFinS: 120, udpS: 300 } }, line: 3 },
  removeServer(mark, 2),
  removeServer(web, 3),
  { change: { verb: "zero", service: web }, line: 5 },
  { change: { verb: "zero", service: null }, line: 6 },
];

describe("planned changes", () => {
  it("stand under their service, in the order of its first change", () => {
    expect(plannedGroups(lines).map(({ id, lines }) => [id, lines.length])).toEqual([
      ["tcp:192.0.2.10:80", 3],
      ["", 2],
      ["fwmark:7", 1],
    ]);
  });

  it("are cut within a group", () => {
    const groups = plannedGroups(lines);
    expect(firstOf(groups, 4).map(({ id, lines }) => [id, lines.length])).toEqual([
      ["tcp:192.0.2.10:80", 3],
      ["", 1],
    ]);
    expect(firstOf(groups, 100)).toEqual(groups);
  });

  it("have a sign, and want a name typed when they take something away", () => {
    expect((["add-server", "edit-service", "clear", "stop-daemon", "zero"] as const).map(signOf)).toEqual([
      "+",
      "~",
      "−",
      "−",
      "~",
    ]);
    expect(destroys({ "add-service": 3, "edit-server": 2 })).toBe(false);
    expect(destroys({ "add-service": 3, zero: 1 })).toBe(true);
    expect(destroys({ "remove-server": 0 })).toBe(false);
  });
});
