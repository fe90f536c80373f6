import { DirectorError } from "#domain/errors";
import type { DrainedChanges, DrainedWeights } from "../drained-weights.ts";

/** Drained weights that end with the test, and a disk that can be full. */
export class MemoryDrainedWeights implements DrainedWeights {
  readonly #weights = new Map<string, number>();
  broken = false;

  weightOf(serverId: string): number | null {
    return this.#weights.get(serverId) ?? null;
  }

  ids(): Iterable<string> {
    return this.#weights.keys();
  }

  async write(changes: DrainedChanges): Promise<void> {
    if (this.broken) throw new DirectorError("STORE_FAILED", { params: { detail: "disk full" } });
    for (const [id, weight] of changes) {
      if (weight === null) this.#weights.delete(id);
      else this.#weights.set(id, weight);
    }
  }
}
