import { formatChange } from "#domain/rules/format";
import type { TextPlan } from "../rules/plan-text.ts";

/** A plan for a terminal: one line a change, as the ipvsadm command that would do it, with the line that asks for it. */
export function planLines({ batch }: Pick<TextPlan, "batch">): string {
  if (batch.length === 0) return "Nothing to do: the table is as the text says.\n";
  const width = batch.reduce((most, { line }) => Math.max(most, String(line ?? "").length), 0);
  return batch.map(({ line, change }) => `${String(line ?? "").padStart(width)}  ${formatChange(change)}\n`).join("");
}
