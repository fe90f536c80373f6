import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTRPC, useTRPCClient } from "#components/trpc";
import type { ErrorShape } from "#domain/errors";
import type { LocalAddress } from "#domain/local-address";
import { errorShapeOf } from "../changes/error-shape.ts";
import { useLiveState } from "../live/use-live.ts";

/** Connections per address move, and nothing tells of it. */
const againMs = 5000;

export type LocalAddressChange = { verb: "add" | "remove"; addresses: string[] } | { verb: "flush" };

export interface LocalAddressesState {
  /** as they were read last; null until then */
  addresses: LocalAddress[] | null;
  /** why they could not be read */
  refusal: ErrorShape | null;
  pending: boolean;
  /** null when it was done */
  change: (change: LocalAddressChange) => Promise<ErrorShape | null>;
}

const hasNone = (error: unknown) => error !== null && errorShapeOf(error).code === "NOT_SUPPORTED";

/** The local addresses of a service, read again while they are looked at; never again on a kernel that has none. */
export function useLocalAddresses(id: string): LocalAddressesState {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const { kind } = useLiveState();
  const [pending, setPending] = useState(false);
  const { data, error } = useQuery(
    trpc.localAddresses.list.queryOptions(
      { id },
      {
        enabled: kind === "live",
        retry: false,
        refetchInterval: ({ state }) => (hasNone(state.error) ? false : againMs),
        refetchOnWindowFocus: ({ state }) => !hasNone(state.error),
      },
    ),
  );
  const change = useCallback(
    async (wanted: LocalAddressChange): Promise<ErrorShape | null> => {
      setPending(true);
      const { localAddresses } = client;
      try {
        const left =
          wanted.verb === "flush"
            ? await localAddresses.flush.mutate({ id })
            : await localAddresses[wanted.verb].mutate({ id, addresses: wanted.addresses });
        queries.setQueryData(trpc.localAddresses.list.queryKey({ id }), left);
        return null;
      } catch (thrown) {
        void queries.invalidateQueries(trpc.localAddresses.list.queryFilter({ id }));
        return errorShapeOf(thrown);
      } finally {
        setPending(false);
      }
    },
    [client, id, queries, trpc],
  );
  return { addresses: data ?? null, refusal: error ? errorShapeOf(error) : null, pending, change };
}
