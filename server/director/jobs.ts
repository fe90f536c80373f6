import { type BatchState, progressOf } from "#domain/batch/machine";
import type { JobProgress } from "#domain/revision";

/** Batches under way, by the names that their callers gave them. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();

  begin(id: string | undefined, total: number): Job {
    const job = new Job(total, () => {
      if (id !== undefined && this.#jobs.get(id) === job) this.#jobs.delete(id);
    });
    if (id !== undefined) this.#jobs.set(id, job);
    return job;
  }

  progress(id: string): JobProgress | null {
    return this.#jobs.get(id)?.progress ?? null;
  }

  /** Is there such a job? It is cancelled at the next chunk; when its last is on its way, it is done all the same. */
  cancel(id: string): boolean {
    const job = this.#jobs.get(id);
    if (job) job.isCancelled = true;
    return job !== undefined;
  }
}

export class Job {
  isCancelled = false;
  progress: JobProgress;
  readonly end: () => void;

  constructor(total: number, end: () => void) {
    this.progress = { done: 0, total, phase: "waiting" };
    this.end = end;
  }

  tell(state: BatchState): void {
    const { done, total, undoing } = progressOf(state);
    this.progress = { done, total, phase: undoing ? "undoing" : "writing" };
  }
}
