"use client";
import { ChevronDown, Columns3 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import type { FilterName } from "./list-words.ts";

export function FilterButton({
  name,
  chosen,
  ...rest
}: { name: FilterName; chosen: number } & ComponentProps<"button">) {
  const t = useTranslations("list");
  return (
    <Button
      className={classNames("max-sm:px-2", chosen > 0 && "border-accent! bg-accent-soft! text-accent!")}
      {...rest}
    >
      {t(`filters.${name}`)}
      {chosen > 0 && <span className="tabular-nums">{chosen}</span>}
      <ChevronDown className="size-3.5 opacity-70" aria-hidden="true" />
    </Button>
  );
}

export function ColumnsButton(props: ComponentProps<"button">) {
  const t = useTranslations("list");
  return (
    <Button variant="ghost" size="icon" aria-label={t("chooseColumns")} title={t("chooseColumns")} {...props}>
      <Columns3 className="size-4" aria-hidden="true" />
    </Button>
  );
}
