"use client";
import { EllipsisVertical } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { type ComponentProps, useState } from "react";
import type { DescribedRow } from "#domain/live";
import { Button } from "../ui/button.tsx";
import { rowName } from "./row-name.ts";

const RowMenu = dynamic(() => import("./row-menu.tsx").then((module) => module.RowMenu), { ssr: false });

/** The dots at the end of a row. Its menu is made when it is wanted: hundreds of them are scrolled past. */
export function RowMenuButton({ described }: { described: DescribedRow }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <RowMenu described={described} />;
  return <Dots described={described} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} />;
}

export function Dots({ described, ...rest }: { described: DescribedRow } & ComponentProps<"button">) {
  const t = useTranslations("list");
  return (
    <Button variant="ghost" size="icon-sm" aria-label={t("actionsOf", { name: rowName(described.row) })} {...rest}>
      <EllipsisVertical className="size-4 text-muted" aria-hidden="true" />
    </Button>
  );
}
