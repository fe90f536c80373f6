"use client";

import { useTranslations } from "next-intl";
import * as Popover from "radix-ui/popover";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "#components/ui/button";
import { controlClasses } from "#components/ui/input";
import { useProblemText } from "#components/words";
import type { ErrorShape } from "#domain/errors";
import { problemsOf } from "#domain/problem";
import { type ObservedServerSpec, observedServerSpecSchema, weightSchema } from "#domain/real-server";
import { useWeightDrafts } from "./changes-provider.tsx";
import { serviceIdOf, serviceKeyOf, weightChange } from "./plan.ts";
import { useApply } from "./use-apply.ts";
import { useChangeToasts } from "./use-change-toasts.ts";
import { useEditBlock } from "./use-edit-block.ts";
import { useRefusalText } from "./use-refusal-text.ts";
import { useRowName } from "./use-row-name.ts";
import type { WeightDraft } from "./weight-draft.ts";

export interface WeightEditorProps {
  id: string;
  /** the server as it is now */
  spec: ObservedServerSpec;
  /** what restoring it gives back */
  drainedWeight: number | null;
  onClose: () => void;
}

/** The field for a weight typed in place: Enter writes, Escape leaves it. What is wrong, and a conflict, stand below it. */
export function WeightEditor({ id, spec, drainedWeight, onClose }: WeightEditorProps) {
  const t = useTranslations("change");
  const problemText = useProblemText();
  const refusalText = useRefusalText();
  const rowName = useRowName();
  const blocked = useEditBlock();
  const toasts = useChangeToasts();
  const { apply, pending } = useApply();
  const drafts = useWeightDrafts();
  const [draft, setDraft] = useState<WeightDraft>(
    () => drafts.get(id) ?? { text: String(spec.weight), seen: spec, refusal: null },
  );
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const saidId = useId();

  const put = (next: WeightDraft) => {
    drafts.set(id, next);
    setDraft(next);
  };
  useEffect(() => field.current?.select(), []);

  const weight = weightSchema.safeParse(draft.text);
  const problem = weight.success ? undefined : problemsOf(weight.error)[0];
  const theirs = draft.refusal && conflictOf(draft.refusal);

  async function save(seen: ObservedServerSpec, again = false): Promise<void> {
    setAsked(true);
    if (!weight.success || pending || blocked) return;
    const service = serviceKeyOf(id);
    if (!service) return;
    if (weight.data === seen.weight) return onClose();
    put({ ...draft, seen, refusal: null });
    const changes = [weightChange(service, seen, weight.data)];
    const outcome = await apply(changes);
    if (!outcome.ok) {
      const now = conflictOf(outcome.refusal);
      // Someone changed something else about the server: the weight is as it was seen, and nothing else is written.
      if (now?.weight === seen.weight && !again) return save(now, true);
      return put({ ...draft, seen, refusal: outcome.refusal });
    }
    const was = [{ id, serviceId: serviceIdOf(id), spec: seen, drainedWeight }];
    toasts.planDone(weight.data === 0 ? "drain" : "weight", { changes, results: outcome.results, was });
    onClose();
  }

  const said =
    blocked ?? (asked && problem ? problemText(problem) : draft.refusal && !theirs ? refusalText(draft.refusal) : null);
  return (
    <Popover.Root open={said !== null || theirs !== null}>
      <Popover.Anchor asChild>
        <input
          ref={field}
          value={draft.text}
          inputMode="numeric"
          autoComplete="off"
          aria-label={t("weightOf", { server: rowName(id) })}
          aria-invalid={said !== null || theirs !== null}
          {...(said !== null || theirs !== null ? { "aria-describedby": saidId } : {})}
          aria-busy={pending}
          className={`${controlClasses} h-6! w-16! px-1.5! text-right tabular-nums`}
          onChange={(event) => put({ ...draft, text: event.target.value, refusal: null })}
          onBlur={() => draft.text === String(draft.seen.weight) && !draft.refusal && onClose()}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return;
            event.stopPropagation();
            if (event.key === "Enter") void save(draft.seen);
            if (event.key === "Escape") onClose();
          }}
        />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          id={saidId}
          aria-label={t("weightOf", { server: rowName(id) })}
          side="bottom"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-w-72 rounded-md border border-line bg-raised p-2.5 text-[13px] shadow-lg"
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {theirs ? (
            <div role="alert" className="flex flex-col gap-2">
              <p>{t("weightConflict", { seen: draft.seen.weight, theirs: theirs.weight, yours: draft.text })}</p>
              <div className="flex flex-wrap gap-2">
                <Button size="sm" variant="primary" busy={pending} onClick={() => void save(theirs)}>
                  {t("setAnyway", { weight: draft.text })}
                </Button>
                <Button size="sm" onClick={onClose}>
                  {t("leaveIt", { weight: theirs.weight })}
                </Button>
              </div>
            </div>
          ) : (
            said && (
              <p role="alert" className="text-failed">
                {said}
              </p>
            )
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** With a conflict, the server as someone else made it; null when it is gone, or when there is no conflict. */
function conflictOf(refusal: ErrorShape): ObservedServerSpec | null {
  if (refusal.code !== "CONFLICT") return null;
  const spec = observedServerSpecSchema.safeParse((refusal.current as { spec?: unknown } | null)?.spec);
  return spec.success ? spec.data : null;
}
