import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { changesSchema } from "../change.ts";
import { endpoint } from "../endpoint.ts";
import { serviceId } from "../service.ts";
import { parseRules } from "./parse.ts";
import type { PlainTable } from "./plain-table.ts";
import { type PlanMode, planRules, type RulePlan } from "./plan.ts";
import type { ReadyStatement, Rule } from "./statement.ts";
import { comparable, type WrittenService, writtenTable } from "./table-arbitrary.ts";
import { applyPlan } from "./table-model.ts";

/** A table and rules that meet: of services that it has and of others, as they are and changed. */
const scene: fc.Arbitrary<{ table: WrittenService[]; rules: ReadyStatement[] }> = fc
  .tuple(writtenTable, writtenTable)
  .chain(([table, others]) => {
    const known = [...table, ...others];
    const service = known.length > 0 ? fc.constantFrom(...known) : null;
    return fc.record({
      table: fc.constant(table),
      rules: (service ? fc.array(service.chain(ruleAbout), { maxLength: 30 }) : fc.constant<Rule[]>([])).map((rules) =>
        rules.map((rule, at) => ({ line: at + 1, column: 1, endColumn: 2, ...rule })),
      ),
    });
  });

function ruleAbout({ key, spec, servers }: WrittenService): fc.Arbitrary<Rule> {
  const aboutService = fc.record({
    command: fc.constantFrom("add-service" as const, "add-service" as const, "edit-service" as const),
    service: fc.constant(key),
    spec: fc.constantFrom(spec, spec, { ...spec, scheduler: "rr", schedulerFlags: [] }),
  });
  const rare: fc.Arbitrary<Rule> = fc.constantFrom<Rule[]>(
    { command: "delete-service", service: key },
    { command: "zero", service: key },
    { command: "zero", service: null },
    { command: "clear" },
    { command: "set", timeouts: { tcpS: 1, tcpFinS: 2, udpS: 3 } },
  );
  if (servers.length === 0) return fc.oneof({ weight: 4, arbitrary: aboutService }, { weight: 1, arbitrary: rare });
  const server = fc.constantFrom(...servers.map((each) => each.spec));
  const aboutServer = fc.record({
    command: fc.constantFrom("add-server" as const, "add-server" as const, "edit-server" as const),
    service: fc.constant(key),
    server: fc
      .tuple(server, fc.constantFrom(0, 1))
      .map(([each, heavier]) => ({ ...each, weight: heavier || each.weight })),
  });
  const removal = server.map(({ address, port }) => ({
    ...{ command: "delete-server" as const, service: key, server: { address, port } },
  }));
  return fc.oneof(
    ...[
      { weight: 4, arbitrary: aboutService },
      { weight: 6, arbitrary: aboutServer },
    ],
    ...[
      { weight: 2, arbitrary: removal as fc.Arbitrary<Rule> },
      { weight: 1, arbitrary: rare },
    ],
  );
}

type Rows = Record<string, { spec: unknown; servers: Record<string, unknown> }>;

/** What a kernel makes of rules one after the other, as plainly as can be, and the lines that it refuses. */
function interpret(table: PlainTable, rules: readonly ReadyStatement[]): { rows: Rows; refused: [number, string][] } {
  let rows = comparable(table) as Rows;
  const refused: [number, string][] = [];
  for (const rule of rules) {
    const no = (code: string) => refused.push([rule.line, code]);
    if (rule.command === "clear") rows = {};
    if (!("service" in rule) || rule.service === null) continue;
    const id = serviceId(rule.service);
    const there = rows[id];
    if (rule.command === "add-service") {
      if (there) no("SERVICE_EXISTS");
      else rows[id] = { spec: rule.spec, servers: {} };
    } else if (!there) no("NO_SUCH_SERVICE");
    else if (rule.command === "edit-service") there.spec = rule.spec;
    else if (rule.command === "delete-service") delete rows[id];
    else if ("server" in rule) {
      const at = endpoint(rule.server.address, rule.server.port);
      if (rule.command === "add-server" && there.servers[at]) no("SERVER_EXISTS");
      else if (rule.command !== "add-server" && !there.servers[at]) no("NO_SUCH_SERVER");
      else if (rule.command === "delete-server") delete there.servers[at];
      else there.servers[at] = rule.server;
    }
  }
  return { rows, refused };
}

