"use client";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { longestSearch } from "#domain/list-query";
import { Input } from "../ui/input.tsx";
import { isComposing, useSlashFocus } from "../ui/use-slash-focus.ts";

/** Where services are searched for; `/` comes here from anywhere on the page, Escape empties it. */
export function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations("list");
  const field = useRef<HTMLInputElement>(null);
  useSlashFocus(field);
  return (
    <div className="relative w-64 max-sm:min-w-0 max-sm:flex-1">
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
        aria-hidden="true"
      />
      <Input
        ref={field}
        type="search"
        className="pl-8!"
        aria-label={t("search")}
        aria-keyshortcuts="/"
        placeholder={t("searchPlaceholder")}
        maxLength={longestSearch}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !isComposing(event.nativeEvent)) onChange("");
        }}
      />
    </div>
  );
}
