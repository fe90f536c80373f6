import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Logger } from "pino";
import { DirectorError } from "#domain/errors";
import type { DrainedChanges, DrainedWeights, DrainedWeightsStore } from "../director/drained-weights.ts";
import type { Ipvs } from "../director/ipvs.ts";
import { openDatabase } from "./open-database.ts";

interface DirectorTables {
  drained_weight: { kind: string; server: string; weight: number };
}

const migrations: Record<string, Migration> = {
  "001-drained-weight": {
    up: async (database) => {
      await database.schema
        .createTable("drained_weight")
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("server", "text", (column) => column.notNull())
        .addColumn("weight", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("drained_weight_key", ["kind", "server"])
        .execute();
    },
  },
};

/** What the director remembers of its own, in director.sqlite. */
export interface DirectorStore extends DrainedWeightsStore {
  close(): Promise<void>;
}

/**
 * Opens director.sqlite. Never rejects: a table can be watched and changed without it. When the file is damaged or
 * cannot be written it is left as it is, the log says why once, no weight is known, and keeping one is STORE_FAILED.
 */
export async function openDirectorStore(path: string, log: Pick<Logger, "error">): Promise<DirectorStore> {
  let database: Kysely<DirectorTables> | undefined;
  try {
    database = await openDatabase<DirectorTables>(path, migrations);
    const rows = await database.selectFrom("drained_weight").selectAll().execute();
    return new SqliteStore(database, rows, log);
  } catch (error) {
    await database?.destroy();
    log.error({ err: error, path }, "drained weights cannot be kept: the state file cannot be used");
    return { drainedWeights: () => new NoDrainedWeights(error), close: async () => {} };
  }
}

class SqliteStore implements DirectorStore {
  readonly #database: Kysely<DirectorTables>;
  readonly #rows: readonly DirectorTables["drained_weight"][];
  readonly #log: Pick<Logger, "error">;

  constructor(
    database: Kysely<DirectorTables>,
    rows: readonly DirectorTables["drained_weight"][],
    log: Pick<Logger, "error">,
  ) {
    this.#database = database;
    this.#rows = rows;
    this.#log = log;
  }

  drainedWeights(kind: Ipvs["kind"]): DrainedWeights {
    const mine = this.#rows.filter((row) => row.kind === kind).map((row) => [row.server, row.weight] as const);
    return new SqliteDrainedWeights(this.#database, kind, new Map(mine), this.#log);
  }

  async close(): Promise<void> {
    await this.#database.destroy();
  }
}

class SqliteDrainedWeights implements DrainedWeights {
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
class NoDrainedWeights implements DrainedWeights {
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

function storeFailed(cause: unknown): DirectorError {
  return new DirectorError(
    "STORE_FAILED",
    { params: { detail: cause instanceof Error ? cause.message : String(cause) } },
    cause,
  );
}
