import { isSetting, type Step } from "./command.ts";
import type { HostState } from "./host-state.ts";
import { stepName } from "./step-name.ts";
import { rowsOf, type Trails } from "./trail.ts";
import { isDone, undo } from "./undo.ts";

/**
 * How a batch gets done, all of it or nothing, as a pure machine: whoever runs it (the director, a test with a model of a
 * kernel) hands in what happened and does the one thing that it asks for.
 *
 * Steps are written in pipelined chunks, in which those behind a refused one are done all the same; so what a refusal, a
 * lost answer or a kill left behind is always read from the table and never reckoned.
 */
export interface Batch {
  /** those that set counters to 0 last: they cannot be undone, so they come when all else is there */
  steps: readonly Step[];
  /** asked for when it has to be looked where the rows are */
  trails: () => Trails;
  /** how many steps are pipelined at most; between two chunks progress is told and a cancel is heard */
  chunkSteps?: number;
  /** keep the trails of a single step too: it may be put back later */
  journalAlways?: boolean;
}

/** Why a batch is undone: the refused step's place in it, or what cut it short. */
export type Because =
  | { kind: "refused"; at: number }
  | { kind: "lost" | "cancelled" | "killed" | "asked" | "not-journalled" };

export type Outcome =
  /** `moved`: rows that are not as planned because somebody else has moved them since */
  | { kind: "done"; moved: string[] }
  /** the host is as it was found, but for the rows named in `left`: moved by somebody else, or refused by the kernel */
  | { kind: "undone"; because: Because; left: string[] }
  /** the kernel does not answer: nobody knows; the journal stays for a later try */
  | { kind: "unsettled"; because: Because; left: string[] };

export type Event =
  | { event: "start" }
  /** after a restart in the middle of it: done if all of it is there, undone otherwise */
  | { event: "recover" }
  /** undone in any case, long after it was done */
  | { event: "put-back" }
  | { event: "journalled" }
  | { event: "not-journalled" }
  /** `refused`: which steps of the chunk, counted from 0 */
  | { event: "answered"; refused: readonly number[] }
  /** nobody knows which steps of the chunk were done */
  | { event: "lost" }
  | { event: "read"; now: HostState }
  | { event: "unreadable" }
  /** too late once the last chunk is on its way */
  | { event: "cancel" };

export type Effect =
  /** keep the trails where a restart finds them */
  | { effect: "journal" }
  | { effect: "write"; steps: readonly Step[] }
  | { effect: "read" }
  /** forget the journal unless the outcome is "unsettled" */
  | { effect: "end"; outcome: Outcome };

export interface BatchState {
  readonly batch: Batch;
  readonly phase: "new" | "journalling" | "writing" | "reading" | "undoing" | "ended";
  /** steps behind us, of `batch.steps` or of `undoing` */
  readonly done: number;
  readonly cancelled: boolean;
  readonly because: Because | null;
  readonly undoing: readonly Step[];
  readonly left: readonly string[];
  /** how often undoing was begun */
  readonly rounds: number;
}

interface Transition {
  state: BatchState;
  effect: Effect | null;
}

const usualChunkSteps = 1000;
/** Another manager may move a row between our look and our write; then we look again, this often. */
export const maxRounds = 3;

export function newBatch(batch: Batch): BatchState {
  const nothing = { done: 0, cancelled: false, because: null, undoing: [], left: [], rounds: 0 };
  return { batch, phase: "new", ...nothing };
}

/** One step of the machine. An event that cannot come in this phase is a mistake in the caller and throws. */
export function next(state: BatchState, happened: Event): Transition {
  switch (happened.event) {
    case "cancel":
      return { state: { ...state, cancelled: true }, effect: null };
    case "start":
      // One step is done by the kernel whole or not at all.
      return state.batch.steps.length > 1 || state.batch.journalAlways
        ? { state: { ...state, phase: "journalling" }, effect: { effect: "journal" } }
        : write({ ...state, phase: "writing" });
    case "recover":
      return look({ ...state, because: { kind: "killed" } });
    case "put-back":
      return look({ ...state, because: { kind: "asked" } });
    case "journalled":
      return state.cancelled
        ? end(state, { kind: "undone", because: { kind: "cancelled" }, left: [] })
        : write({ ...state, phase: "writing" });
    case "not-journalled":
      return end(state, { kind: "undone", because: { kind: "not-journalled" }, left: [] });
    case "answered":
      return state.phase === "undoing" ? undone(state, happened.refused) : written(state, happened.refused);
    case "lost":
      return state.phase === "undoing"
        ? again(state, namesOf(chunkOf(state)))
        : look({ ...state, because: { kind: "lost" } });
    case "read":
      return looked(state, happened.now);
    case "unreadable":
      return end(state, unsettled(state, rowsOf(state.batch.trails())));
  }
}

