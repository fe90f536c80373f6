import type { ErrorShape } from "#domain/errors";
import type { ObservedServerSpec } from "#domain/real-server";

/** A weight being typed in place. */
export interface WeightDraft {
  text: string;
  /** the server as it was when typing began */
  seen: ObservedServerSpec;
  refusal: ErrorShape | null;
}
