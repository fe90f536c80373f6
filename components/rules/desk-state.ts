import type { PlanMode } from "#domain/rules/plan";
import { docOf, type Origin, type RuleDoc } from "./rule-doc.ts";

/** The text being worked on: what it is, where it came from, and how it is meant. */
export interface DeskState {
  doc: RuleDoc;
  /** what was put into the editor last, from somewhere else than the keyboard */
  loaded: RuleDoc;
  origin: Origin;
  /** a person changed it since */
  edited: boolean;
  mode: PlanMode;
}

export type DeskAction =
  | { kind: "loaded"; doc: RuleDoc; origin: Origin; mode?: PlanMode }
  | { kind: "edited"; doc: RuleDoc }
  /** what was there before something was loaded over it */
  | { kind: "brought-back"; desk: DeskState }
  | { kind: "mode"; mode: PlanMode };

const nothing = docOf("");

/** Merge is what does the least: it removes nothing. */
export const emptyDesk: DeskState = {
  doc: nothing,
  loaded: nothing,
  origin: { kind: "nothing" },
  edited: false,
  mode: "merge",
};

export function deskReducer(desk: DeskState, action: DeskAction): DeskState {
  switch (action.kind) {
    case "loaded":
      return {
        doc: action.doc,
        loaded: action.doc,
        origin: action.origin,
        edited: false,
        mode: action.mode ?? desk.mode,
      };
    case "edited":
      return { ...desk, doc: action.doc, edited: true };
    case "brought-back": {
      const doc = docOf(action.desk.doc.read());
      return { ...action.desk, doc, loaded: doc };
    }
    case "mode":
      return { ...desk, mode: action.mode };
  }
}
