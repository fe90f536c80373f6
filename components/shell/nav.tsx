"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { classNames } from "../ui/class-names.ts";

const places = [
  { href: "/", word: "overview", within: (path: string) => path === "/" },
  { href: "/services", word: "services", within: (path: string) => path.startsWith("/services") },
  { href: "/connections", word: "connections", within: (path: string) => path === "/connections" },
  { href: "/rules", word: "rules", within: (path: string) => path === "/rules" },
  { href: "/director", word: "director", within: (path: string) => path === "/director" },
] as const;

export function Nav() {
  const t = useTranslations("shell");
  const path = usePathname();
  return (
    <nav aria-label={t("nav")} className="flex h-12 min-w-0 items-center gap-4 max-sm:gap-2">
      <span className="font-semibold tracking-tight whitespace-nowrap max-lg:sr-only">{t("product")}</span>
      <ul className="flex h-full min-w-0 items-stretch gap-1 overflow-x-auto">
        {places.map((place) => (
          <li key={place.href} className="flex">
            <Link
              href={place.href}
              {...(place.within(path) ? { "aria-current": "page" as const } : {})}
              className={classNames(
                "flex items-center border-b-2 px-2 pt-0.5 whitespace-nowrap max-sm:px-1 max-sm:text-[13px]",
                place.within(path)
                  ? "border-accent font-medium text-ink"
                  : "border-transparent text-muted hover:text-ink",
              )}
            >
              {t(place.word)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
