import { useTranslations } from "next-intl";
import type { ServerRecord } from "#domain/table";
import { Swatch } from "../charts/swatch.tsx";
import { rowName } from "../services/row-name.ts";
import { classNames } from "../ui/class-names.ts";

export interface ServerLegendProps {
  servers: readonly ServerRecord[];
  drawn: ReadonlySet<string>;
  /** at most as many lines */
  max: number;
  onToggle: (id: string) => void;
}

/** Which line is which real server, and which of them are drawn. */
export function ServerLegend({ servers, drawn, max, onToggle }: ServerLegendProps) {
  const t = useTranslations("service");
  const count = servers.filter(({ id }) => drawn.has(id)).length;
  return (
    <fieldset className="rounded-lg border border-line bg-surface px-3 py-2">
      <legend className="sr-only">{t("lines")}</legend>
      <div className="flex max-h-28 flex-wrap gap-x-1 gap-y-0.5 overflow-y-auto">
        {servers.map(({ id }, colour) => {
          const shown = drawn.has(id);
          const full = !shown && count >= max;
          return (
            <button
              key={id}
              type="button"
              aria-pressed={shown}
              disabled={full}
              title={full ? t("linesFull", { max }) : undefined}
              onClick={() => onToggle(id)}
              className={classNames(
                "inline-flex h-6 items-center gap-1.5 rounded px-1.5 text-[13px] tabular-nums hover:bg-hover disabled:opacity-55",
                shown ? "text-ink" : "text-muted line-through",
              )}
            >
              <Swatch colour={colour} hollow={!shown} />
              {rowName({ id, kind: "server" })}
            </button>
          );
        })}
      </div>
      {count < servers.length && (
        <p className="mt-1 text-xs text-muted">{t("linesDrawn", { drawn: count, servers: servers.length })}</p>
      )}
    </fieldset>
  );
}
