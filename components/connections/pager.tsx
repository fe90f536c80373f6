"use client";
import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button";
import { exactText } from "#domain/units";

export interface PagerProps {
  /** what is paged */
  label: string;
  /** of the first row that is shown, from 0 */
  offset: number;
  size: number;
  total: number;
  /** from 1 */
  onPage: (page: number) => void;
}

/** Where one is in a list that is shown page by page, and the way to the others; nothing when there is one page only. */
export function Pager({ label, offset, size, total, onPage }: PagerProps) {
  const t = useTranslations("connections");
  if (total <= size && offset === 0) return null;
  const page = Math.floor(offset / size) + 1;
  const pages = Math.max(1, Math.ceil(total / size));
  const step = (Sign: LucideIcon, words: string, to: number) => (
    <Button
      variant="ghost"
      size="icon"
      aria-label={words}
      title={words}
      disabled={to < 1 || to > pages || to === page}
      onClick={() => onPage(to)}
    >
      <Sign className="size-4" aria-hidden="true" />
    </Button>
  );
  return (
    <nav aria-label={label} className="flex items-center gap-1 text-[13px] tabular-nums">
      {step(ChevronsLeft, t("firstPage"), 1)}
      {step(ChevronLeft, t("previousPage"), page - 1)}
      <span className="px-1">
        {t("range", {
          from: exactText(Math.min(offset + 1, total)),
          to: exactText(Math.min(offset + size, total)),
          total: exactText(total),
        })}
      </span>
      {step(ChevronRight, t("nextPage"), page + 1)}
      {step(ChevronsRight, t("lastPage"), pages)}
    </nav>
  );
}
