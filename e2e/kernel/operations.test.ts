import fc from "fast-check";
import { expect, test } from "vitest";
import { familyOf } from "#domain/address";
import { serviceFamily } from "#domain/service";
import type { Ipvs } from "#server/director/ipvs";
import { SimulatedIpvs } from "#server/director/simulated";
import { ipvsDifferential } from "./ipvs-differential.ts";
import { operations } from "./operations.ts";

/** Gauges are sums, nothing is negative or lost, and every row stands once under a service of its own. */
async function expectSound(ipvs: Ipvs): Promise<void> {
  const { rows, counters, gauges } = await ipvs.snapshot();
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  // A negative number or one that is not a number would have wrapped around to something huge.
  for (const gauge of gauges) expect(gauge).toBeLessThan(1_000_000_000);
  for (const counter of counters) expect(counter).toBeLessThan(1_000_000_000_000_000n);
  let service = -1;
  const sums: number[][] = [];
  rows.forEach((row, at) => {
    const own = [...gauges.subarray(at * 3, at * 3 + 3)];
    if (row.kind === "service") {
      service = at;
      sums[at] = [0, 0, 0];
      return;
    }
    const above = rows[service];
    if (above?.kind !== "service") throw new Error(`${row.id} stands under no service`);
    expect(row.serviceId).toBe(above.id);
    expect(familyOf(row.spec.address) === serviceFamily(above.key) || row.spec.forward === "tunnel").toBe(true);
    expect(row.spec.weight).toBeGreaterThanOrEqual(0);
    sums[service] = (sums[service] ?? []).map((sum, gauge) => sum + (own[gauge] ?? 0));
  });
  for (const [at, sum] of sums.entries()) if (sum) expect([...gauges.subarray(at * 3, at * 3 + 3)]).toEqual(sum);
}

const dayMs = 86_400_000;

test("whatever is done, and whatever time passes, a simulated table stays sound and is the same twice", {
  timeout: 30_000,
}, async () => {
  const passing = fc.array(fc.constantFrom(0, 300, 1000, 2500, 20_000), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(operations(60), passing, fc.nat(), async (sequence, pauses, seed) => {
      let nowMs = 0;
      const make = () => new SimulatedIpvs({ seed, now: () => nowMs, table: [] });
      const [one, other] = [make(), make()];
      for (const [index, operation] of sequence.entries()) {
        expect(await ipvsDifferential.answer(one, operation)).toEqual(await ipvsDifferential.answer(other, operation));
        nowMs += pauses[index % pauses.length] ?? 0;
      }
      for (const ipvs of [one, other]) await expectSound(ipvs);
      nowMs += dayMs;
      await expectSound(one);
      expect(await one.snapshot()).toEqual(await other.snapshot());
      expect(await one.totals()).toEqual(await other.totals());
    }),
    { numRuns: 40 },
  );
});
