"use client";
import { useTranslations } from "next-intl";
import { AdminsOnly } from "./notes.tsx";
import { Tokens } from "./tokens.tsx";
import { Users } from "./users.tsx";

/** Who may use the console: people with a name and password, and programs with a token. */
export function PeoplePage() {
  const t = useTranslations("people");
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-6 p-4 max-sm:p-3">
      <h1 className="text-lg font-semibold">{t("title")}</h1>
      <AdminsOnly>
        <Users />
        <Tokens />
      </AdminsOnly>
    </div>
  );
}
