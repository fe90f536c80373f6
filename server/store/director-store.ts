import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { DrainedWeights, DrainedWeightsStore } from "../director/drained-weights.ts";
import type { Ipvs } from "../director/ipvs.ts";
import type { DirectorMemory } from "../director/memory.ts";
import { NoMemory, SqliteMemory } from "./director-memory.ts";
import { type DirectorTables, directorMigrations } from "./director-tables.ts";
import { NoDrainedWeights, SqliteDrainedWeights } from "./drained-weights-table.ts";
import { openDatabase } from "./open-database.ts";

/** What the director remembers of its own, in director.sqlite. */
export interface DirectorStore extends DrainedWeightsStore {
  /** what belongs to one kind of table, so that a simulated one never speaks for the host's */
  memory(kind: Ipvs["kind"]): DirectorMemory;
  close(): Promise<void>;
}

/**
 * Opens director.sqlite. Never rejects: a table can be watched and changed without it. When the file is damaged or
 * cannot be written it is left as it is, the log says why once, nothing is remembered, and keeping something is STORE_FAILED.
 */
export async function openDirectorStore(path: string, log: Pick<Logger, "error">): Promise<DirectorStore> {
  let database: Kysely<DirectorTables> | undefined;
  try {
    database = await openDatabase<DirectorTables>(path, directorMigrations);
    const rows = await database.selectFrom("drained_weight").selectAll().execute();
    return new SqliteStore(database, rows, log);
  } catch (error) {
    await database?.destroy();
    log.error({ err: error, path }, "drained weights cannot be kept: the state file cannot be used");
    return {
      drainedWeights: () => new NoDrainedWeights(error),
      memory: () => new NoMemory(error),
      close: async () => {},
    };
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

  memory(kind: Ipvs["kind"]): DirectorMemory {
    return new SqliteMemory(this.#database, kind);
  }

  async close(): Promise<void> {
    await this.#database.destroy();
  }
}
