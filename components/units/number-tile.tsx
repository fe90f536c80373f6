import type { ReactNode } from "react";

/** One number to be read from afar: what it is, the number and its unit, and a line below. The title is the exact number. */
export function NumberTile({
  name,
  value,
  title,
  children,
}: {
  name: string;
  /** "12.3k packets/s" */
  value: string;
  title: string;
  children: ReactNode;
}) {
  const [number = "", ...symbol] = value.split(" ");
  return (
    <div className="min-w-0 rounded-lg border border-line bg-surface px-4 py-2.5">
      <p className="truncate text-xs text-muted">{name}</p>
      <p className="live-number truncate text-xl leading-8 font-semibold tabular-nums" title={title}>
        {number} <span className="text-[13px] font-normal text-muted">{symbol.join(" ")}</span>
      </p>
      <p className="min-h-[1.45em] truncate text-xs text-muted tabular-nums">{children}</p>
    </div>
  );
}
