"use client";
import { EllipsisVertical } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, lazy } from "react";
import { LazyMenu } from "#components/ui/lazy-menu";
import type { DescribedRow } from "#domain/live";
import { Button } from "../ui/button.tsx";
import { rowName } from "./row-name.ts";

const RowMenu = lazy(() => import("./row-menu.tsx").then((module) => ({ default: module.RowMenu })));

/** The dots at the end of a row. */
export function RowMenuButton({ described }: { described: DescribedRow }) {
  return <LazyMenu trigger={<Dots described={described} />} menu={<RowMenu described={described} />} />;
}

export function Dots({ described, ...rest }: { described: DescribedRow } & ComponentProps<"button">) {
  const t = useTranslations("list");
  return (
    <Button variant="ghost" size="icon-sm" aria-label={t("actionsOf", { name: rowName(described.row) })} {...rest}>
      <EllipsisVertical className="size-4 text-muted" aria-hidden="true" />
    </Button>
  );
}
