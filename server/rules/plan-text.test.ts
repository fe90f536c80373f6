import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlanMode } from "#domain/rules/plan";
import { writtenTable } from "#domain/rules/table-arbitrary";
import { formatTable } from "#domain/rules/table-text";
import { mostTold } from "#domain/rules-exchange";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import { NameBook } from "../names.ts";
import { rulesOf } from "./apply-text.ts";
import { planText, wholePlan } from "./plan-text.ts";

const hosts: Record<string, { address: string; family: number }[]> = {
  "web.example": [
    { address: "2001:db8::7", family: 6 },
    { address: "192.0.2.7", family: 4 },
  ],
};
const book = new NameBook(async (name) => hosts[name] ?? Promise.reject(new Error("ENOTFOUND")));

let subject: Awaited<ReturnType<typeof simulatedSubject>>;
beforeEach(async () => {
  subject = await simulatedSubject();
});
afterEach(() => subject.close());

async function plan(text: string, mode: PlanMode = "run") {
  const table = await subject.director.table();
  const planned = await planText(text, mode, table, rulesOf(table).tag, book);
  return { ...planned, shown: wholePlan(planned) };
}
async function apply(text: string, mode: PlanMode = "run"): Promise<void> {
  const { batch } = await plan(text, mode);
  if (batch.length > 0) await subject.director.apply(batch.map(({ change }) => change));
}
const now = async () => rulesOf(await subject.director.table()).text;

const two = `-A -t 10.0.0.9:80 -s rr
-a -t 10.0.0.9:80 -r 10.1.0.1:80 -m -w 1
-a -t 10.0.0.9:80 -r 10.1.0.2:80 -m -w 2
`;

describe("the order of a batch", () => {
  const mixed = `-Z
-A -t 10.0.0.9:80 -s rr
--set 900 120 300
-a -t 10.0.0.9:80 -r 10.1.0.1:80 -m
-Z -t 10.0.0.9:80
--start-daemon master --mcast-interface eth0
--stop-daemon master
-A -u 10.0.0.9:53 -s rr
--set 0 0 10
`;
  const verbs = async (mode: PlanMode) =>
    (await plan(mixed, mode)).batch.map(({ change, line }) => `${line} ${change.verb}`);

  test("run: that of the lines, with the counters last, all of them at once", async () => {
    expect(await verbs("run")).toEqual([
      "2 add-service",
      "3 set-timeouts",
      "4 add-server",
      "6 start-daemon",
      "7 stop-daemon",
      "8 add-service",
      "9 set-timeouts",
      "1 zero",
    ]);
  });

  test.each(["merge", "replace"] as const)("%s: the table, what stands beside it, the counters", async (mode) => {
    expect(await verbs(mode)).toEqual([
      "2 add-service",
      "4 add-server",
      "8 add-service",
      "3 set-timeouts",
      "6 start-daemon",
      "7 stop-daemon",
      "9 set-timeouts",
      "1 zero",
    ]);
  });

  test("a line without changes of its own holds no setting back", async () => {
    const { batch } = await plan("--set 1 2 3\n-C\n--set 4 5 6\n");
    expect(batch.map(({ line }) => line)).toEqual([1, 3]);
  });

  test("replace names the lines of what it makes, and none for what goes because no line makes it", async () => {
    await apply(two);
    const { shown } = await plan("# as before, but for one\n-A -t 10.0.0.9:80 -s wrr\n-A -f 7 -s rr\n", "replace");
    expect(shown.changes.map(({ change, line }) => [change.verb, line])).toEqual([
      ["edit-service", 2],
      ["remove-server", null],
      ["remove-server", null],
      ["add-service", 3],
    ]);
  });
});

describe("the role that it takes", () => {
  test.each<[string, PlanMode, "operator" | "admin"]>([
    [two, "run", "operator"],
    [two, "merge", "operator"],
    [two, "replace", "admin"],
    ["", "replace", "admin"],
    ["--set 1 2 3", "run", "operator"],
    ["-Z", "run", "operator"],
    ["--start-daemon master --mcast-interface eth0", "run", "admin"],
    ["--stop-daemon backup", "merge", "admin"],
    ["-C", "run", "admin"],
    [`-C\n${two}`, "run", "admin"],
    // It removes nothing.
    ["-C", "merge", "operator"],
  ])("%j, %s: %s", async (text, mode, role) => {
    expect((await plan(text, mode)).shown.needs).toBe(role);
    await apply("-A -u 10.0.0.9:53 -s rr");
    expect((await plan(text, mode)).shown.needs).toBe(role);
  });

  test("a text that clears an empty table is an admin's too, though there is nothing to do", async () => {
    const { shown, batch } = await plan("-C");
    expect([shown.needs, batch]).toEqual(["admin", []]);
  });
});

