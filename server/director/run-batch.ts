import type { Step } from "#domain/batch/command";
import {
  type Batch,
  type BatchState,
  type Effect,
  type Event,
  newBatch,
  next,
  type Outcome,
} from "#domain/batch/machine";
import type { DrainedWeights } from "./drained-weights.ts";
import type { Ipvs, Refusal } from "./ipvs.ts";
import { readHost, wantedFor } from "./read-host.ts";
import { writeSteps } from "./write-steps.ts";

export interface RunOptions {
  ipvs: Ipvs;
  drained: Pick<DrainedWeights, "weightOf">;
  batch: Batch;
  begin: Extract<Event, { event: "start" | "recover" | "put-back" }>;
  /** keeps what the batch moves on disk; rejects when that cannot be */
  journal: () => Promise<void>;
  /** who follows it, and may cancel it */
  job?: { readonly isCancelled: boolean; tell(state: BatchState): void };
}

export interface Ran {
  outcome: Outcome;
  /** what the kernel said to the step that was refused first */
  refusal: Refusal | null;
  /** what cut the batch short: a lost answer, a journal that could not be written */
  thrown: unknown;
}

/** Runs the machine of domain/batch against a kernel. Never rejects: what went wrong is in the outcome. */
export async function runBatch({ ipvs, drained, batch, begin, journal, job }: RunOptions): Promise<Ran> {
  const told: Omit<Ran, "outcome"> = { refusal: null, thrown: null };

  const written = async (steps: readonly Step[], phase: BatchState["phase"]): Promise<Event> => {
    try {
      const answers = await writeSteps(ipvs, steps);
      const refused = answers.flatMap((refusal, at) => (refusal ? [at] : []));
      if (phase === "writing") told.refusal = answers[refused[0] ?? 0] ?? null;
      // Between two chunks others are heard: a cancel, someone who asks how far it is, the next sample.
      if (steps.length > 1) await new Promise(setImmediate);
      return { event: "answered", refused };
    } catch (thrown) {
      told.thrown ??= thrown;
      return { event: "lost" };
    }
  };

  const read = async (): Promise<Event> => {
    try {
      return { event: "read", now: (await readHost(ipvs, wantedFor(batch.trails()), drained)).host };
    } catch (thrown) {
      told.thrown ??= thrown;
      return { event: "unreadable" };
    }
  };

  const journalled = (): Promise<Event> =>
    journal().then(
      (): Event => ({ event: "journalled" }),
      (thrown: unknown): Event => {
        told.thrown = thrown;
        return { event: "not-journalled" };
      },
    );

  const perform = (effect: Exclude<Effect, { effect: "end" }>, phase: BatchState["phase"]): Promise<Event> => {
    if (effect.effect === "journal") return journalled();
    return effect.effect === "read" ? read() : written(effect.steps, phase);
  };

  let { state, effect } = next(newBatch(batch), begin);
  while (effect && effect.effect !== "end") {
    job?.tell(state);
    const happened = await perform(effect, state.phase);
    if (job?.isCancelled && !state.cancelled) state = next(state, { event: "cancel" }).state;
    ({ state, effect } = next(state, happened));
  }
  if (!effect) throw new Error("a batch ended without an outcome");
  return { outcome: effect.outcome, ...told };
}
