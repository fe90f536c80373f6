"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useCallback, useId, useMemo, useRef, useState } from "react";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { maxTextBytes } from "#domain/rules/lines";
import { type RuleProblem, ruleSentence } from "#domain/rules/problem";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import { useRuleCheck } from "./check/use-rule-check.ts";
import { DeskToolbar } from "./desk-toolbar.tsx";
import type { RuleEditorHandle } from "./editor/rule-editor.tsx";
import { ModeChoice } from "./mode-choice.tsx";
import { PlanSection } from "./plan-section.tsx";
import { type FileRefusal, readRuleFile } from "./read-rule-file.ts";
import { RemarkSummary } from "./remark-summary.tsx";
import { remarksOf } from "./remarks-of.ts";
import type { Desk } from "./use-desk.ts";

const RuleEditor = dynamic(() => import("./editor/rule-editor.tsx").then((module) => module.RuleEditor), {
  ssr: false,
});

/** Where a text of rules is written or brought, checked as one types, and its plan is shown and done. */
export function RulesDesk({ desk, onOpenRevision }: { desk: Desk; onOpenRevision: (id: number) => void }) {
  const t = useTranslations("rulesPage");
  const translate = useTranslations();
  const refusalText = useRefusalText();
  const editor = useRef<RuleEditorHandle>(null);
  const helpId = useId();
  const check = useRuleCheck(desk.doc);
  const [fileRefused, setFileRefused] = useState<{ name: string; refusal: FileRefusal } | null>(null);
  const [dropping, setDropping] = useState(false);
  const sentence = useCallback((problem: RuleProblem) => ruleSentence(problem, translate), [translate]);
  const remarks = useMemo(() => remarksOf(desk.doc, check, desk.current), [desk.doc, check, desk.current]);
  const goTo = useCallback((line: number, column = 1) => editor.current?.goTo(line, column), []);

  async function take(file: File | undefined) {
    if (!file) return;
    setFileRefused(null);
    const read = await readRuleFile(file);
    if ("refusal" in read) setFileRefused({ name: file.name, refusal: read.refusal });
    else desk.load(read.text, { kind: "file", name: file.name });
  }

  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section aria-label={t("text")} className="flex min-w-0 flex-col gap-2">
          <DeskToolbar desk={desk} onFile={(file) => void take(file)} />
          {fileRefused && (
            <Alert>{t(fileRefused.refusal, { name: fileRefused.name, max: maxTextBytes / 1024 / 1024 })}</Alert>
          )}
          {desk.notRead && (
            <div className="flex flex-wrap items-center gap-2">
              <Alert>{refusalText(desk.notRead)}</Alert>
              <Button onClick={() => void desk.loadTable()}>{t("tryAgain")}</Button>
            </div>
          )}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: what is dropped can be opened with a button too */}
          <div
            className="relative h-[max(18rem,min(64dvh,44rem))] max-lg:h-[max(14rem,45dvh)] overflow-hidden rounded-lg border border-line bg-surface has-[.cm-focused]:outline-2 has-[.cm-focused]:outline-accent"
            onDragOver={(event) => {
              if (!event.dataTransfer.types.includes("Files")) return;
              event.preventDefault();
              setDropping(true);
            }}
            onDragLeave={(event) => {
              if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
            }}
            onDrop={(event) => {
              setDropping(false);
              if (!event.dataTransfer.types.includes("Files")) return;
              event.preventDefault();
              void take(event.dataTransfer.files[0]);
            }}
          >
            <RuleEditor
              handle={editor}
              label={t("editorLabel")}
              describedBy={helpId}
              hint={t("editorHint")}
              doc={desk.doc}
              loaded={desk.loaded}
              onEdit={desk.edit}
              remarks={remarks}
              sentence={sentence}
            />
            {dropping && (
              <p className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-md border-2 border-dashed border-accent bg-accent-soft/90 font-medium text-accent">
                {t("dropHere")}
              </p>
            )}
          </div>
          <p id={helpId} className="text-xs text-muted">
            {t("editorHelp")}
          </p>
        </section>
        <div className="flex min-w-0 flex-col gap-4">
          <ModeChoice mode={desk.mode} onChange={desk.setMode} />
          <Button
            variant="primary"
            className="justify-center"
            busy={desk.plan.kind === "asking"}
            onClick={desk.showPlan}
          >
            {t("showPlan")}
          </Button>
          <RemarkSummary desk={desk} check={check} remarks={remarks} sentence={sentence} goTo={goTo} />
        </div>
      </div>
      <PlanSection desk={desk} goTo={goTo} onOpenRevision={onOpenRevision} />
    </div>
  );
}
