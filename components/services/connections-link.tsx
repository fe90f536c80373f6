import { Cable } from "lucide-react";
import Link from "next/link";
import type { DescribedRow } from "#domain/live";
import { connectionsHref } from "../connections/connection-links.ts";
import type { ListWords } from "./list-words.ts";

/** The one thing that somebody who changes nothing can do with a row: see who is connected. */
export function ConnectionsLink({ row, name, t }: { row: DescribedRow["row"]; name: string; t: ListWords }) {
  return (
    <Link
      href={connectionsHref(row)}
      prefetch={false}
      aria-label={t("connectionsOf", { name })}
      title={t("connectionsOf", { name })}
      className="flex size-6 items-center justify-center rounded hover:bg-hover"
    >
      <Cable className="size-4 text-muted" aria-hidden="true" />
    </Link>
  );
}
