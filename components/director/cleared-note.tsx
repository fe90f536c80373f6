"use client";
import { CircleCheck, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { type Client, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { toast } from "#components/ui/toaster";
import type { ErrorShape } from "#domain/errors";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import { newJobId } from "../rules/apply/new-job-id.ts";

/** What was lost with the table, and the revision that has it. */
export interface Cleared {
  services: number;
  servers: number;
  /** null: there was nothing to lose */
  revision: number | null;
}

/** Puts the rows of a revision's table back beside what is there by now. */
async function bringBack(client: Client, revision: number, note: string): Promise<void> {
  const { beforeText } = await client.rules.revision.query({ id: revision });
  const text = beforeText ?? "";
  const { tag } = await client.rules.plan.mutate({ text, mode: "merge" });
  await client.rules.write.mutate({ text, mode: "merge", tag, note, jobId: newJobId() });
}

export interface ClearedNoteProps {
  cleared: Cleared;
  /** for whoever gives the focus on: what was pressed to clear the table cannot be pressed any more */
  box: RefObject<HTMLElement | null>;
  onBack: () => void;
}

/** Said after the table was cleared, until it is back: what went, where it is kept, and the one click that brings it back. */
export function ClearedNote({ cleared, box, onBack }: ClearedNoteProps) {
  const t = useTranslations("directorPage.clear");
  const client = useTRPCClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const blocked = useEditBlock();
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);
  const { services, servers, revision } = cleared;

  async function back(id: number) {
    setRefused(null);
    setPending(true);
    const answered = await call(() => bringBack(client, id, t("backNote", { revision: String(id) })));
    setPending(false);
    if (answered.ok) {
      toast("success", t("isBack"));
      onBack();
    } else setRefused(answered.refusal);
  }

  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={t("doneTitle")}
      className="flex flex-wrap items-center gap-3 rounded-lg border border-up/40 bg-up-soft px-4 py-3 outline-none"
    >
      <CircleCheck className="size-5 shrink-0 text-up" aria-hidden="true" />
      <p role="status" className="min-w-0">
        {t("done", { services, servers })}
      </p>
      {revision !== null && (
        <div className="ml-auto flex flex-wrap gap-2">
          <Button size="sm" asChild>
            <Link href={`/rules?view=revisions&revision=${revision}`}>{t("toRevision", { id: String(revision) })}</Link>
          </Button>
          <Button size="sm" busy={pending} disabled={blocked !== null} onClick={() => void back(revision)}>
            <RotateCcw className="size-3.5" aria-hidden="true" />
            {t("back")}
          </Button>
        </div>
      )}
      {refused && <Alert className="w-full">{refusalText(refused)}</Alert>}
    </section>
  );
}
