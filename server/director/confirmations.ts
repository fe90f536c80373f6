import { DirectorError } from "#domain/errors";
import type { PendingConfirm, RevisionDoer } from "#domain/revision";
import type { Batches, Written } from "./batches.ts";
import type { ArmedEntry, DirectorMemory } from "./memory.ts";
import type { WriterLock } from "./writer-lock.ts";

/** How long to wait before a kernel that did not answer is asked again to take the old table. */
const againMs = 5000;

export interface ConfirmationsOptions {
  batches: Batches;
  memory: DirectorMemory;
  lock: WriterLock;
  wallMs: () => number;
}

/**
 * The change that waits for its confirmation, one at a time. Its deadline is on disk before the caller hears of it; when
 * it passes, the old table comes back, in this process or in the next one.
 */
export class Confirmations {
  readonly #options: ConfirmationsOptions;
  #armed: ArmedEntry | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ConfirmationsOptions) {
    this.#options = options;
  }

  pending(): PendingConfirm | null {
    if (!this.#armed) return null;
    const { revision, by, note, atMs, confirmBy } = this.#armed;
    return { revision, by, note, atMs, confirmBy };
  }

  /** What waited when the process before this one ended. Called under the writer lock. */
  async recover(bootId: string): Promise<void> {
    const { memory } = this.#options;
    const armed = await memory.armed();
    if (armed?.bootId === bootId) this.arm(armed);
    else if (armed)
      await memory.settle({ armed: "forget", outcome: { id: armed.revision, outcome: "done", left: [] } });
  }

  /** From now on the clock runs. A wall clock that was set back gives no more time than was asked for. */
  arm(armed: ArmedEntry): void {
    this.#armed = armed;
    const leftMs = armed.confirmBy - this.#options.wallMs();
    this.#wait(Math.min(Math.max(leftMs, 0), (armed.confirmS ?? 0) * 1000));
  }

  /** Keeps the change. Rejects with NOT_PENDING when it is not waiting (any more), STORE_FAILED when the disk does not take it: then it still waits. */
  confirm(revision: number): Promise<void> {
    return this.#options.lock.run(async () => {
      this.#waiting(revision);
      const outcome = { id: revision, outcome: "confirmed", left: [] } as const;
      await this.#options.memory.settle({ armed: "forget", outcome: { ...outcome, left: [] } });
      this.#disarm();
    });
  }

  /** Puts the old table back now. Rejects with NOT_PENDING. Answers rows that are not as before because somebody else moved them. */
  rollBackNow(revision: number, by?: RevisionDoer): Promise<void> {
    return this.#putBack(() => this.#waiting(revision), by);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #waiting(revision: number): ArmedEntry {
    if (this.#armed?.revision !== revision) throw new DirectorError("NOT_PENDING");
    return this.#armed;
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#putBack(() => this.#armed).catch(() => this.#armed && this.#wait(againMs));
    }, ms);
  }

  #putBack(which: () => ArmedEntry | null, by?: RevisionDoer): Promise<void> {
    let written: Written | null = null;
    return this.#options.lock.run(
      async () => {
        const armed = which();
        if (!armed) return;
        written = await this.#options.batches.putBack(armed, by);
        this.#disarm();
      },
      async () => written?.complete(),
    );
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#armed = null;
  }
}
