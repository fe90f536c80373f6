import fc from "fast-check";
import { expect, it } from "vitest";
import { differences, host, ModelKernel, rows, step } from "./batch-model.ts";
import type { Step } from "./command.ts";
import { copyOfHost, type HostState } from "./host-state.ts";
import { type Batch, type BatchState, type Effect, type Event, newBatch, next, type Outcome } from "./machine.ts";
import { Moves } from "./moves.ts";
import { packMoves, unpackMoves } from "./packed-moves.ts";
import { stepName } from "./step-name.ts";
import { Rehearsal } from "./trail.ts";

/** What goes wrong at one moment: `at` counts the steps that reach the kernel and the moments between effects. */
interface Fault {
  at: number;
  kind: "kill" | "refuse" | "lose" | "cancel" | "foreign" | "unreadable";
  foreign: Step;
}

interface Planned extends Batch {
  moves: Moves;
}

const trailsIn = (journal: string) => () => unpackMoves(journal).trails();

class Killed extends Error {}

class World {
  readonly kernel: ModelKernel;
  journal: string | null = null;
  restarts = 0;
  zeroed = false;
  cancelled = false;
  readonly touched = new Set<string>();
  readonly #faults: Fault[];
  #moment = 0;

  constructor(found: HostState, faults: readonly Fault[]) {
    this.kernel = new ModelKernel(found);
    this.#faults = [...faults];
  }

  run(batch: Batch): Outcome | null {
    let first: Event = { event: "start" };
    let state = newBatch(batch);
    for (;;) {
      try {
        return this.#until(state, first);
      } catch (thrown) {
        if (!(thrown instanceof Killed)) throw thrown;
        if (this.journal === null) return null;
        this.restarts++;
        state = newBatch({ steps: [], trails: trailsIn(this.journal) });
        first = { event: "recover" };
      }
    }
  }

  #until(begun: BatchState, first: Event): Outcome {
    let { state, effect } = next(begun, first);
    for (let turns = 0; effect; turns++) {
      if (turns > 500) throw new Error("never ends");
      this.#moments();
      if (this.cancelled) {
        this.cancelled = false;
        state = next(state, { event: "cancel" }).state;
      }
      if (effect.effect === "end") {
        if (effect.outcome.kind !== "unsettled") this.journal = null;
        this.#moments();
        return effect.outcome;
      }
      const happened = this.#do(effect, state);
      ({ state, effect } = next(state, happened));
    }
    throw new Error("ended without an outcome");
  }

  #do(effect: Exclude<Effect, { effect: "end" }>, state: BatchState): Event {
    if (effect.effect === "journal") {
      this.journal = packMoves((state.batch as Planned).moves);
      this.#moments();
      return { event: "journalled" };
    }
    if (effect.effect === "read") {
      if (this.#take("unreadable")) return { event: "unreadable" };
      return { event: "read", now: copyOfHost(this.kernel.host) };
    }
    const refused: number[] = [];
    for (const [at, one] of effect.steps.entries()) {
      if (this.#take("lose")) return { event: "lost" };
      const refuse = this.#take("refuse");
      if (one.command === "zero" && !refuse) this.zeroed = true;
      if (refuse || !this.kernel.take(one)) refused.push(at);
      this.#moments();
    }
    return { event: "answered", refused };
  }

  /** Kills and foreign writes come at any moment; the others wait for theirs. */
  #moments(): void {
    this.#moment++;
    if (this.#take("cancel")) this.cancelled = true;
    for (let foreign = this.#due("foreign"); foreign; foreign = this.#due("foreign")) this.#foreign(foreign.foreign);
    if (this.#take("kill")) throw new Killed();
  }

  #foreign(command: Step): void {
    const before = rows(this.kernel.host);
    if (!this.kernel.take(command)) return;
    const after = rows(this.kernel.host);
    this.touched.add(stepName(command));
    for (const name of [...before.keys(), ...after.keys()])
      if (before.has(name) !== after.has(name)) this.touched.add(name);
    // Servers that could stand in a service that went, or came, stand and fall with it.
    if (command.command.endsWith("-service") && command.command !== "set-service")
      this.touched.add(`${stepName(command)}>`);
    if (command.command === "flush") this.touched.add("*");
  }

  isTouched(name: string): boolean {
    return (
      this.touched.has("*") ||
      this.touched.has(name) ||
      [...this.touched].some((each) => each.endsWith(">") && name.startsWith(each))
    );
  }

  #take(kind: Fault["kind"]): boolean {
    return this.#due(kind) !== undefined;
  }

  #due(kind: Fault["kind"]): Fault | undefined {
    const at = this.#faults.findIndex((fault) => fault.kind === kind && fault.at <= this.#moment);
    return at < 0 ? undefined : this.#faults.splice(at, 1)[0];
  }
}

/** Steps that fit one after the other on what is found, as a planner makes them; some of them set counters to 0 at the end. */
function batchOf(
  found: HostState,
  candidates: readonly Step[],
  zeros: number,
  chunkSteps = 5,
): { batch: Planned; planned: HostState } {
  const rehearsal = new Rehearsal(found);
  const kernel = new ModelKernel(found);
  const steps = candidates.filter((candidate) => {
    if (!kernel.take(candidate)) return false;
    rehearsal.play(candidate);
    return true;
  });
  for (let zero = 0; zero < zeros; zero++) steps.push({ command: "zero", service: null });
  const moves = new Moves(found, steps);
  return { batch: { steps, moves, trails: () => moves.trails(), chunkSteps }, planned: rehearsal.after };
}

