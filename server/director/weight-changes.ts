import type { DrainedWeights } from "./drained-weights.ts";
import type { JournalEntry } from "./memory.ts";
import type { Plan } from "./plan-batch.ts";

/** What a plan does to the weights that are kept for drained servers. */
export interface WeightChanges {
  /** to be kept before the first write: without it a server that is drained could not get its weight back */
  keep: Map<string, number>;
  /** to be forgotten once all is done */
  forget: Map<string, null>;
  /** both, as they were before */
  before: JournalEntry["drained"];
}

export function weightChanges(plan: Pick<Plan, "drained">, drained: Pick<DrainedWeights, "weightOf">): WeightChanges {
  const changes: WeightChanges = { keep: new Map(), forget: new Map(), before: [] };
  for (const [id, weight] of plan.drained) {
    const kept = drained.weightOf(id);
    if (weight === kept) continue;
    changes.before.push([id, kept]);
    if (weight === null) changes.forget.set(id, null);
    else changes.keep.set(id, weight);
  }
  return changes;
}
