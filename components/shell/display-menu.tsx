"use client";
import { SunMoon } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, lazy } from "react";
import { LazyMenu } from "#components/ui/lazy-menu";
import { Button } from "../ui/button.tsx";

const DisplayChoices = lazy(() =>
  import("./display-choices.tsx").then((module) => ({ default: module.DisplayChoices })),
);

/** How this browser shows things: dark or light, bits or bytes. */
export function DisplayMenu() {
  return <LazyMenu trigger={<DisplayButton />} menu={<DisplayChoices />} />;
}

export function DisplayButton(props: ComponentProps<"button">) {
  const t = useTranslations("shell");
  return (
    <Button variant="ghost" size="icon" aria-label={t("display")} title={t("display")} {...props}>
      <SunMoon className="size-4" aria-hidden="true" />
    </Button>
  );
}
