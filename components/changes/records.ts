import { useQuery } from "@tanstack/react-query";
import { type Client, useTRPCClient } from "#components/trpc";
import type { ErrorShape } from "#domain/errors";
import type { ServiceRecord } from "#domain/table";
import { errorShapeOf } from "./error-shape.ts";
import { serviceIdsOf } from "./plan.ts";

/** So many services are read anew every two seconds while a dialog shows them; more only once. */
const maxLiveServices = 20;

export interface Records {
  /** null until they were read */
  records: ServiceRecord[] | null;
  refusal: ErrorShape | null;
  read: () => void;
}

/**
 * The services that these rows belong to, with their servers, as the table has them: read when a dialog opens, and
 * what it shows from then on is what its changes expect to find. Services that are gone are left out.
 *
 * @param opening the dialog's number, so that nothing read for an earlier one is taken for what this one saw
 * @param live go on reading, so that connections are seen to fall
 */
export function useRecords(ids: readonly string[], opening: number, live: boolean): Records {
  const client = useTRPCClient();
  const serviceIds = serviceIdsOf(ids);
  const query = useQuery({
    queryKey: ["records", opening, serviceIds],
    queryFn: () => readRecords(client, serviceIds),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: live && serviceIds.length <= maxLiveServices ? 2000 : false,
  });
  return {
    records: query.data ?? null,
    refusal: query.error ? errorShapeOf(query.error) : null,
    read: () => void query.refetch(),
  };
}

async function readRecords(client: Client, serviceIds: readonly string[]): Promise<ServiceRecord[]> {
  const read = await Promise.all(
    serviceIds.map(async (id) => {
      try {
        return await client.table.service.query({ id });
      } catch (thrown) {
        if (errorShapeOf(thrown).code === "NO_SUCH_SERVICE") return null;
        throw thrown;
      }
    }),
  );
  return read.filter((record) => record !== null);
}
