import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/trpc";

/** Whether the director's kernel has full NAT; false until that is known. */
export function useFullnat(): boolean {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  return data?.fullnat ?? false;
}