const anyFault = (kinds: readonly Fault["kind"][]) =>
  fc.record<Fault>({ at: fc.integer({ min: 0, max: 24 }), kind: fc.constantFrom(...kinds), foreign: step });
const candidates = fc.array(step, { minLength: 1, maxLength: 40 });
const zeros = fc.integer({ min: 0, max: 2 });
const chunkSteps = fc.integer({ min: 1, max: 40 });

it("ends as found or as planned, whatever is killed, refused, lost or cancelled at whatever step, and the journal with it", () => {
  const faults = fc.array(anyFault(["kill", "refuse", "lose", "cancel"]), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(host, candidates, zeros, chunkSteps, faults, (found, some, zeroCount, chunk, wrong) => {
      const { batch, planned } = batchOf(found, some, zeroCount, chunk);
      const world = new World(found, wrong);
      const outcome = world.run(batch);
      const now = world.kernel.host;
      if (outcome?.kind === "done") expect(differences(now, planned)).toEqual([]);
      else if (outcome?.kind === "undone") {
        expect(differences(now, found)).toEqual([]);
        expect(outcome.left).toEqual([]);
        const { because } = outcome;
        const zeroAt = batch.steps.findIndex(({ command }) => command === "zero");
        if (because.kind === "refused" && because.at < zeroAt) expect(world.zeroed).toBe(false);
      } else expect([differences(now, found).length, differences(now, planned).length]).toContain(0);
      expect(world.journal).toBeNull();
    }),
    { numRuns: 3000 },
  );
});

it("leaves rows alone that somebody else moved, names them, and brings all others to one and the same side", () => {
  const faults = fc.tuple(
    fc.array(anyFault(["foreign"]), { minLength: 1, maxLength: 3 }),
    fc.array(anyFault(["kill", "refuse", "lose", "cancel"]), { maxLength: 2 }),
  );
  fc.assert(
    fc.property(host, candidates, chunkSteps, faults, (found, some, chunk, [foreign, wrong]) => {
      const { batch, planned } = batchOf(found, some, 0, chunk);
      const world = new World(found, [...foreign, ...wrong]);
      const outcome = world.run(batch);
      if (outcome === null || outcome.kind === "unsettled") return;
      const named = outcome.kind === "done" ? outcome.moved : outcome.left;
      const off = differences(world.kernel.host, outcome.kind === "done" ? planned : found);
      const mine = off.filter((name) => !world.isTouched(name));
      // A service of ours with somebody else's server in it stays, and says so.
      for (const name of mine) {
        expect(named).toContain(name);
        expect([...world.touched].some((each) => each.startsWith(`${name}>`))).toBe(true);
      }
      expect(world.journal).toBeNull();
    }),
    { numRuns: 3000 },
  );
});

it("keeps the journal while the kernel does not answer, and settles when it does again", () => {
  fc.assert(
    fc.property(host, candidates, fc.integer({ min: 0, max: 30 }), (found, some, at) => {
      const { batch, planned } = batchOf(found, some, 0);
      fc.pre(batch.steps.length > 1);
      const nothing: Step = { command: "zero", service: null };
      const world = new World(found, [
        { at, kind: "lose", foreign: nothing },
        { at, kind: "unreadable", foreign: nothing },
      ]);
      const outcome = world.run(batch);
      if (outcome?.kind !== "unsettled") return;
      expect(world.journal).not.toBeNull();
      const later = new World(world.kernel.host, []);
      later.journal = world.journal;
      let { state, effect } = next(newBatch({ steps: [], trails: trailsIn(world.journal as string) }), {
        event: "recover",
      });
      while (effect && effect.effect !== "end") {
        const happened: Event =
          effect.effect === "read"
            ? { event: "read", now: copyOfHost(later.kernel.host) }
            : { event: "answered", refused: effect.effect === "write" ? refusedOf(later.kernel, effect.steps) : [] };
        ({ state, effect } = next(state, happened));
      }
      const settled = effect?.effect === "end" ? effect.outcome.kind : null;
      expect(differences(later.kernel.host, settled === "done" ? planned : found)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

function refusedOf(kernel: ModelKernel, steps: readonly Step[]): number[] {
  return steps.flatMap((one, at) => (kernel.take(one) ? [] : [at]));
}

it("asks for no journal and no look at the table for a single step", () => {
  const found: HostState = { services: new Map(), timeouts: null, daemons: null };
  const key = { kind: "fwmark", family: 4, mark: 1 } as const;
  const settings = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  const { batch } = batchOf(found, [{ command: "new-service", service: key, spec: settings }], 0);
  const begun = next(newBatch(batch), { event: "start" });
  expect(begun.effect).toEqual({ effect: "write", steps: batch.steps });
  expect(next(begun.state, { event: "answered", refused: [] }).effect).toEqual({
    effect: "end",
    outcome: { kind: "done", moved: [] },
  });
  expect(next(begun.state, { event: "answered", refused: [0] }).effect).toEqual({
    effect: "end",
    outcome: { kind: "undone", because: { kind: "refused", at: 0 }, left: [] },
  });
});

it("does not write at all what cannot be journalled", () => {
  const steps: Step[] = [{ command: "flush" }, { command: "flush" }];
  const begun = next(newBatch({ steps, trails: () => ({ services: [], timeouts: [], daemons: [] }) }), {
    event: "start",
  });
  expect(begun.effect).toEqual({ effect: "journal" });
  expect(next(begun.state, { event: "not-journalled" }).effect).toEqual({
    effect: "end",
    outcome: { kind: "undone", because: { kind: "not-journalled" }, left: [] },
  });
});
