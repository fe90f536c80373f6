"use client";
import { EllipsisVertical } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, lazy } from "react";
import { LazyMenu } from "#components/ui/lazy-menu";
import type { DescribedRow } from "#domain/live";
import { Button } from "../ui/button.tsx";

const RowMenu = lazy(() => import("./row-menu.tsx").then((module) => ({ default: module.RowMenu })));

/** The dots at the end of a row. */
export function RowMenuButton({ described, name }: { described: DescribedRow; name: string }) {
  return <LazyMenu trigger={<Dots name={name} />} menu={<RowMenu described={described} name={name} />} />;
}

export function Dots({ name, ...rest }: { name: string } & ComponentProps<"button">) {
  const t = useTranslations("list");
  return (
    <Button variant="ghost" size="icon-sm" aria-label={t("actionsOf", { name })} {...rest}>
      <EllipsisVertical className="size-4 text-muted" aria-hidden="true" />
    </Button>
  );
}