/** How many rows differ: what no plan can do with fewer changes, as each is of one row and a service takes its servers along. */
function differences(before: Rows, after: Rows): number {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  let count = 0;
  for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[id];
    const wanted = after[id];
    if (!wanted) count += 1;
    else if (!old) count += 1 + Object.keys(wanted.servers).length;
    else {
      if (!same(old.spec, wanted.spec)) count += 1;
      const servers = new Set([...Object.keys(old.servers), ...Object.keys(wanted.servers)]);
      for (const at of servers) if (!same(old.servers[at], wanted.servers[at])) count += 1;
    }
  }
  return count;
}

/** Every part of a row alone makes it another row. */
const onePartChanged: [string, string][] = [
  ["-A -f 1 -s rr", "-A -f 1 -s wrr"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr -p 5"],
  ["-A -f 1 -s rr -p 5", "-A -f 1 -s rr -p 6"],
  ["-A -f 1 -s rr -p 5", "-A -f 1 -s rr -p 5 -M 255.0.0.0"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr -o"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr --pe sip"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr -b flag-1"],
  ["-A -f 1 -s rr -b flag-2", "-A -f 1 -s rr -b flag-1"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -m", "-A -f 1\n-a -f 1 -r 10.1.0.1 -g"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1", "-A -f 1\n-a -f 1 -r 10.1.0.1 -w 2"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1", "-A -f 1\n-a -f 1 -r 10.1.0.1 -x 2"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -x 2", "-A -f 1\n-a -f 1 -r 10.1.0.1 -x 2 -y 1"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -i", "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gre"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gre", "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gre --tun-csum"],
  [
    "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gue --tun-port 1",
    "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gue --tun-port 2",
  ],
];

const changesOf = (plan: RulePlan) => plan.changes.map(({ change }) => change);
const tableAfter = (table: PlainTable, plan: RulePlan) => comparable(applyPlan(table, changesOf(plan))) as Rows;
/** That a director takes the changes, as far as it can tell without its table. */
function expectValid(plan: RulePlan): void {
  if (plan.changes.length > 0) expect(changesSchema.safeParse(changesOf(plan)).error).toBeUndefined();
}
const normal = (rows: Rows) => JSON.parse(JSON.stringify(rows)) as Rows;

describe("run", () => {
  it("does what a kernel does line by line, and refuses the lines that it refuses", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const plan = planRules(table, rules, "run");
        const { rows, refused } = interpret(table, rules);
        expect(plan.refusals.map(({ line, code }) => [line, code])).toEqual(refused);
        expect(tableAfter(table, plan)).toEqual(rows);
        expectValid(plan);
      }),
      { numRuns: 400 },
    );
  });

  it("names for every change the line that asks for it, in the order of the lines", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const { changes, refusals } = planRules(table, rules, "run");
        const lines = changes.map(({ line }) => line ?? 0);
        expect(lines).toEqual([...lines].sort((one, other) => one - other));
        expect(lines.filter((line) => refusals.some((refusal) => refusal.line === line))).toEqual([]);
      }),
    );
  });
});

