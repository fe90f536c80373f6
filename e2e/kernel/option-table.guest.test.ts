/** What this ipvsadm says of itself, beside the README's table of its options. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { optionTable } from "../option-table.ts";

test("every option that ipvsadm's help lists is in the table", async () => {
  const { stdout } = await promisify(execFile)("ipvsadm", ["--help"]);
  // The usage lines above write several letters as one (`-A|E`); each has a line of its own below them.
  const [, listed = ""] = stdout.split("Commands:");
  const heads = listed.match(/^ {2}(?:--?[a-z0-9][a-z0-9-]*[ |]*)+/gim) ?? [];
  const names = new Set(heads.flatMap((head) => head.match(/-[^ |]+/g) ?? []));
  expect(names.size).toBeGreaterThan(70);
  const table = new Set(optionTable().flatMap(({ ipvsadm }) => ipvsadm));
  expect([...names].filter((name) => !table.has(name))).toEqual([]);
});
