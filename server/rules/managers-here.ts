import type { FoundManager } from "#domain/doctor";
import { maxNoteLength } from "#domain/revision";
import type { Director } from "#server/director/director";

/** Other programs that write this very table; none where nobody can tell: what is then done meets the reason by itself. */
export async function managersHere(director: Pick<Director, "managers">): Promise<FoundManager[]> {
  try {
    return (await director.managers()).filter(({ here }) => here);
  } catch {
    return [];
  }
}

/** A note of a revision that says in spite of whom; nothing where there is nothing to say. */
export function noteDespite(managers: readonly FoundManager[], note = ""): { note?: string } {
  const despite = managers.length > 0 ? `(despite ${managers.map(({ manager }) => manager).join(", ")})` : "";
  const room = maxNoteLength - despite.length - 1;
  const whole = [note.trim().slice(0, room), despite].filter((part) => part !== "").join(" ");
  return whole === "" ? {} : { note: whole };
}
