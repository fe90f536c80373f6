import type { Moves } from "#domain/batch/moves";
import type { Revision, RevisionOutcome, RevisionQuery } from "#domain/revision";

/** A batch that is being written, or that waits for its confirmation: what it takes to undo it after a restart. */
export interface JournalEntry extends Pick<Revision, "atMs" | "by" | "note" | "what"> {
  /** of the boot, or process, whose table the moves are about: another one knows nothing of it */
  bootId: string;
  moves: Moves;
  /** weights kept for drained servers that the batch forgets or replaces, as they were before */
  drained: [serverId: string, weight: number | null][];
  /** how long it waits for its confirmation once it is done; null: it waits for none */
  confirmS: number | null;
}

export interface ArmedEntry extends JournalEntry {
  revision: number;
  confirmBy: number;
}

export type NewRevision = Omit<Revision, "id" | "before" | "after">;

/** What is to be remembered together, all of it or nothing. */
export interface Settlement {
  /** its id is answered; its tables are told by complete() */
  add?: NewRevision;
  /** the batch that was being written: is over, or from now on waits for its confirmation as the revision of `add` */
  writing?: "forget" | { confirmBy: number };
  /** the batch that waits is over */
  armed?: "forget";
  outcome?: { id: number; outcome: RevisionOutcome; left: string[] };
}

/** A table's text, compressed, by the table's tag. */
export interface StoredText {
  tag: string;
  gzip: Uint8Array;
}

/**
 * What a director remembers of its batches, for one kind of table. Everything rejects with STORE_FAILED when the disk
 * does not take or give it. Revisions are bounded in number and texts in bytes; changes from outside go first.
 */
export interface DirectorMemory {
  writing(): Promise<JournalEntry | null>;
  armed(): Promise<ArmedEntry | null>;
  /** Keeps a batch before its first write; there is one at a time. */
  begin(entry: JournalEntry): Promise<void>;
  /** Answers the id of the revision that was added, or null. The id before it is left free for what is found to have come between. */
  settle(settlement: Settlement): Promise<number | null>;
  /** Tells the tables of a revision, and a change from outside that came before it. */
  complete(
    id: number,
    tags: { before: string; after: string },
    outside?: { atMs: number; before: string },
  ): Promise<void>;
  /** A change from outside. */
  addOutside(change: { atMs: number; before: string; after: string }): Promise<void>;
  /** The newest revision, complete or not. */
  last(): Promise<{ id: number; before: string | null; after: string | null } | null>;
  /** Newest first. Those that are not complete are left out. */
  revisions(query: RevisionQuery): Promise<Revision[]>;
  revision(id: number): Promise<Revision | null>;
  hasText(tag: string): Promise<boolean>;
  putText(text: StoredText): Promise<void>;
  text(tag: string): Promise<Uint8Array | null>;
}

export interface MemoryLimits {
  revisions: number;
  /** of the newest, these stay even when they are from outside */
  newest: number;
  textBytes: number;
}

export const usualLimits: MemoryLimits = { revisions: 1000, newest: 100, textBytes: 64 * 1024 * 1024 };
