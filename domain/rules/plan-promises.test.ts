import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesSchema } from "../change.ts";
import { endpoint } from "../endpoint.ts";
import { serviceId } from "../service.ts";
import type { PlainTable } from "./plain-table.ts";
import { planRules, type RulePlan } from "./plan.ts";
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
