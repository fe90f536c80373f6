import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, vi } from "vitest";
import type { JobProgress } from "#domain/revision";
import { parseRules } from "#domain/rules/parse";
import type { PlanMode } from "#domain/rules/plan";
import type { RulesApplied, RulesPlan } from "#domain/rules-exchange";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, show } from "../people/console-harness.tsx";
import type { RuleEditorProps } from "./editor/rule-editor.tsx";
import { docOf } from "./rule-doc.ts";
import { RulesPage } from "./rules-page.tsx";

export const words = messages.rulesPage;
export const table = "-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 5\n";
const key = { kind: "address" as const, protocol: "tcp", address: "192.0.2.10", port: 80 };
const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };

function planOf(text: string, mode: PlanMode, parts: Partial<RulesPlan> = {}): RulesPlan {
  const { problems, warnings, listing } = parseRules(text);
  const changes: RulesPlan["changes"] = [
    {
      change: { verb: "edit-service", service: key, spec: { ...spec, scheduler: "rr" }, expected: spec } as never,
      line: 1,
    },
  ];
  const replaces = mode === "replace";
  if (replaces) changes.push({ change: { verb: "remove-service", service: key, expected: spec }, line: null });
  const plan: RulesPlan = {
    ...{ mode, listing, problems, warnings, names: [], refusals: [], kept: [], changes },
    counts: { "edit-service": 1, ...(replaces ? { "remove-service": 1 } : {}) },
    totals: { problems: problems.length, warnings: warnings.length, refusals: 0, changes: changes.length },
    ...{ tag: "tag-1", before: table, after: replaces ? "" : "-A -f 7 -s rr\n" },
    needs: replaces ? "admin" : "operator",
    ...parts,
  };
  return plan;
}

/** Where the page sent the cursor, in the order of calls. */
export const went = vi.fn();

/** In place of the editor: what CodeMirror does needs a browser that lays out, what the page does with it does not. */
export function FakeEditor({ label, doc, onEdit, remarks, handle }: RuleEditorProps) {
  Object.assign(handle ?? {}, { current: { goTo: went } });
  return (
    <>
      <textarea aria-label={label} value={doc.read()} onChange={(event) => onEdit(docOf(event.target.value))} />
      <output data-testid="marks">{remarks ? `${remarks.problems.length}/${remarks.warnings.length}` : "none"}</output>
    </>
  );
}

export function FakeDiff({ before, after }: { before: string; after: string }) {
  return <pre data-testid="diff">{`${before}→${after}`}</pre>;
}

const revision = {
  ...{ id: 12, atMs: Date.UTC(2026, 10, 1), by: { name: "", source: "outside" }, note: null, what: {} },
  ...{ before: "a", after: "b", outcome: "done", left: [], undoes: null },
};
export const done: RulesApplied = { changes: 1, revision: 12, confirmByMs: null };

/** A director with one service, and what it answers to plans and to what is done. */
export class FakeRules extends FakeConsole {
  /** laid over every plan */
  planned: Partial<RulesPlan> = {};
  write: () => unknown = () => done;
  progress: JobProgress | null = null;

  constructor() {
    super({
      "director.status": () => ({ host: "lb1", kind: "kernel" }),
      "rules.text": () => ({ text: table, tag: "tag-1", services: 1, servers: 1 }),
      "rules.plan": ({ text, mode }: { text: string; mode: PlanMode }) => planOf(text, mode, this.planned),
      "rules.write": () => this.write(),
      "rules.progress": () => this.progress,
      "rules.cancel": () => true,
      "rules.pending": () => null,
      "session.prove": () => ({ provedUntilMs: Date.now() + 600_000 }),
      "rules.boot": () => ({ savedAtMs: 5, drift: { added: 1, removed: 0 }, text: "-A -f 9 -s rr\n" }),
      "rules.revisions": () => ({ revisions: [revision], olderThanId: null }),
      "rules.revision": () => ({ ...revision, beforeText: "-A -f 1 -s rr\n", afterText: "-A -f 2 -s rr\n" }),
    });
  }

  /** The page with the table read: the text that was worked on outlives a look at another page otherwise. */
  async open(options: Parameters<typeof show>[1] = {}): Promise<void> {
    show(<RulesPage />, options);
    const reads = this.sent("rules.text").length;
    fireEvent.click(screen.getByText(words.readTable));
    await waitFor(() => expect(this.sent("rules.text").length).toBeGreaterThan(reads));
    await waitFor(() => expect(editor().value).toBe(table), { timeout: 4000 });
  }
}

export const editor = () => screen.getByLabelText<HTMLTextAreaElement>(words.editorLabel);
export const type = (text: string) => fireEvent.change(editor(), { target: { value: text } });
export const press = (name: string | RegExp, scope: HTMLElement = document.body) =>
  fireEvent.click(within(scope).getByRole("button", { name }));
export const appears = (text: string | RegExp) => screen.findByText(text, {}, { timeout: 4000 });

export async function showPlan(mode: "Run" | "Merge" | "Replace" = "Merge"): Promise<void> {
  fireEvent.click(screen.getByRole("radio", { name: mode }));
  press(words.showPlan);
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Plan: /), { timeout: 4000 });
}
