/** The number in a field, NaN while there is none: draft() writes it as "…". */
export function typedNumber(text: string): number {
  return /^\s*[+-]?\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** A command in the making: numbers that are not there yet become "…", and so does an address that is not (` :80`, `[]:80`). */
export function draft(command: string): string {
  return command.replaceAll("NaN", "…").replace(/ (?=:)/g, " …");
}
