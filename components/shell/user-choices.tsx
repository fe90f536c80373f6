"use client";
import { useMutation } from "@tanstack/react-query";
import { LogOut, ScrollText, UserRoundCog, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMay, useMe } from "#components/session/me";
import { useSession } from "#components/session/session-provider";
import { useTRPC } from "#components/trpc";
import { Menu, MenuItem, MenuLabel, MenuLink, MenuSeparator } from "#components/ui/menu";
import { toast } from "#components/ui/toaster";
import { errorShapeOf } from "../changes/error-shape.ts";
import { tellOtherTabs } from "../session/session-channel.ts";
import { useSessionErrorText } from "../session/use-session-error-text.ts";
import { UserButton } from "./user-menu.tsx";

const iconClasses = "size-4 shrink-0 text-muted";

export function UserChoices() {
  const t = useTranslations("shell");
  const roles = useTranslations("session.roles");
  const errorText = useSessionErrorText();
  const me = useMe();
  const admin = useMay("admin");
  const session = useSession();
  const trpc = useTRPC();
  const gone = () => {
    tellOtherTabs({ kind: "logged-out" });
    location.assign("/login");
  };
  const { mutate } = useMutation(
    trpc.session.logOut.mutationOptions({
      onMutate: () => session.leave(),
      onSuccess: gone,
      onError: (thrown) => {
        if (errorShapeOf(thrown).code === "NOT_LOGGED_IN") return gone();
        session.stay();
        toast("error", t("notLoggedOut"), { description: errorText(thrown) });
      },
    }),
  );
  return (
    <Menu startsOpen trigger={<UserButton />}>
      <MenuLabel>
        <span className="block max-w-60 truncate text-[13px] text-ink">{me.name}</span>
        {t("role", { role: roles(me.role) })}
      </MenuLabel>
      <MenuSeparator />
      <MenuLink href="/account" icon={<UserRoundCog className={iconClasses} />}>
        {t("account")}
      </MenuLink>
      {admin && (
        <MenuLink href="/people" icon={<UsersRound className={iconClasses} />}>
          {t("people")}
        </MenuLink>
      )}
      {admin && (
        <MenuLink href="/audit" icon={<ScrollText className={iconClasses} />}>
          {t("audit")}
        </MenuLink>
      )}
      <MenuSeparator />
      <MenuItem icon={<LogOut className={iconClasses} />} onSelect={() => mutate(null)}>
        {t("logOut")}
      </MenuItem>
    </Menu>
  );
}
