import { expect, test } from "vitest";
import type { PlannedLine } from "#domain/rules-exchange";
import { planLines } from "./plan-lines.ts";

const remove = (mark: number, line: number | null): PlannedLine => ({
  change: { verb: "remove-service", service: { kind: "fwmark", family: 4, mark } },
  line,
});

test("a line of the plan is the command that does it, behind the line of the text that asks for it", () => {
  const batch: PlannedLine[] = [
    remove(1, 7),
    remove(2, null),
    { change: { verb: "set-timeouts", timeouts: { tcpS: 900, tcpFinS: 120, udpS: 300 } }, line: 120 },
    { change: { verb: "zero", service: null }, line: 1 },
  ];
  expect(planLines({ batch })).toBe(`  7  ipvsadm -D -f 1
     ipvsadm -D -f 2
120  ipvsadm --set 900 120 300
  1  ipvsadm -Z
`);
});

test("a plan without changes says so", () => {
  expect(planLines({ batch: [] })).toBe("Nothing to do: the table is as the text says.\n");
});

test("one of as many changes as a text can have is written as any other", () => {
  const batch = Array.from({ length: 400_000 }, (_, at) => remove(1, at + 1));
  expect(planLines({ batch }).split("\n", 1)).toEqual(["     1  ipvsadm -D -f 1"]);
});
