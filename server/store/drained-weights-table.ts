import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { DrainedChanges, DrainedWeights } from "../director/drained-weights.ts";
import type { DirectorTables } from "./director-tables.ts";
import { storeFailed } from "./store-failed.ts";

/** The weights of drained servers in director.sqlite, read from memory. */
export class SqliteDrainedWeights implements DrainedWeights {
  readonly #database: Kysely<DirectorTables>;
  readonly #kind: string;
  readonly #weights: Map<string, number>;
  readonly #log: Pick<Logger, "error">;

  constructor(
    database: Kysely<DirectorTables>,
    kind: string,
    weights: Map<string, number>,
    log: Pick<Logger, "error">,
  ) {
    this.#database = database;
    this.#kind = kind;
    this.#weights = weights;
    this.#log = log;
  }

  weightOf(serverId: string): number | null {
    return this.#weights.get(serverId) ?? null;
  }

  ids(): Iterable<string> {
    return this.#weights.keys();
  }

  async write(changes: DrainedChanges): Promise<void> {
    const kind = this.#kind;
    try {
      await this.#database.transaction().execute(async (transaction) => {
        for (const [server, weight] of changes) {
          if (weight === null) {
            await transaction
              .deleteFrom("drained_weight")
              .where("kind", "=", kind)
              .where("server", "=", server)
              .execute();
          } else {
            const row = { kind, server, weight };
            await transaction.replaceInto("drained_weight").values(row).execute();
          }
        }
      });
    } catch (error) {
      this.#log.error({ err: error }, "drained weights cannot be kept: the state file cannot be written");
      throw storeFailed(error);
    }
    for (const [server, weight] of changes) {
      if (weight === null) this.#weights.delete(server);
      else this.#weights.set(server, weight);
    }
  }
}

/** In place of a file that cannot be used. */
export class NoDrainedWeights implements DrainedWeights {
  readonly #because: unknown;

  constructor(because: unknown) {
    this.#because = because;
  }

  weightOf(): null {
    return null;
  }

  ids(): Iterable<string> {
    return [];
  }

  async write(): Promise<void> {
    throw storeFailed(this.#because);
  }
}