/** How far it is, for a progress bar. */
export function progressOf({ phase, batch, done, undoing }: BatchState): {
  done: number;
  total: number;
  undoing: boolean;
} {
  const backwards = phase === "undoing";
  return { done, total: backwards ? undoing.length : batch.steps.length, undoing: backwards };
}

/** Steps that one write takes: pipelined, but for settings, which are calls of their own, and zeros, which wait for all else. */
export function chunkOf({
  phase,
  batch,
  done,
  undoing,
}: Pick<BatchState, "phase" | "batch" | "done" | "undoing">): readonly Step[] {
  const steps = phase === "undoing" ? undoing : batch.steps;
  const first = steps[done];
  if (!first) return [];
  if (isSetting(first)) return [first];
  const { chunkSteps = usualChunkSteps } = batch;
  let to = done + 1;
  const fits = (step: Step | undefined) =>
    step && !isSetting(step) && (step.command === "zero") === (first.command === "zero");
  while (to - done < chunkSteps && fits(steps[to])) to++;
  return steps.slice(done, to);
}

function write(state: BatchState): Transition {
  const steps = chunkOf(state);
  if (steps.length > 0) return { state, effect: { effect: "write", steps } };
  if (state.phase === "writing") return end(state, { kind: "done", moved: [] });
  return end(state, { kind: "undone", because: becauseOf(state), left: named(state.left) });
}

function written(state: BatchState, refused: readonly number[]): Transition {
  const [first] = refused;
  if (first !== undefined) {
    const because = { kind: "refused", at: state.done + first } as const;
    if (state.batch.steps.length === 1) return end(state, { kind: "undone", because, left: [] });
    return look({ ...state, because });
  }
  const done = state.done + chunkOf(state).length;
  if (state.cancelled && done < state.batch.steps.length)
    return look({ ...state, done, because: { kind: "cancelled" } });
  return write({ ...state, done });
}

const look = (state: BatchState): Transition => ({ state: { ...state, phase: "reading" }, effect: { effect: "read" } });

function looked(state: BatchState, now: HostState): Transition {
  const { batch, because } = state;
  if ((because?.kind === "lost" || because?.kind === "killed") && state.rounds === 0 && isDone(now, batch.trails())) {
    const { moved } = undo(now, batch.trails());
    const zeros = batch.steps.findIndex(({ command }) => command === "zero");
    if (because.kind === "killed" || zeros < 0) return end(state, { kind: "done", moved: named(moved) });
    // Counters that may or may not be 0 cannot be told from the table: what was lost among them is not asked for twice.
    if (state.done < zeros) return write({ ...state, phase: "writing", because: null, done: zeros });
  }
  const { steps, moved } = undo(now, batch.trails());
  return write({ ...state, phase: "undoing", undoing: steps, done: 0, left: moved, rounds: state.rounds + 1 });
}

function undone(state: BatchState, refused: readonly number[]): Transition {
  const chunk = chunkOf(state);
  const names = namesOf(refused.flatMap((at) => chunk[at] ?? []));
  if (names.length > 0 && state.rounds < maxRounds) return look(state);
  return write({ ...state, done: state.done + chunk.length, left: [...state.left, ...names] });
}

function again(state: BatchState, names: readonly string[]): Transition {
  return state.rounds < maxRounds ? look(state) : end(state, unsettled(state, [...state.left, ...names]));
}

const unsettled = (state: BatchState, left: readonly string[]): Outcome => ({
  kind: "unsettled",
  because: becauseOf(state),
  left: named(left),
});

function end(state: BatchState, outcome: Outcome): Transition {
  return { state: { ...state, phase: "ended" }, effect: { effect: "end", outcome } };
}

function becauseOf({ because }: BatchState): Because {
  if (!because) throw new Error("a batch is undone for no reason");
  return because;
}

const named = (names: readonly string[]) => [...new Set(names)];
const namesOf = (steps: readonly Step[]) => steps.map(stepName);
