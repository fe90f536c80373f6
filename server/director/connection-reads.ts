import {
  type ConnectionPage,
  type ConnectionQuery,
  connectionQuerySchema,
  type ReadProgress,
} from "#domain/connection";
import {
  longestReadBudgetMs,
  maxConnectionGroups,
  maxHeldConnections,
  usualReadBudgetMs,
} from "#domain/connection-query";
import { gaugesPerRow } from "#domain/counters";
import { DirectorError } from "#domain/errors";
import type { TableRow } from "#domain/table";
import type { ConnectionSource, OpenRead } from "./connection-source.ts";
import { type Asking, type Clocks, HeldRead, type Work } from "./held-read.ts";
import type { Snapshot } from "./ipvs.ts";
import { persistentServices } from "./persistent-services.ts";
import { asked, valid } from "./valid.ts";
import { WriterLock } from "./writer-lock.ts";

/** What is kept of reads, and for how long. */
const usualLimits = {
  /** and one more while it is under way: 40 MB each at most, with the texts of engines and what templates hold */
  reads: 4,
  /** of one read */
  rows: maxHeldConnections,
  groups: maxConnectionGroups,
  /** that all reads hold together: 19 MB */
  allRows: 300_000,
  /** since it was looked at last */
  lifetimeMs: 60_000,
  /** reads that wait for another one to end */
  waiting: 8,
  /** one that goes on and on lets others go before it after this long */
  turnMs: longestReadBudgetMs,
};

/** The table as a read begins. */
export interface TableFacts {
  rows: readonly TableRow[];
  /** active and inactive ones of all services */
  connections: number;
}

export function factsOf({ rows, gauges }: Pick<Snapshot, "rows" | "gauges">): TableFacts {
  const at = (row: number) => (gauges[row * gaugesPerRow] ?? 0) + (gauges[row * gaugesPerRow + 1] ?? 0);
  const connections = rows.reduce((sum, { kind }, row) => (kind === "service" ? sum + at(row) : sum), 0);
  return { rows, connections };
}

export interface ConnectionReadsOptions extends Clocks {
  source: ConnectionSource;
  table: () => Promise<TableFacts>;
  limits?: Partial<typeof usualLimits>;
}

/**
 * Reads of the connection table: one at a time, shared by all who ask for the same, held for a while so that paging, sorting
 * and grouping do not read again, and only ever begun or gone on with because somebody asks and still waits.
 */
