import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** What stands around log-in and set-up: no table, no stream. */
export function DoorFrame({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center gap-5 px-4 py-8 max-sm:justify-start max-sm:px-3">
      <header className="text-lg font-semibold tracking-tight">{t("product")}</header>
      <main className="w-full max-w-sm rounded-lg border border-line bg-surface px-5 py-5 shadow-sm">{children}</main>
    </div>
  );
}
