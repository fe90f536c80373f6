import { isSetting, type Step } from "./command.ts";
import type { HostState } from "./host-state.ts";
import { Rehearsal, type States, type Trails } from "./trail.ts";

/**
 * What a batch moves: the host as it was found, and the steps. It is all that has to be kept to undo it (packed-moves.ts);
 * the trails are made of it when one has to look where the rows are, which a batch that meets no trouble never does.
 */
export class Moves {
  /** what the steps are about, as it was before the first of them; nobody may change it */
  readonly found: HostState;
  readonly steps: readonly Step[];
  #trails: Trails | undefined;

  constructor(found: HostState, steps: readonly Step[]) {
    this.found = found;
    this.steps = steps;
  }

  /** Every state that each row goes through. */
  trails(): Trails {
    this.#trails ??= this.#rehearsed();
    return this.#trails;
  }

  #rehearsed(): Trails {
    const rehearsal = new Rehearsal(this.found);
    for (const step of this.steps) rehearsal.play(step);
    return rehearsal.trails();
  }

  /** Does a row, a timeout or a daemon go through more than one state? */
  moveSomething(): boolean {
    if (this.steps.some(makesOrRemoves)) return true;
    const { services, timeouts, daemons } = this.trails();
    const moves = (states: States<unknown>) => states.length > 1;
    return (
      moves(timeouts) ||
      daemons.some(({ states }) => moves(states)) ||
      services.some(({ states, servers }) => moves(states) || servers.some((server) => moves(server.states)))
    );
  }
}

/** Of a row: such a step is never one that leaves everything as it was. */
function makesOrRemoves(step: Step): boolean {
  return !isSetting(step) && (step.command.startsWith("new-") || step.command.startsWith("delete-"));
}
