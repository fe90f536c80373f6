import type { Revision, RevisionQuery } from "#domain/revision";
import type { ArmedEntry, DirectorMemory, JournalEntry, NewRevision, Settlement, StoredText } from "./memory.ts";

type Kept = NewRevision & { id: number; before: string | null; after: string | null };

const maxRevisions = 1000;

/** What a director remembers as long as its process lives: for one that is given no state folder. */
export class ProcessMemory implements DirectorMemory {
  #writing: JournalEntry | null = null;
  #armed: ArmedEntry | null = null;
  #revisions: Kept[] = [];
  readonly #texts = new Map<string, Uint8Array>();
  #nextId = 1;

  async writing(): Promise<JournalEntry | null> {
    return this.#writing;
  }

  async armed(): Promise<ArmedEntry | null> {
    return this.#armed;
  }

  async begin(entry: JournalEntry): Promise<void> {
    this.#writing = entry;
  }

  async settle({ add, writing, armed, outcome }: Settlement): Promise<number | null> {
    const id = add ? this.#nextId + 1 : null;
    if (add && id !== null) {
      this.#nextId += 2;
      this.#keep({ ...add, id, before: null, after: null });
    }
    if (armed === "forget") this.#armed = null;
    if (writing && writing !== "forget" && this.#writing && id !== null)
      this.#armed = { ...this.#writing, revision: id, confirmBy: writing.confirmBy };
    if (writing) this.#writing = null;
    const settled = outcome && this.#revisions.find((each) => each.id === outcome.id);
    if (settled && outcome) Object.assign(settled, { outcome: outcome.outcome, left: outcome.left });
    return id;
  }

  async complete(
    id: number,
    tags: { before: string; after: string },
    outside?: { atMs: number; before: string },
  ): Promise<void> {
    const revision = this.#revisions.find((each) => each.id === id);
    if (!revision) return;
    Object.assign(revision, tags);
    if (outside) this.#keep(fromOutside(id - 1, { ...outside, after: tags.before }));
  }

  async addOutside(change: { atMs: number; before: string; after: string }): Promise<void> {
    this.#keep(fromOutside(this.#nextId++, change));
  }

  async last(): Promise<{ id: number; before: string | null; after: string | null } | null> {
    return this.#revisions.at(-1) ?? null;
  }

  async revisions({ beforeId = Number.POSITIVE_INFINITY, limit }: RevisionQuery): Promise<Revision[]> {
    const complete = this.#revisions.flatMap((each) => (isComplete(each) && each.id < beforeId ? [{ ...each }] : []));
    return complete.toReversed().slice(0, limit);
  }

  async revision(id: number): Promise<Revision | null> {
    const found = this.#revisions.find((each) => each.id === id);
    return found && isComplete(found) ? { ...found } : null;
  }

  async hasText(tag: string): Promise<boolean> {
    return this.#texts.has(tag);
  }

  async putText({ tag, gzip }: StoredText): Promise<void> {
    this.#texts.set(tag, gzip);
  }

  async text(tag: string): Promise<Uint8Array | null> {
    return this.#texts.get(tag) ?? null;
  }

  #keep(revision: Kept): void {
    this.#revisions = [...this.#revisions, revision].sort((a, b) => a.id - b.id).slice(-maxRevisions);
    const used = new Set(this.#revisions.flatMap(({ before, after }) => [before, after]));
    for (const tag of this.#texts.keys()) if (!used.has(tag)) this.#texts.delete(tag);
  }
}

function isComplete(revision: Kept): revision is Revision {
  return revision.before !== null && revision.after !== null;
}

function fromOutside(id: number, { atMs, before, after }: { atMs: number; before: string; after: string }): Kept {
  const quiet = { note: null, what: {}, outcome: "done", left: [], undoes: null } as const;
  return { id, atMs, by: { name: "", source: "outside" }, ...quiet, left: [], before, after };
}
