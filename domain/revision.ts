import { z } from "zod";
import type { Verb } from "./change.ts";

/** From where the table was changed. `outside`: not by this product (ipvsadm in a shell, another manager). `console`: by the director itself. */
export const revisionSources = ["page", "api", "command-line", "outside", "console"] as const;

/** Who asked for a change. */
export const doerSchema = z.object({
  /** of a user or a token; empty for nobody in particular */
  name: z.string().max(200),
  source: z.enum(revisionSources),
  /** the client's address */
  from: z.string().max(100).optional(),
});
export type RevisionDoer = z.infer<typeof doerSchema>;

/** A table's tag: the same for the same settings, in whatever order they are listed. */
export const tagSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const maxNoteLength = 500;
export const maxConfirmS = 24 * 60 * 60;

/** How a batch is to be done. */
export const applyOptionsSchema = z.object({
  by: doerSchema.optional(),
  /** why, in the person's words */
  note: z.string().max(maxNoteLength).optional(),
  /** the table that the changes were made for: when it is another one by now, nothing is written (CONFLICT) */
  ifTable: tagSchema.optional(),
  /** a name for progress() and cancel() while it lasts */
  jobId: z.string().min(1).max(100).optional(),
  /** put the old table back after so many seconds unless confirm() comes */
  confirmS: z.number().int().min(5).max(maxConfirmS).optional(),
  /** false: do not read back what each change left behind */
  records: z.boolean().optional(),
});
export type ApplyOptions = z.infer<typeof applyOptionsSchema>;

/** How far a batch is. */
export interface JobProgress {
  done: number;
  total: number;
  phase: "waiting" | "writing" | "undoing";
}

/**
 * done: it is in the table. waiting: it is, and goes back unless confirmed in time. confirmed: it was. put-back: it was
 * not, and the table before it came back. undone: it was cut short, and what was done of it was taken back.
 */
export const revisionOutcomes = ["done", "waiting", "confirmed", "put-back", "undone"] as const;
export type RevisionOutcome = (typeof revisionOutcomes)[number];

/** One change of the table, as it is remembered. */
export interface Revision {
  id: number;
  atMs: number;
  by: RevisionDoer;
  note: string | null;
  /** how many changes of each verb; empty for a change from outside */
  what: Partial<Record<Verb, number>>;
  /** tags of the table before and after */
  before: string;
  after: string;
  outcome: RevisionOutcome;
  /** rows that are not as the outcome says, because somebody else moved them or the kernel refused */
  left: string[];
  /** the revision that this one puts back */
  undoes: number | null;
}

/** A revision with the tables as rule text; null when a text is not kept any more. */
export interface RevisionTexts extends Revision {
  beforeText: string | null;
  afterText: string | null;
}

/** A change that waits for its confirmation. */
export interface PendingConfirm {
  revision: number;
  by: RevisionDoer;
  note: string | null;
  atMs: number;
  /** when the old table comes back, milliseconds since the epoch */
  confirmBy: number;
}

/** The most revisions that one call answers. */
export const maxRevisionPage = 200;
export const revisionQuerySchema = z.object({
  /** older than this one */
  beforeId: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(maxRevisionPage),
});
export type RevisionQuery = z.infer<typeof revisionQuerySchema>;
