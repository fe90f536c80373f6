/** Random tables on a real kernel, written by ipvsadm and by us. A seed of one's own comes in with `KERNEL_ENV=DIFFERENTIAL_SEED`. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRules } from "#domain/rules/parse";
import type { PlainTable } from "#domain/rules/plain-table";
import { planRules } from "#domain/rules/plan";
import { comparable, writtenTable } from "#domain/rules/table-arbitrary";
import { applyPlan } from "#domain/rules/table-model";
import { formatTable } from "#domain/rules/table-text";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { reset } from "./differential.ts";
import { IpvsadmSession, inAnyOrder, withoutOurExceptions } from "./ipvsadm.ts";

const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2_147_483_647));
const tables = fc.sample(writtenTable, { seed, numRuns: 300 });

let ipvs: KernelIpvs;
let director: LocalDirector;
let session: IpvsadmSession;
/** what we wrote and what ipvsadm wrote for each table, once it stood in the kernel */
const ours: string[] = [];
const theirs: string[] = [];

beforeAll(async () => {
  ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
  await reset(ipvs);
  session = new IpvsadmSession();
  console.log(`DIFFERENTIAL_SEED=${seed}`);
});

afterAll(async () => {
  await reset(ipvs);
  ipvs.close();
});

const ready = (text: string) => {
  const { statements, problems, warnings } = parseRules(text);
  expect([...problems, ...warnings]).toEqual([]);
  return statements.filter((statement) => statement.command !== "unresolved");
};
const withoutThresholds = (table: PlainTable): PlainTable =>
  table.map((service) => ({
    ...service,
    servers: service.servers.map(({ spec }) => ({ spec: { ...spec, upperThreshold: 0, lowerThreshold: 0 } })),
  }));

test("each is reached from the one before by a replace, and written byte for byte as ipvsadm -S -n does", {
  timeout: 120_000,
}, async () => {
  let now: PlainTable = [];
  for (const [at, table] of tables.entries()) {
    const where = `table ${at} of seed ${seed}`;
    const { changes, refusals } = planRules(now, ready(formatTable(table)), "replace");
    expect(refusals, where).toEqual([]);
    if (changes.length > 0) await director.apply(changes.map(({ change }) => change));
    now = (await director.table()).map(({ key, spec, servers }) => ({ key, spec, servers }));
    expect(comparable(now), where).toEqual(comparable(table));
    const text = formatTable(now);
    const saved = await session.ask("-S -n\n");
    ours.push(text);
    theirs.push(saved);
    expect(withoutOurExceptions(text), where).toBe(saved);
  }
  expect(ours.filter((text, at) => text === theirs[at]).length).toBeGreaterThan(20);
});

test("ipvsadm -R makes the same table of our text, thresholds and great marks included", {
  timeout: 120_000,
}, async () => {
  expect(ours).toHaveLength(tables.length);
  for (const [at, text] of ours.entries()) {
    const where = `table ${at} of seed ${seed}`;
    const { rules, thresholds } = await session.restore(text);
    expect(inAnyOrder(rules), where).toEqual(inAnyOrder(theirs[at] ?? ""));
    const wanted = (tables[at] ?? []).flatMap(({ servers }) =>
      servers.flatMap(({ spec: { address, port, upperThreshold, lowerThreshold } }) => {
        const name = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
        return upperThreshold > 0 || lowerThreshold > 0 ? [`${name} ${upperThreshold} ${lowerThreshold}`] : [];
      }),
    );
    expect(thresholds.sort(), where).toEqual(wanted.sort());
  }
  await session.close();
});

test("we make the same table of ipvsadm's text, but for the thresholds that it loses and the marks that it cannot read back", () => {
  let restored = 0;
  theirs.forEach((text, at) => {
    const where = `table ${at} of seed ${seed}`;
    const { problems } = parseRules(text);
    const negative = text.split("\n").flatMap((line, index) => (/^-[Aa] -f -/.test(line) ? [index + 1] : []));
    expect(
      problems.map(({ line, code }) => [line, code]),
      where,
    ).toEqual(negative.map((line) => [line, "MARK_NEGATIVE"]));
    if (problems.length > 0) return;
    restored++;
    const plan = planRules([], ready(text), "run");
    expect(plan.refusals, where).toEqual([]);
    const made = applyPlan(
      [],
      plan.changes.map(({ change }) => change),
    );
    expect(comparable(made), where).toEqual(comparable(withoutThresholds(tables[at] ?? [])));
  });
  expect(restored).toBeGreaterThan(100);
});
