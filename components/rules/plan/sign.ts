import type { Verb } from "#domain/change";

export type Sign = "+" | "~" | "−";

/** Whether something comes, goes, or is otherwise afterwards. */
export function signOf(verb: Verb): Sign {
  if (verb.startsWith("add-") || verb === "start-daemon") return "+";
  if (verb.startsWith("remove-") || verb === "stop-daemon" || verb === "clear") return "−";
  return "~";
}

/** What takes something away that the text does not give back: it wants to be confirmed by name. */
export function destroys(counts: Partial<Record<Verb, number>>): boolean {
  const destroying: readonly Verb[] = ["remove-service", "remove-server", "clear", "zero"];
  return destroying.some((verb) => (counts[verb] ?? 0) > 0);
}
