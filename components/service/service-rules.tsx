"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { formatRecord } from "#domain/rules/record";
import type { ServiceRecord } from "#domain/table";
import { Button } from "../ui/button.tsx";

/** The service as ipvsadm's text, to be read, copied and fed to `ipvsadm -R`. */
export function ServiceRules({ record }: { record: ServiceRecord }) {
  const t = useTranslations("service");
  const text = useMemo(() => formatRecord(record), [record]);
  return (
    <section aria-labelledby="service-rules" className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <h2 id="service-rules" className="text-base font-semibold">
          {t("rules")}
        </h2>
        <CopyButton text={text} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-[13px]"
      >
        {text}
      </pre>
    </section>
  );
}

const saidMs = 2000;

/** Browsers give pages no clipboard on plain HTTP: then the button is not there, and the text can be marked. */
function CopyButton({ text }: { text: string }) {
  const t = useTranslations("service");
  const [possible, setPossible] = useState(false);
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    setPossible(window.isSecureContext && navigator.clipboard !== undefined);
    return () => clearTimeout(timer.current);
  }, []);
  if (!possible) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), saidMs);
  };
  return (
    <Button size="sm" variant="ghost" onClick={() => void copy()}>
      {copied ? <Check className="size-3.5" aria-hidden="true" /> : <Copy className="size-3.5" aria-hidden="true" />}
      <span aria-live="polite">{copied ? t("copied") : t("copy")}</span>
    </Button>
  );
}
