"use client";
import { Ban, EllipsisVertical, KeyRound, LogOut, Trash2, UserCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMe } from "#components/session/me";
import { Badge } from "#components/ui/badge";
import { Button } from "#components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu";
import { Select } from "#components/ui/select";
import { NumberCell, TextCell } from "#components/ui/table-cells";
import { Moment } from "#components/units/moment";
import { roles, type UserRow } from "#domain/people";
import { stickyEnd } from "./section.tsx";
import type { UserTask } from "./users.tsx";

const icon = "size-4 shrink-0";

/** One user. A role chosen here is asked about first: an arrow key in a list must make nobody an admin. */
export function UserLine({ user, ask, enable }: { user: UserRow; ask: (task: UserTask) => void; enable: () => void }) {
  const t = useTranslations("people");
  const me = useMe();
  const { name } = user;
  return (
    <tr>
      <th scope="row" className="min-w-24 border-b border-line/60 px-2.5 py-1.5 text-left font-medium">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="min-w-0 break-words">{name}</span>
          {user.id === me.userId && <Badge tone="accent">{t("you")}</Badge>}
        </span>
      </th>
      <TextCell>
        <Select
          aria-label={t("roleOf", { name })}
          className="w-28"
          value={user.role}
          onChange={({ target }) => {
            const role = roles.find((known) => known === target.value);
            if (role) ask({ kind: "role", user, role });
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`roles.${role}`)}
            </option>
          ))}
        </Select>
      </TextCell>
      <TextCell>
        <Badge tone={user.disabled ? "off" : "up"}>{user.disabled ? t("disabled") : t("active")}</Badge>
      </TextCell>
      <TextCell>{user.loggedInAtMs === null ? t("never") : <Moment atMs={user.loggedInAtMs} />}</TextCell>
      <NumberCell>{user.sessions}</NumberCell>
      <TextCell className={stickyEnd}>
        <Menu
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={t("actionsOf", { name })}>
              <EllipsisVertical className="size-4" aria-hidden="true" />
            </Button>
          }
          // Each item opens a dialog, which takes the focus, or leaves it here.
          onCloseAutoFocus={(event) => {
            if (document.querySelector("[role=dialog], [role=alertdialog]")) event.preventDefault();
          }}
        >
          <MenuItem
            icon={<KeyRound className={icon} aria-hidden="true" />}
            onSelect={() => ask({ kind: "password", user })}
          >
            {t("setPassword")}
          </MenuItem>
          <MenuItem
            icon={<LogOut className={icon} aria-hidden="true" />}
            blockedBecause={user.sessions === 0 ? t("noSessions") : null}
            onSelect={() => ask({ kind: "end-sessions", user })}
          >
            {t("endSessions", { count: user.sessions })}
          </MenuItem>
          <MenuSeparator />
          {user.disabled ? (
            <MenuItem icon={<UserCheck className={icon} aria-hidden="true" />} onSelect={enable}>
              {t("enable")}
            </MenuItem>
          ) : (
            <MenuItem
              icon={<Ban className={icon} aria-hidden="true" />}
              onSelect={() => ask({ kind: "disable", user })}
            >
              {t("disable")}
            </MenuItem>
          )}
          <MenuItem
            danger
            icon={<Trash2 className={icon} aria-hidden="true" />}
            onSelect={() => ask({ kind: "remove", user })}
          >
            {t("remove")}
          </MenuItem>
        </Menu>
      </TextCell>
    </tr>
  );
}
