import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTRPC } from "#components/trpc";
import type { ErrorShape } from "#domain/errors";
import type { ServiceRecord } from "#domain/table";
import { errorShapeOf } from "../changes/error-shape.ts";
import { useFollowed, useLiveState } from "../live/use-live.ts";

export interface ServiceRecordState {
  /** as it was read last; null until then */
  record: ServiceRecord | null;
  /** why it could not be read */
  refusal: ErrorShape | null;
  /** it is not in the table, or not any more */
  gone: boolean;
}

/**
 * The service as the director has it, read again whenever the live stream says that it or one of its servers was
 * edited. What was read last stays when the service is removed: its page must not vanish under who looks at it.
 */
export function useServiceRecord(id: string): ServiceRecordState {
  const trpc = useTRPC();
  const { kind } = useLiveState();
  const query = useQuery(trpc.table.service.queryOptions({ id }, { enabled: kind === "live" }));
  const [followed] = useFollowed([id]);
  const described = followed?.described ?? null;
  const { refetch } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new description is what tells of an edit
  useEffect(() => {
    if (kind === "live") void refetch();
  }, [described, followed?.missing, kind, refetch]);
  const refusal = query.error ? errorShapeOf(query.error) : null;
  const gone = refusal?.code === "NO_SUCH_SERVICE" || (followed?.missing ?? false);
  return { record: query.data ?? null, refusal: gone ? null : refusal, gone };
}
