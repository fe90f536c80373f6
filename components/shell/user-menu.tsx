"use client";
import { CircleUserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, lazy } from "react";
import { useMe } from "#components/session/me";
import { LazyMenu } from "#components/ui/lazy-menu";
import { Button } from "../ui/button.tsx";

const UserChoices = lazy(() => import("./user-choices.tsx").then((module) => ({ default: module.UserChoices })));

/** Who is logged in, and what is about them: their account, whom else they look after, the way out. */
export function UserMenu() {
  return <LazyMenu trigger={<UserButton />} menu={<UserChoices />} />;
}

export function UserButton(props: ComponentProps<"button">) {
  const t = useTranslations("shell");
  const { name } = useMe();
  return (
    <Button variant="ghost" className="max-w-40 max-sm:w-8 max-sm:justify-center max-sm:px-0" title={name} {...props}>
      <CircleUserRound className="size-4 shrink-0" aria-hidden="true" />
      <span className="sr-only">{t("user")} </span>
      <span className="truncate font-normal max-sm:sr-only">{name}</span>
    </Button>
  );
}
