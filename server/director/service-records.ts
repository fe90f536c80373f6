import { countersOf, gaugesOf } from "#domain/counters";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import type { DrainedWeights } from "./drained-weights.ts";
import type { Snapshot } from "./ipvs.ts";

/** Rows and columns as records, services in the snapshot's order. A weight to give back is told only while the server has none. */
export function serviceRecords(snapshot: Snapshot, drained: Pick<DrainedWeights, "weightOf">): ServiceRecord[] {
  const records: ServiceRecord[] = [];
  let servers: ServerRecord[] = [];
  snapshot.rows.forEach((row, index) => {
    const columns = { counters: countersOf(snapshot.counters, index), gauges: gaugesOf(snapshot.gauges, index) };
    if (row.kind === "service") {
      servers = [];
      records.push({ ...row, ...columns, servers });
    } else {
      const drainedWeight = row.spec.weight === 0 ? drained.weightOf(row.id) : null;
      servers.push({ ...row, ...columns, drainedWeight });
    }
  });
  return records;
}
