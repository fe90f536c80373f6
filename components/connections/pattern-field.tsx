"use client";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from "react";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { isComposing, useSlashFocus } from "../ui/use-slash-focus.ts";
import { longestPattern } from "./use-connection-query.ts";

/** Every look at another pattern reads the whole table: it is taken once the typing has stopped for this long. */
export const settleMs = 600;

export interface PatternFieldProps {
  label: string;
  value: string;
  /** it says no address, prefix or port */
  misread: boolean;
  onChange: (value: string) => void;
  placeholder?: string;
  /** `/` comes here */
  search?: boolean;
  className?: string;
}

/** An address, a prefix, an address with a port. What an input method is still writing is nobody's business yet. */
export function PatternField(props: PatternFieldProps) {
  const { label, value, misread, onChange, placeholder, search = false, className } = props;
  const t = useTranslations("connections");
  const [draft, setDraft] = useState(value);
  const [composing, setComposing] = useState(false);
  const [taken, setTaken] = useState(value);
  // Filters are cleared, or Back was pressed: what the URL has now is what stands here.
  if (taken !== value) {
    setTaken(value);
    setDraft(value);
  }
  const take = (text: string) => {
    if (text === value) return;
    setTaken(text);
    onChange(text);
  };
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => latest.current(draft), draft === "" ? 0 : settleMs);
    return () => clearTimeout(timer);
  }, [draft, composing]);
  const control: ComponentProps<"input"> = {
    type: "search",
    maxLength: longestPattern,
    autoComplete: "off",
    autoCapitalize: "none",
    spellCheck: false,
    value: draft,
    onChange: ({ target }) => setDraft(target.value),
    onCompositionStart: () => setComposing(true),
    onCompositionEnd: ({ currentTarget }) => {
      setDraft(currentTarget.value);
      setComposing(false);
    },
    onBlur: () => !composing && take(draft),
    onKeyDown: ({ key, nativeEvent }) => {
      if (isComposing(nativeEvent)) return;
      if (key === "Enter") take(draft);
      if (key === "Escape") setDraft("");
    },
    ...(placeholder === undefined ? {} : { placeholder }),
  };
  return (
    <Field
      label={label}
      className={className ?? ""}
      {...(misread && !composing && draft === value ? { error: t("misread") } : {})}
    >
      {search ? <SearchInput {...control} /> : <Input tabular {...control} />}
    </Field>
  );
}

/** A field with a sign before it, that `/` comes to. Takes what Field gives its control. */
function SearchInput(props: ComponentProps<"input">): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useSlashFocus(field);
  return (
    <span className="relative block">
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
        aria-hidden="true"
      />
      <Input {...props} ref={field} tabular className="pl-8!" aria-keyshortcuts="/" />
    </span>
  );
}
