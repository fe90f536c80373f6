import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DirectorError } from "#domain/errors";
import { BootRules } from "#server/director/boot-rules";
import { ConfigError, readConfig } from "../config.ts";
import { NameBook } from "../names.ts";
import { becomeAccount } from "../privileges-account.ts";
import { readRuleText } from "../rules/read-text.ts";
import { refusalSentence } from "../words.ts";
import { readRuleFile } from "./rule-file.ts";
import { ruleRemarks } from "./rule-remarks.ts";

/** Where the distribution's own service keeps the rules: Debian's ipvsadm, Red Hat's and its relatives'. */
export function systemFile(debian = "/etc/debian_version"): string {
  return existsSync(debian) ? "/etc/ipvsadm.rules" : "/etc/sysconfig/ipvsadm";
}

/**
 * `rules export` and `rules import`: the kept boot rules to a file, and a file to the boot rules, whole or not at all. Answers
 * the exit code; ConfigError when there is nothing to copy, or nowhere.
 */
export async function bootFile(
  what: "export" | "import",
  path: string,
  stateDir: string | undefined,
  env: Record<string, string | undefined>,
): Promise<number> {
  const settings = Object.fromEntries(
    ["STATE_DIR", "STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"].map((name) => [name, env[name]]),
  );
  const config = readConfig(stateDir === undefined ? [] : [`--state-dir=${stateDir}`], settings);
  const kept = join(config.stateDir, "director", "boot.rules");
  const copy = what === "export" ? exportTo : importFrom;
  try {
    const isDone = await copy(path, kept);
    if (isDone) process.stderr.write(what === "export" ? `${kept} → ${path}\n` : `${path} → ${kept}\n`);
    return isDone ? 0 : 2;
  } catch (thrown) {
    if (!(thrown instanceof DirectorError)) throw thrown;
    process.stderr.write(`ipvs-console rules: ${thrown.shape.params["detail"] ?? refusalSentence(thrown.shape)}\n`);
    return 1;
  }
}

async function exportTo(path: string, kept: string): Promise<boolean> {
  const { text } = await new BootRules(kept).status("");
  if (text === null) throw new ConfigError(`There are no boot rules in ${kept} yet: save them on the page /rules.`);
  await new BootRules(path).save(text);
  return true;
}

async function importFrom(path: string, kept: string): Promise<boolean> {
  const folder = statSync(dirname(kept), { throwIfNoEntry: false });
  if (!folder) throw new ConfigError(`There is no folder ${dirname(kept)}: STATE_DIR is that of the director.`);
  const text = await readRuleFile(path);
  const { problems, warnings, names } = await readRuleText(text, new NameBook());
  process.stderr.write(ruleRemarks(problems, warnings, names));
  if (problems.length > 0) return false;
  // A file of root's could not be read by a director that is another user.
  if (process.getuid?.() === 0 && folder.uid !== 0) becomeAccount(folder);
  await new BootRules(kept).save(text);
  return true;
}
