import { useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "#components/trpc";

const atOnce = 50;

/** The changes that are remembered, newest first, page by page towards the past. */
export function useRevisions() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: trpc.rules.revisions.pathKey(),
    queryFn: ({ pageParam, signal }) =>
      client.rules.revisions.query({ beforeId: pageParam, limit: atOnce }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.olderThanId,
    staleTime: 0,
  });
}
