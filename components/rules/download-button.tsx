"use client";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { Button } from "#components/ui/button";

export function DownloadButton(props: ComponentProps<"button">) {
  const t = useTranslations("rulesPage");
  return (
    <Button size="sm" {...props}>
      <Download className="size-3.5" aria-hidden="true" />
      {t("download")}
    </Button>
  );
}