export class ConnectionReads {
  readonly #options: ConnectionReadsOptions;
  readonly #limits: typeof usualLimits;
  readonly #reads = new Map<string, HeldRead>();
  readonly #lock = new WriterLock();
  /** under way or waiting for it */
  #turns = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ConnectionReadsOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
  }

  /**
   * @param signal that whoever asked has gone: what nobody else asks for stops there, and can be gone on with
   */
  async page(query: unknown, signal?: AbortSignal): Promise<ConnectionPage> {
    const checked = valid(connectionQuerySchema, query);
    const { read, untilMs } = this.#readFor(checked);
    read.users++;
    let page: ConnectionPage | null;
    try {
      if (untilMs !== null) await this.#readOn(read, checked, { name: checked.asker, untilMs, signal });
      page = await asked("connections", read.look(checked));
    } finally {
      read.users--;
      read.usedAtMs = this.#options.monotonicMs();
      this.#tidy();
    }
    // It went on past what can be held: counted by another grouping than its own the rest would be missing.
    return page ?? this.page({ ...checked, read: undefined }, signal);
  }

  /** Of a read by its id, or by the name of one who asks for it; null when there is none (any more). */
  progress(name: string): ReadProgress | null {
    return this.#named(name)?.progress ?? null;
  }

  /** Ends an asking, or a read that at most one asks for. Was there anything to end? */
  cancel(name: string): boolean {
    return this.#named(name)?.cancel(name) ?? false;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const read of this.#reads.values()) {
      read.cancel(read.id);
      read.close();
    }
    this.#reads.clear();
  }

  #named(name: string): HeldRead | undefined {
    return this.#reads.get(name) ?? [...this.#reads.values()].find((read) => read.hasAsker(name));
  }

  /** The read that answers, and how far it has to go on first, in time spent reading it; null: it is looked at as it is. */
  #readFor(query: ConnectionQuery): { read: HeldRead; untilMs: number | null } {
    const { budgetMs = usualReadBudgetMs } = query;
    const filterText = JSON.stringify(query.filter);
    const fits = (read: HeldRead) => !read.hasFailed && read.filterText === filterText && read.canGroup(query.group);
    const named = query.read === undefined ? undefined : this.#reads.get(query.read);
    if (named && fits(named)) return { read: named, untilMs: query.goOn ? named.progress.tookMs + budgetMs : null };
    const now = this.#options.monotonicMs();
    for (const read of [...this.#reads.values()].reverse()) {
      if (!fits(read)) continue;
      const { state, tookMs } = read.progress;
      if (state === "reading") return { read, untilMs: tookMs + budgetMs };
      const isFresh = read.hasBegun && read.stoppedAtMs !== null && now - read.stoppedAtMs < query.freshMs;
      // One that stopped because its asker left has not used up the budget of this one.
      if (isFresh && state !== "cancelled" && !query.read)
        return { read, untilMs: tookMs < budgetMs ? budgetMs : null };
    }
    if (this.#turns > this.#limits.waiting) throw new DirectorError("TOO_MANY_READS");
    const read = new HeldRead(query, this.#options);
    this.#reads.set(read.id, read);
    return { read, untilMs: budgetMs };
  }

  async #readOn(read: HeldRead, query: ConnectionQuery, asking: Asking): Promise<void> {
    const over = read.ask(asking);
    void read.drive(
      (work) => this.#turn(work),
      () => this.#open(query),
    );
    try {
      await asked("connections", over);
    } catch (thrown) {
      if (read.hasFailed && this.#reads.delete(read.id)) read.close();
      throw thrown;
    }
  }

  async #turn(work: Work): Promise<void> {
    this.#turns++;
    await this.#lock.run(() => {
      const endMs = this.#options.monotonicMs() + this.#limits.turnMs;
      return work(() => this.#turns > 1 && this.#options.monotonicMs() >= endMs);
    });
    this.#turns--;
  }

  async #open({ filter, group }: ConnectionQuery): Promise<OpenRead> {
    this.#tidy();
    // Those in use are not given up, and somebody may keep looking at each.
    if (this.#begun > this.#limits.reads) throw new DirectorError("TOO_MANY_READS");
    const { rows, connections } = await this.#options.table();
    return this.#options.source.open({
      ...{ filter, group, rowsExpected: connections },
      ...{ maxHeld: this.#limits.rows, maxGroups: this.#limits.groups },
      // Only templates tell what they hold; to count that for nobody would cost a look-up for every row.
      persistent: filter.kind === "templates" ? persistentServices(rows) : [],
    });
  }

  /** Reads that hold something. */
  get #begun(): number {
    return [...this.#reads.values()].filter(({ hasBegun }) => hasBegun).length;
  }

  /** Gives up those that nobody used for long, and the least used ones when there are too many or they hold too much. */
  #tidy(): void {
    clearTimeout(this.#timer);
    const now = this.#options.monotonicMs();
    const { lifetimeMs, reads, allRows } = this.#limits;
    const idle = [...this.#reads.values()].filter(({ users }) => users === 0).sort((a, b) => a.usedAtMs - b.usedAtMs);
    let rows = [...this.#reads.values()].reduce((sum, { progress }) => sum + progress.held, 0);
    const kept = idle.filter((read) => {
      const isOld = now - read.usedAtMs >= lifetimeMs || !read.hasBegun;
      if (!isOld && this.#begun <= reads && rows <= allRows) return true;
      rows -= read.progress.held;
      this.#reads.delete(read.id);
      read.close();
      return false;
    });
    const [oldest] = kept;
    if (!oldest) return;
    this.#timer = setTimeout(() => this.#tidy(), Math.max(1, oldest.usedAtMs + lifetimeMs - now));
    this.#timer.unref();
  }
}