describe("what is told", () => {
  const lines = (count: number, line: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("");

  test("of 5,000 changes the first, how many there are, and all of them in the batch", async () => {
    const text = `-A -f 1 -s rr\n${lines(4999, (at) => `-a -f 1 -r 10.1.${at >> 8}.${at & 255} -g`)}`;
    const { shown, batch } = await plan(text);
    expect([shown.changes.length, shown.totals.changes, batch.length]).toEqual([mostTold, 5000, 5000]);
    expect(shown.counts).toEqual({ "add-service": 1, "add-server": 4999 });
    expect(shown.changes.at(-1)).toEqual(batch[mostTold - 1]);
    expect(batch.at(-1)?.line).toBe(5000);
    expect(shown.before).toBe("");
    expect(shown.after.split("\n").length).toBe(5001);
  });

  test("of 5,000 faulty lines the first, how many there are, all of them to a program, and nothing to do", async () => {
    const text = two + lines(5000, () => "-a -t 10.0.0.9:80 -r 10.1.0.1:80 -w much");
    const { shown, batch, problems } = await plan(text);
    expect([shown.problems.length, shown.totals.problems, problems.length]).toEqual([mostTold, 5000, 5000]);
    expect(problems.at(-1)?.line).toBe(5003);
    expect([batch, shown.changes, shown.counts, shown.totals.changes]).toEqual([[], [], {}, 0]);
    expect([shown.before, shown.after]).toEqual(["", ""]);
  });

  test("of 5,000 refused lines the first, how many there are, and nothing to do", async () => {
    await apply(two);
    const { shown, batch, refusals } = await plan(lines(5000, () => "-A -t 10.0.0.9:80 -s rr"));
    expect([shown.refusals.length, shown.totals.refusals, refusals.length]).toEqual([mostTold, 5000, 5000]);
    expect(shown.refusals[0]).toMatchObject({ line: 1, code: "SERVICE_EXISTS" });
    expect([batch, shown.changes, shown.counts, shown.totals.changes]).toEqual([[], [], {}, 0]);
    expect([shown.before, shown.after]).toEqual([two, two]);
  });

  test("warnings, with a plan all the same", async () => {
    const { shown, batch } = await plan(lines(2500, (at) => `-A -f ${at + 1} -s rr -M 255.255.255.0`));
    expect([shown.warnings.length, shown.totals.warnings, shown.totals.problems]).toEqual([mostTold, 2500, 0]);
    expect(batch).toHaveLength(2500);
  });

  test("lines that a merge does not follow, because they would remove something", async () => {
    await apply(two);
    const { shown } = await plan("-C\n-d -t 10.0.0.9:80 -r 10.1.0.2:80\n-D -f 9\n-D -t 10.0.0.9:80\n", "merge");
    expect(shown.kept).toEqual([1, 2, 4]);
    expect([shown.before, shown.after]).toEqual([two, two]);
  });

  test("the tag is that of the table which it was made for", async () => {
    const empty = (await plan("")).shown.tag;
    await apply(two);
    const { shown } = await plan("");
    expect(shown.tag).toBe(rulesOf(await subject.director.table()).tag);
    expect(shown.tag).not.toBe(empty);
  });
});

describe("names", () => {
  test("are shown with what they became, which is what is planned", async () => {
    const { shown, batch } = await plan("-A -t web.example:http -s rr\n-a -t web.example:http -r 10.1.0.1:domain -m\n");
    expect(shown.problems).toEqual([]);
    expect(shown.names).toEqual([
      { kind: "host", name: "web.example", protocol: null, became: "192.0.2.7", others: ["2001:db8::7"] },
      { kind: "port", name: "http", protocol: "tcp", became: "80", others: [] },
      { kind: "port", name: "domain", protocol: "tcp", became: "53", others: [] },
    ]);
    expect(batch.map(({ change }) => change)).toMatchObject([
      { verb: "add-service", service: { address: "192.0.2.7", port: 80 } },
      { verb: "add-server", server: { address: "10.1.0.1", port: 53 } },
    ]);
    expect(shown.after).toBe("-A -t 192.0.2.7:80 -s rr\n-a -t 192.0.2.7:80 -r 10.1.0.1:53 -m -w 1\n");
  });

  test("that nobody knows are a problem at each line, in the order of lines, and nothing is planned", async () => {
    const text = "-A -t nobody.example:80 -s rr\n-x\n-A -f 7 -s rr\n-D -t nobody.example:80\n-A -t 10.0.0.9:nonesuch\n";
    const { shown, batch } = await plan(text);
    expect(shown.problems.map(({ line, code }) => [line, code])).toEqual([
      [1, "NAME_UNKNOWN"],
      [2, "VALUE_MISSING"],
      [4, "NAME_UNKNOWN"],
      [5, "PORT_NAME_UNKNOWN"],
    ]);
    expect(shown.names.map(({ name, became }) => [name, became])).toEqual([
      ["nobody.example", null],
      ["nonesuch", null],
    ]);
    expect(batch).toEqual([]);
  });
});

test("a listing is read as rules, and it is said that it was one", async () => {
  const listing = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.9:80 rr
  -> 10.1.0.1:80                  Masq    1      5          7
  -> 10.1.0.2:80                  Masq    2      0          0
`;
  const { shown } = await plan(listing);
  expect([shown.listing, shown.problems, shown.after]).toEqual([true, [], two]);
  expect(shown.changes.map(({ line }) => line)).toEqual([4, 5, 6]);
  expect(shown.warnings.map(({ code }) => code)).toContain("LISTING_READ");
  expect((await plan(two)).shown.listing).toBe(false);
});

/** ipvsadm's order depends on the kernel's where addresses are 2^31 apart, and what that will be nobody can know. */
const inAnyOrder = (text: string) => text.split("\n").sort();

test("both texts are what the table is before and after, whatever stood there and whatever is asked for", async () => {
  const mode = fc.constantFrom<PlanMode>("run", "merge", "replace");
  const property = fc.asyncProperty(writtenTable, writtenTable, mode, async (old, next, how) => {
    await subject.close();
    subject = await simulatedSubject();
    await apply(formatTable(old));
    const before = await now();
    const { shown, batch } = await plan(how === "run" ? `-C\n${formatTable(next)}` : formatTable(next), how);
    expect([shown.problems, shown.refusals]).toEqual([[], []]);
    expect(shown.before).toBe(before);
    if (batch.length > 0) await subject.director.apply(batch.map(({ change }) => change));
    expect(inAnyOrder(shown.after)).toEqual(inAnyOrder(await now()));
    if (how !== "merge") expect(inAnyOrder(shown.after)).toEqual(inAnyOrder(formatTable(next)));
  });
  await fc.assert(property, { numRuns: 100 });
});

test("of addresses close together, the text after is byte for byte what the table becomes", async () => {
  await apply(`${two}-A -u 10.0.0.9:53 -s rr\n-a -u 10.0.0.9:53 -r 10.1.0.5:53 -g\n`);
  const text = `-A -t 10.0.0.10:80 -s wlc -p 360
-a -t 10.0.0.10:80 -r 10.1.0.9:80 -i
-E -t 10.0.0.9:80 -s wrr
-e -t 10.0.0.9:80 -r 10.1.0.2:80 -m -w 7 -x 100 -y 50
-d -t 10.0.0.9:80 -r 10.1.0.1:80
-a -t 10.0.0.9:80 -r 10.1.0.3:80 -m
-D -u 10.0.0.9:53
-A -f 7 -6 -s sh -b sh-port
`;
  const { shown } = await plan(text);
  expect(shown.after).toBe(`-A -t 10.0.0.9:80 -s wrr
-a -t 10.0.0.9:80 -r 10.1.0.2:80 -m -w 7 -x 100 -y 50
-a -t 10.0.0.9:80 -r 10.1.0.3:80 -m -w 1
-A -t 10.0.0.10:80 -s wlc -p 360
-a -t 10.0.0.10:80 -r 10.1.0.9:80 -i -w 1 --tun-type ipip
-A -f 7 -6 -s sh -b sh-port
`);
  await apply(text);
  expect(await now()).toBe(shown.after);
});
