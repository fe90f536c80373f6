"use client";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { DescribedRow } from "#domain/live";
import type { ServiceRow } from "#domain/table";
import { Checkbox } from "../ui/checkbox.tsx";
import { classNames } from "../ui/class-names.ts";
import type { RowLook } from "./list-row.tsx";
import type { ListWords } from "./list-words.ts";
import { protocolWord, rowName, serviceHref } from "./row-name.ts";

export interface RowActions {
  select: (id: string, ranged: boolean) => void;
  fold: (id: string, open: boolean) => void;
}

export interface NameCellProps {
  described: DescribedRow;
  selected: boolean;
  /** services: are its servers shown? null where there is nothing to fold */
  open: boolean | null;
  look: Pick<RowLook, "t" | "label" | "actions" | "linked" | "selectable">;
}

/** What a row is called, its tick box, and for a service what unfolds it. */
export function NameCell({ described: { row, servers = 0 }, selected, open, look }: NameCellProps) {
  const { t, label, actions, linked, selectable } = look;
  const name = label(row);
  return (
    <>
      {open === null ? (
        <span className={row.kind === "server" ? "w-8 shrink-0" : "w-1 shrink-0"} />
      ) : (
        <button
          type="button"
          aria-expanded={open}
          aria-label={t("serversOf", { name })}
          disabled={servers === 0}
          className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-hover hover:text-ink disabled:opacity-40"
          onClick={() => actions.fold(row.id, !open)}
        >
          <ChevronRight className={classNames("size-4 transition-transform", open && "rotate-90")} aria-hidden="true" />
        </button>
      )}
      {selectable && (
        <Checkbox
          aria-label={t("select", { name })}
          checked={selected}
          onChange={() => {}}
          onClick={(event) => actions.select(row.id, event.shiftKey)}
          onMouseDown={(event) => event.shiftKey && event.preventDefault()}
        />
      )}
      {row.kind === "service" ? (
        <ServiceName row={row} linked={linked} t={t} />
      ) : (
        <span className="truncate tabular-nums">{rowName(row)}</span>
      )}
    </>
  );
}

function ServiceName({ row, linked, t }: { row: ServiceRow; linked: boolean; t: ListWords }) {
  const words = (
    <>
      <span className="mr-0.5 text-[11px] font-semibold tracking-wide text-muted">
        {protocolWord(row.id) ?? t("mark")}
      </span>{" "}
      <span className="font-medium tabular-nums">{rowName(row)}</span>
      {row.key.kind === "fwmark" && <span className="text-xs text-muted"> IPv{row.key.family}</span>}
    </>
  );
  if (!linked) return <span className="truncate">{words}</span>;
  return (
    <Link href={serviceHref(row.id)} prefetch={false} className="truncate hover:underline">
      {words}
    </Link>
  );
}
