import { ArrowDown, ArrowUp } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** A plain small table: its own scroll box, so that a narrow page does not scroll sideways as a whole. */
export function Table({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      tabIndex={0}
      className={classNames("overflow-x-auto rounded-lg border border-line bg-surface", className)}
    >
      <table className="w-full border-collapse text-[13px]">{children}</table>
    </section>
  );
}

const cellClasses = "px-2.5 py-1.5 whitespace-nowrap";

export function HeadCell({ numeric = false, className, ...rest }: ComponentProps<"th"> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={classNames(
        cellClasses,
        "border-b border-line text-xs font-medium text-muted",
        numeric ? "text-right" : "text-left",
        className,
      )}
      {...rest}
    />
  );
}

export function TextCell({ className, ...rest }: ComponentProps<"td">) {
  return <td className={classNames(cellClasses, "border-b border-line/60 text-left", className)} {...rest} />;
}

/** Digits under digits, at the right edge. */
export function NumberCell({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td className={classNames(cellClasses, "border-b border-line/60 text-right tabular-nums", className)} {...rest} />
  );
}

export type SortDirection = "ascending" | "descending" | "none";

/** The words of a column's head as a button that sorts by it. Put aria-sort={direction} on the cell around it. */
export function SortButton({
  direction,
  numeric = false,
  onClick,
  children,
}: {
  direction: SortDirection;
  numeric?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  const Arrow = direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onClick}
      className={classNames(
        "group -mx-1 inline-flex max-w-full items-center align-top gap-0.5 rounded px-1 text-xs font-medium hover:text-ink",
        direction === "none" ? "text-muted" : "text-ink",
        numeric && "flex-row-reverse",
      )}
    >
      <span className="truncate">{children}</span>
      <Arrow
        className={classNames(
          "size-3 shrink-0",
          direction === "none" && "opacity-0 group-hover:opacity-50 group-focus-visible:opacity-50",
        )}
        aria-hidden="true"
      />
    </button>
  );
}
