import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { DirectorError } from "#domain/errors";
import type { Revision, RevisionQuery, RevisionTexts } from "#domain/revision";
import type { TableRow } from "#domain/table";
import type { Ipvs } from "./ipvs.ts";
import type { DirectorMemory } from "./memory.ts";
import { rowsText } from "./rows-text.ts";
import { tableTag } from "./table-tag.ts";

const compress = promisify(gzip);
const expand = promisify(gunzip);

interface Known {
  /** null: the table of an earlier life, of which only the tag is at hand */
  rows: readonly TableRow[] | null;
  tag: string;
}

export interface ChronicleOptions {
  ipvs: Pick<Ipvs, "snapshot">;
  memory: DirectorMemory;
  wallMs: () => number;
  /** told what could not be remembered; nothing else fails because of it */
  onError: (error: unknown) => void;
}

/**
 * Keeps the revisions: knows the table as it last was, tells own changes from others', and remembers both tables of each.
 * start(), complete() and look() are called under the writer lock, so that no batch is half way when they look.
 */
export class Chronicle {
  readonly #options: ChronicleOptions;
  #known: Known | null = null;
  /** a revision that a kill, or a kernel that did not answer, kept from its tables */
  #unfinished: number | null = null;
  #remembers = false;
  #isInTrouble = false;

  constructor(options: ChronicleOptions) {
    this.#options = options;
  }

  /** Are these the very rows that were looked at last? Answered without looking into them. */
  knows(rows: readonly TableRow[]): boolean {
    return this.#known?.rows === rows;
  }

  /** The rows of the table with this tag, when it is the one that was looked at last. */
  rowsOf(tag: string): readonly TableRow[] | null {
    return this.#known?.tag === tag ? this.#known.rows : null;
  }

  /** Compares the table with what it last was, in this process or before a restart; a difference came from outside. */
  look(): Promise<void> {
    return this.#forgiving(async () => {
      await this.#remember();
      const now = await this.#read();
      if (this.#unfinished !== null) return this.#finish(this.#unfinished, now);
      const before = this.#known ?? now;
      this.#known = now;
      if (before.tag !== now.tag) {
        const { memory, wallMs } = this.#options;
        await memory.addOutside({ atMs: wallMs(), before: before.tag, after: now.tag });
        await this.#keepText(before);
      }
      // Also a text that a kill kept from the disk; one that no revision speaks of is not kept.
      if (before !== now) await this.#keepText(now);
    });
  }

  /**
   * Tells the tables of an own revision: the one of now, and the one before, which `rowsBefore` reckons from it. What was
   * changed from outside since the last look gets a revision of its own in front.
   *
   * @param rowsAfter what rows() answered right after the write, so that the next change from outside is no part of it
   */
  complete(
    id: number,
    rowsAfter: Promise<readonly TableRow[]>,
    rowsBefore: (after: readonly TableRow[]) => readonly TableRow[],
  ): Promise<void> {
    return this.#forgiving(async () => {
      const { memory, wallMs } = this.#options;
      await this.#remember();
      const after = this.#knownOf(await rowsAfter.catch((error) => this.#leaveUnfinished(id, error)));
      const rows = rowsBefore(after.rows ?? []);
      const before: Known = { rows, tag: tableTag(rows) };
      if (this.#unfinished !== null) await this.#finish(this.#unfinished, before);
      const known = this.#known;
      this.#known = after;
      const tags = { before: before.tag, after: after.tag };
      const isFromOutside = known !== null && known.tag !== before.tag;
      await memory.complete(id, tags, isFromOutside ? { atMs: wallMs(), before: known.tag } : undefined);
      if (isFromOutside) await this.#keepText(known);
      await this.#keepText(before);
      await this.#keepText(after);
    });
  }

  revisions(query: RevisionQuery): Promise<Revision[]> {
    return this.#options.memory.revisions(query);
  }

  /** Rejects with NO_SUCH_REVISION. */
  async revision(id: number): Promise<RevisionTexts> {
    const revision = await this.#options.memory.revision(id);
    if (!revision) throw new DirectorError("NO_SUCH_REVISION");
    const [beforeText, afterText] = [await this.#text(revision.before), await this.#text(revision.after)];
    return { ...revision, beforeText, afterText };
  }

  /** The table of now; nobody has to wait for it, nor to mind when it cannot be had. */
  rows(): Promise<readonly TableRow[]> {
    const rows = this.#options.ipvs.snapshot().then((snapshot) => snapshot.rows);
    rows.catch(() => {});
    return rows;
  }

  async #read(): Promise<Known> {
    return this.#knownOf(await this.rows());
  }

  #knownOf(rows: readonly TableRow[]): Known {
    return this.#known?.rows === rows ? this.#known : { rows, tag: tableTag(rows) };
  }

  /** What the table was when the process before this one last looked. */
  async #remember(): Promise<void> {
    if (this.#remembers) return;
    const last = await this.#options.memory.last();
    this.#remembers = true;
    if (last && last.after !== null) this.#known = { rows: null, tag: last.after };
    this.#unfinished = last && last.after === null ? last.id : null;
  }

  /** The kernel did not tell the table: the next look will. */
  #leaveUnfinished(id: number, error: unknown): Promise<never> {
    this.#unfinished ??= id;
    return Promise.reject(error);
  }

  /** Its tables were never told: the one after is that of now, since nobody has looked at any other. */
  async #finish(id: number, now: Known): Promise<void> {
    const { memory } = this.#options;
    const [previous] = await memory.revisions({ limit: 1 });
    await memory.complete(id, { before: previous?.after ?? now.tag, after: now.tag });
    this.#unfinished = null;
    this.#known = now;
    await this.#keepText(now);
  }

  async #text(tag: string): Promise<string | null> {
    const stored = await this.#options.memory.text(tag);
    return stored && (await expand(stored)).toString("utf8");
  }

  async #keepText({ tag, rows }: Known): Promise<void> {
    const { memory } = this.#options;
    if (rows === null || (await memory.hasText(tag))) return;
    await memory.putText({ tag, gzip: await compress(rowsText(rows)) });
  }

  /** The same trouble is told once. */
  async #forgiving(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#isInTrouble = false;
    } catch (error) {
      if (!this.#isInTrouble) this.#options.onError(error);
      this.#isInTrouble = true;
    }
  }
}
