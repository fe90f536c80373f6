import type { Change } from "#domain/change";
import { type ServiceKey, serviceId } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import type { DrainedWeights } from "./drained-weights.ts";
import { type Ipvs, IpvsFault } from "./ipvs.ts";
import { serviceRecords } from "./service-records.ts";

/** From here on one snapshot of the whole table is cheaper than a call for every service. */
const maxCalls = 50;

/** The services that the changes are about, each read once, by serviceId; what is not in the table is left out. Rejects with IpvsFault. */
export async function readServices(
  ipvs: Ipvs,
  changes: readonly Change[],
  drained: Pick<DrainedWeights, "weightOf">,
): Promise<Map<string, ServiceRecord>> {
  const wanted = new Map<string, ServiceKey>();
  const added = new Set<string>();
  for (const { verb, service } of changes) {
    const id = serviceId(service);
    if (!wanted.has(id) && verb === "add-service") added.add(id);
    wanted.set(id, service);
  }
  const found = new Map<string, ServiceRecord>();
  if (wanted.size > maxCalls) {
    for (const record of serviceRecords(await ipvs.snapshot(), drained)) {
      if (wanted.has(record.id)) found.set(record.id, record);
    }
  }
  // A dump leaves out live rows when others are removed meanwhile, so a service that should be there is asked for by name.
  const missing = [...wanted].filter(([id]) => !found.has(id) && (wanted.size <= maxCalls || !added.has(id)));
  const asked = await Promise.all(missing.map(([, key]) => readService(ipvs, key, drained)));
  for (const record of asked) if (record) found.set(record.id, record);
  return found;
}

/** One service, or null when there is none. Rejects with IpvsFault. */
export async function readService(
  ipvs: Ipvs,
  key: ServiceKey,
  drained: Pick<DrainedWeights, "weightOf">,
): Promise<ServiceRecord | null> {
  try {
    return serviceRecords(await ipvs.service(key), drained)[0] ?? null;
  } catch (thrown) {
    if (thrown instanceof IpvsFault && thrown.code === "ESRCH") return null;
    throw thrown;
  }
}
