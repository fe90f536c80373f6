"use client";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useTRPC } from "#components/trpc";
import { useLiveState } from "../live/use-live.ts";
import { Badge } from "../ui/badge.tsx";

const reasons = ["asked", "no-addon", "no-module", "no-permission", "not-linux"] as const;

/** Which director this is, and, when its table is made up, a word that cannot be overlooked. */
export function DirectorBadge() {
  const t = useTranslations("shell");
  const trpc = useTRPC();
  const { data, refetch } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  const { kind } = useLiveState();
  // After an outage it may be another process, of another kind.
  useEffect(() => {
    if (kind === "live") void refetch();
  }, [kind, refetch]);
  if (!data) return null;
  const reason = reasons.find((known) => known === data.simulatedBecause?.code);
  const detail = data.simulatedBecause?.params["detail"];
  return (
    <>
      <span
        className="min-w-0 truncate text-muted max-md:hidden"
        title={t("kernel", { host: data.host, kernel: data.kernel })}
      >
        {data.host}
      </span>
      {data.networkNamespace && (
        <Badge tone="accent" className="min-w-0" title={t("namespaceWhat", { path: data.networkNamespace })}>
          <span className="truncate">{data.networkNamespace.split("/").at(-1)}</span>
        </Badge>
      )}
      {data.kind === "simulated" && (
        <Badge
          tone="changing"
          className="max-sm:size-6 max-sm:justify-center max-sm:px-0"
          title={`${reason ? t(`simulatedBecause.${reason}`) : t("simulatedWhat")}${detail === undefined ? "" : ` (${detail})`}`}
        >
          <FlaskConical className="size-3.5" aria-hidden="true" />
          <span className="max-sm:sr-only">{t("simulated")}</span>
        </Badge>
      )}
    </>
  );
}