describe("replace", () => {
  it("reaches exactly what the text makes of an empty table, with a change for each row that differs and no other", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const plan = planRules(table, rules, "replace");
        const { rows, refused } = interpret([], rules);
        expect(plan.refusals.map(({ line, code }) => [line, code])).toEqual(refused);
        expect(tableAfter(table, plan)).toEqual(rows);
        const sorted = JSON.stringify(rows);
        expect(plan.changes.length).toBe(differences(normal(comparable(table) as Rows), JSON.parse(sorted) as Rows));
        expectValid(plan);
      }),
      { numRuns: 400 },
    );
  });

  it("leaves no service without servers on the way that has some before and after", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const plan = planRules(table, rules, "replace");
        const before = comparable(table) as Rows;
        const last = tableAfter(table, plan);
        const busy = Object.keys(before).filter(
          (id) => Object.keys(before[id]?.servers ?? {}).length > 0 && Object.keys(last[id]?.servers ?? {}).length > 0,
        );
        for (let count = 1; count <= plan.changes.length; count++) {
          const now = comparable(applyPlan(table, changesOf(plan).slice(0, count))) as Rows;
          for (const id of busy) expect(Object.keys(now[id]?.servers ?? {}).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("merge", () => {
  it("removes nothing, leaves what the text does not speak of, and changes only rows that differ", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const plan = planRules(table, rules, "merge");
        const before = comparable(table) as Rows;
        expect(plan.changes.filter(({ change }) => change.verb.startsWith("remove"))).toEqual([]);
        const rows = tableAfter(table, plan);
        expect(differences(normal(before), normal(rows))).toBe(plan.changes.length);
        expect(Object.keys(rows)).toEqual(expect.arrayContaining(Object.keys(before)));
        const spoken = new Set(
          rules.flatMap((rule) => ("service" in rule && rule.service ? [serviceId(rule.service)] : [])),
        );
        for (const id of Object.keys(before)) if (!spoken.has(id)) expect(rows[id]).toEqual(before[id]);
        expectValid(plan);
      }),
      { numRuns: 400 },
    );
  });

  it("sets what the text adds or edits to what it says last, unless it takes it back", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const rows = tableAfter(table, planRules(table, rules, "merge"));
        rules.forEach((rule, at) => {
          if (rule.command !== "add-service" && rule.command !== "edit-service") return;
          const id = serviceId(rule.service);
          const later = rules.slice(at + 1);
          const touched = later.some(
            (other) =>
              other.command === "clear" || ("service" in other && other.service && serviceId(other.service) === id),
          );
          if (!touched) expect(rows[id]?.spec).toEqual(rule.spec);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("done twice does nothing the second time", () => {
    fc.assert(
      fc.property(scene, ({ table, rules }) => {
        const first = planRules(table, rules, "merge");
        fc.pre(first.refusals.length === 0);
        const once = applyPlan(table, changesOf(first));
        expect(planRules(once, rules, "merge").changes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** A plan of rule text in short: each change with its line, and the rest. */
function planOf(now: string, text: string, mode: PlanMode) {
  const ready = (rules: string) => {
    const { statements, problems } = parseRules(rules);
    expect(problems).toEqual([]);
    return statements.filter((statement) => statement.command !== "unresolved");
  };
  const table = applyPlan([], changesOf(planRules([], ready(now), "run")));
  const { changes, zeros, settings, refusals, kept } = planRules(table, ready(text), mode);
  const rest = {
    zeros: zeros.map(({ service, line }) => `${line} ${service ? serviceId(service) : "all"}`),
    settings: settings.map(({ setting, line }) => `${line} ${setting.command}`),
    refusals: refusals.map(({ line, code }) => `${line} ${code}`),
    kept,
  };
  const spoken = Object.entries(rest).filter(([, list]) => list.length > 0);
  return {
    changes: changes.map(({ change, line }) => {
      const server = "server" in change ? `>${endpoint(change.server.address, change.server.port)}` : "";
      return `${line} ${change.verb} ${serviceId(change.service)}${server}${"expected" in change ? " expected" : ""}`;
    }),
    ...Object.fromEntries(spoken),
  };
}

const now = [
  "-A -t 10.0.0.9:80 -s rr",
  "-a -t 10.0.0.9:80 -r 10.1.0.1:80 -m",
  "-a -t 10.0.0.9:80 -r 10.1.0.2:80 -m",
  "-A -f 7 -s rr",
].join("\n");

test.each<[string, PlanMode, string, unknown]>([
  [
    "run refuses what is there and what is not",
    "run",
    "-A -t 10.0.0.9:80\n-a -t 10.0.0.9:80 -r 10.1.0.1 -m\n-e -t 10.0.0.9:80 -r 10.1.0.3 -m\n-D -f 8\n-d -f 8 -r 10.1.0.1\n-Z -f 8",
    {
      changes: [],
      refusals: [
        "1 SERVICE_EXISTS",
        "2 SERVER_EXISTS",
        "3 NO_SUCH_SERVER",
        "4 NO_SUCH_SERVICE",
        "5 NO_SUCH_SERVICE",
        "6 NO_SUCH_SERVICE",
      ],
    },
  ],
  [
    "run clears what is there at that line",
    "run",
    "-A -f 8\n-C\n-A -f 7",
    {
      changes: [
        "1 add-service fwmark:8",
        "2 remove-service tcp:10.0.0.9:80 expected",
        "2 remove-service fwmark:7 expected",
        "2 remove-service fwmark:8",
        "3 add-service fwmark:7",
      ],
    },
  ],
  [
    "counters are last, and all of them are all",
    "run",
    "-Z -f 7\n-Z\n--set 1 2 3\n--stop-daemon master",
    { changes: [], zeros: ["2 all"], settings: ["3 set", "4 stop-daemon"] },
  ],
  [
    "counters of a service that goes are forgotten",
    "run",
    "-Z -f 7\n-D -f 7",
    { changes: ["2 remove-service fwmark:7 expected"] },
  ],
  [
    "merge adds, edits, keeps and says what it keeps",
    "merge",
    "-C\n-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -r 10.1.0.1 -m -w 5\n-a -t 10.0.0.9:80 -r 10.1.0.3 -m\n-d -t 10.0.0.9:80 -r 10.1.0.2\n-D -f 7\n-D -f 9",
    {
      changes: ["3 edit-server tcp:10.0.0.9:80>10.1.0.1:80 expected", "4 add-server tcp:10.0.0.9:80>10.1.0.3:80"],
      kept: [1, 5, 6],
    },
  ],
  [
    "merge needs a service for a server, in the table or above",
    "merge",
    "-a -f 7 -r 10.1.0.1 -m\n-a -f 8 -r 10.1.0.1 -m\n-A -f 8",
    { changes: ["1 add-server fwmark:7>10.1.0.1:0", "3 add-service fwmark:8"], refusals: ["2 NO_SUCH_SERVICE"] },
  ],
  [
    "replace brings what is to come before what is to go goes",
    "replace",
    "-C\n-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -r 10.1.0.3 -m\n-A -f 8\n-Z -f 7\n-Z -f 8",
    {
      changes: [
        "3 add-server tcp:10.0.0.9:80>10.1.0.3:80",
        "null remove-server tcp:10.0.0.9:80>10.1.0.1:80 expected",
        "null remove-server tcp:10.0.0.9:80>10.1.0.2:80 expected",
        "4 add-service fwmark:8",
        "null remove-service fwmark:7 expected",
      ],
      zeros: ["6 fwmark:8"],
      refusals: ["5 NO_SUCH_SERVICE"],
    },
  ],
  [
    "merge clears what was wanted above",
    "merge",
    "-A -f 9\n-C\n-A -f 8",
    { changes: ["3 add-service fwmark:8"], kept: [2] },
  ],
  [
    "replace sees each part of a server",
    "replace",
    `${now.replace("10.1.0.1:80 -m", "10.1.0.1:80 -m -x 9 -y 0").replace("10.1.0.2:80 -m", "10.1.0.2:80 -m -x 9 -y 9")}`,
    {
      changes: [
        "2 edit-server tcp:10.0.0.9:80>10.1.0.1:80 expected",
        "3 edit-server tcp:10.0.0.9:80>10.1.0.2:80 expected",
      ],
    },
  ],
  ["replace with what is there does nothing", "replace", now, { changes: [] }],
])("%s", (_what, mode, text, plan) => {
  expect(planOf(now, text, mode)).toEqual(plan);
});

test.each(onePartChanged)("%j becomes %j by one edit, and back", (one, other) => {
  expect(planOf(one, other, "replace").changes).toHaveLength(1);
  expect(planOf(other, one, "replace").changes).toHaveLength(1);
  expect(planOf(one, other, "replace").changes[0]).toContain(" edit-");
});
