"use client";
import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, type KeyboardEvent, useState } from "react";
import { Button } from "./button.tsx";
import { controlClasses } from "./input.tsx";

/**
 * A password, hidden until its owner wants to see it; says when Caps Lock is on. Give `autoComplete`
 * (current-password or new-password) and `name`: password managers go by them.
 */
export function PasswordInput({ className, ...rest }: Omit<ComponentProps<"input">, "type">) {
  const t = useTranslations("ui");
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  const Sign = shown ? EyeOff : Eye;
  return (
    <span className={className}>
      <span className="relative block">
        <input
          type={shown ? "text" : "password"}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          className={`${controlClasses} pr-9`}
          onKeyDown={look}
          onKeyUp={look}
          {...rest}
        />
        <Button
          variant="ghost"
          size="icon-sm"
          className="absolute! top-1 right-1"
          aria-label={t("showPassword")}
          aria-pressed={shown}
          title={t("showPassword")}
          onClick={() => setShown(!shown)}
        >
          <Sign className="size-4" aria-hidden="true" />
        </Button>
      </span>
      <span role="status" className="block text-xs text-changing">
        {capsLock && t("capsLock")}
      </span>
    </span>
  );
}
