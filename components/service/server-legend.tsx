import { useTranslations } from "next-intl";
import type { ServerRecord } from "#domain/table";
import { Swatch } from "../charts/swatch.tsx";
import { rowName } from "../services/row-name.ts";
import { classNames } from "../ui/class-names.ts";

export interface ServerLegendProps {
  servers: readonly ServerRecord[];
  chosen: ReadonlySet<string>;
  /** at most as many lines */
  max: number;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Which line is which real server, and which of them are drawn. */
export function ServerLegend({ servers, chosen, max, onChoose }: ServerLegendProps) {
  const t = useTranslations("service");
  const drawn = servers.filter(({ id }) => chosen.has(id)).length;
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  return (
    <fieldset className="rounded-lg border border-line bg-surface px-3 py-2">
      <legend className="sr-only">{t("lines")}</legend>
      <div className="flex max-h-28 flex-wrap gap-x-1 gap-y-0.5 overflow-y-auto">
        {servers.map(({ id }, colour) => {
          const shown = chosen.has(id);
          const full = !shown && drawn >= max;
          return (
            <button
              key={id}
              type="button"
              aria-pressed={shown}
              disabled={full}
              title={full ? t("linesFull", { max }) : undefined}
              onClick={() => toggle(id)}
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
      {drawn < servers.length && (
        <p className="mt-1 text-xs text-muted">{t("linesDrawn", { drawn, servers: servers.length })}</p>
      )}
    </fieldset>
  );
}
