import { expect, test } from "vitest";
import { ConfigError } from "../config.ts";
import { systemFile } from "./boot-file.ts";
import { run } from "./rules.ts";

test.each([
  ["no word", [], "It needs a word: save, restore, export or import."],
  ["a word that is not there", ["load"], 'There is no "rules load".'],
  ["a word that only looks like one", ["constructor"], 'There is no "rules constructor".'],
  ["a word too many", ["restore", "a", "b"], 'There is one word too many: "b".'],
  ["two modes", ["restore", "--merge", "--replace"], "Either --merge or --replace."],
  ["a file of save's where there is none", ["restore", "--file", "a"], "--file belongs to save."],
  ["save to a word", ["save", "a.rules"], "A file to save to is given as --file a.rules."],
  ["a flag of restore's", ["import", "--dry-run"], "--dry-run belongs to restore."],
  ["a mode of restore's", ["save", "--replace"], "--replace belongs to restore."],
  ["a flag that is not there", ["restore", "--force"], "Unknown option '--force'."],
])("%s is wrong usage, before anything is read or asked", async (_, args, sentence) => {
  const refused = await run(args, {}).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConfigError);
  expect((refused as Error).message).toBe(sentence);
});

test("the distribution's own file: Debian's, else Red Hat's", () => {
  expect(systemFile("/etc/passwd")).toBe("/etc/ipvsadm.rules");
  expect(systemFile("/etc/no such release")).toBe("/etc/sysconfig/ipvsadm");
});
