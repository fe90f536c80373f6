import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface OptionRow {
  /** what stands as code in the column: options with their dashes, commands without */
  ipvsadm: string[];
  ipvsctl: string[];
  here: string;
}

const heading = "| ipvsadm | ipvsctl | here |";

/** The table of README.md that says where each option of ipvsadm and ipvsctl has its place. Throws where there is none. */
export function optionTable(): OptionRow[] {
  const lines = readFileSync(join(import.meta.dirname, "../README.md"), "utf8").split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`README.md has no line ${heading}`);
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) => {
      const [ipvsadm = "", ipvsctl = "", here = ""] = line.split("|").slice(1);
      return { ipvsadm: codesIn(ipvsadm), ipvsctl: codesIn(ipvsctl), here: here.trim() };
    });
}

function codesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code ?? "");
}
