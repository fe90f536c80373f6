import { countersOf, gaugesOf } from "#domain/counters";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import type { DrainedWeights } from "./drained-weights.ts";
import type { Snapshot } from "./ipvs.ts";

/** Rows and columns as records, services in the snapshot's order. A weight to give back is told only while the server has none. */
export function serviceRecords(snapshot: Snapshot, drained: Pick<DrainedWeights, "weightOf">): ServiceRecord[] {
  return snapshot.rows.flatMap(({ kind }, index) =>
    kind === "service" ? [serviceRecordAt(snapshot, index, drained)] : [],
  );
}

/** The service in row `index` with its servers, which follow it. */
export function serviceRecordAt(
  snapshot: Snapshot,
  index: number,
  drained: Pick<DrainedWeights, "weightOf">,
): ServiceRecord {
  const { rows, counters, gauges } = snapshot;
  const columns = (at: number) => ({ counters: countersOf(counters, at), gauges: gaugesOf(gauges, at) });
  const service = rows[index];
  if (service?.kind !== "service") throw new RangeError(`row ${index} is no service`);
  const servers: ServerRecord[] = [];
  for (let at = index + 1; ; at++) {
    const row = rows[at];
    if (row?.kind !== "server") return { ...service, ...columns(index), servers };
    const drainedWeight = row.spec.weight === 0 ? drained.weightOf(row.id) : null;
    servers.push({ ...row, ...columns(at), drainedWeight });
  }
}
