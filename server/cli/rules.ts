import { isUtf8 } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asDirectorError, DirectorError } from "#domain/errors";
import type { RevisionDoer } from "#domain/revision";
import type { PlanMode } from "#domain/rules/plan";
import { ruleSentence } from "#domain/rules/problem";
import { longestRuleText } from "#domain/rules-exchange";
import { BootRules } from "#server/director/boot-rules";
import { RemoteDirector } from "#server/director/remote";
import { ConfigError, readConfig } from "../config.ts";
import { NameBook } from "../names.ts";
import { applyPlanned, planNow, rulesOf } from "../rules/apply-text.ts";
import type { TextPlan } from "../rules/plan-text.ts";
import { readRuleText } from "../rules/read-text.ts";
import { refusalSentence, ruleWords } from "../words.ts";
import { directorFlags, directorSocket } from "./director-socket.ts";
import { readFlags } from "./flags.ts";
import { planLines } from "./plan-lines.ts";
import { refusalWords } from "./refusal-words.ts";

const usage = `usage: ipvs-console rules save [--file FILE]
       ipvs-console rules restore [FILE] [--merge|--replace] [--dry-run]
       ipvs-console rules export [FILE]
       ipvs-console rules import [FILE]

The table as the text that ipvsadm -S writes and ipvsadm -R reads.

  save       writes the table to standard output, or to FILE
  restore    runs the lines of FILE, or of standard input, as ipvsadm -R would, but all of them or none;
             --merge adds what is missing and edits what differs, and removes nothing;
             --replace makes the table equal to the text, with the fewest writes;
             --dry-run only prints what would be done
  export     writes the kept boot rules to FILE: /etc/ipvsadm.rules on Debian, /etc/sysconfig/ipvsadm elsewhere
  import     keeps the rules of that file as boot rules; the table stays as it is

  --runtime-dir DIR  the folder with the director's socket (RUNTIME_DIR); the usual ones are known
  --state-dir DIR    the state folder of the console (STATE_DIR)

Exit code 0: done; 1: refused, and the table is as it was; 2: wrong usage, or lines that are no
rules, each on stderr as LINE: message.
`;

const options = {
  ...directorFlags,
  file: { type: "string" },
  merge: { type: "boolean" },
  replace: { type: "boolean" },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Env = Record<string, string | undefined>;

/** `ipvs-console rules …`. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Env): Promise<number> {
  const { values, positionals } = readFlags({ args, options, allowPositionals: true });
  const { help, file, merge, replace, "dry-run": dryRun, ...place } = values;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const [what, path, ...more] = positionals;
  if (more.length > 0) throw new ConfigError(`There is one word too many: "${more[0]}".`);
  if (file !== undefined && what !== "save") throw new ConfigError("--file belongs to save.");
  if (what === "save") return withDirector(place, env, (director) => save(director, file));
  if (what === "restore") {
    if (merge && replace) throw new ConfigError("Either --merge or --replace.");
    const mode = replace ? "replace" : merge ? "merge" : "run";
    const text = readText(path ?? "-");
    return withDirector(place, env, (director) => restore(director, text, mode, dryRun === true));
  }
  if (what === "export" || what === "import") return bootFile(what, path ?? systemFile(), place["state-dir"], env);
  throw new ConfigError(
    what === undefined ? "It needs a word: save, restore, export or import." : `There is no "rules ${what}".`,
  );
}

async function withDirector(
  place: Parameters<typeof directorSocket>[0],
  env: Env,
  work: (director: RemoteDirector) => Promise<number>,
): Promise<number> {
  const socket = directorSocket(place, env);
  const director = new RemoteDirector(socket);
  try {
    return await work(director);
  } catch (thrown) {
    process.stderr.write(`ipvs-console rules: ${refusalWords(asDirectorError(thrown), socket)}\n`);
    return 1;
  } finally {
    await director.close();
  }
}

async function save(director: RemoteDirector, file: string | undefined): Promise<number> {
  const { text } = rulesOf(await director.table());
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
  return 0;
}

async function restore(director: RemoteDirector, text: string, mode: PlanMode, dryRun: boolean): Promise<number> {
  const plan = await planNow(director, text, mode, new NameBook());
  complain(plan);
  if (plan.problems.length > 0) return 2;
  for (const { line, code } of plan.refusals)
    process.stderr.write(`${line}: ${refusalSentence({ code, params: {} })}\n`);
  if (plan.refusals.length > 0) return 1;
  process.stdout.write(planLines(plan));
  if (dryRun) return 0;
  try {
    await applyPlanned(director, plan, { by: commandLine() });
    return 0;
  } catch (thrown) {
    const { code, shape } = asDirectorError(thrown);
    const line = shape.changeIndex === undefined ? null : (plan.batch[shape.changeIndex]?.line ?? null);
    if (line === null) throw thrown;
    process.stderr.write(`${line}: ${refusalSentence({ code, params: shape.params })} Nothing was changed.\n`);
    return 1;
  }
}

/** What is wrong and what is worth knowing, each at its line. */
function complain({ problems, warnings, shown: { names } }: TextPlan): void {
  for (const problem of [...problems, ...warnings].sort((a, b) => a.line - b.line))
    process.stderr.write(`${problem.line}: ${ruleSentence(problem, ruleWords)}\n`);
  for (const { name, became } of names) if (became !== null) process.stderr.write(`${name} is ${became}\n`);
}

/** Who runs this: their log-in name, as the revision keeps it. */
function commandLine(): RevisionDoer {
  return { name: process.env["SUDO_USER"] ?? process.env["USER"] ?? "root", source: "command-line" };
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  if (bytes.length > longestRuleText) throw new ConfigError(`${path} has more than 16 MiB.`);
  if (!isUtf8(bytes)) throw new ConfigError(`${path} is not text in UTF-8.`);
  return bytes.toString("utf8");
}

/** Where the distribution's own service keeps the rules: Debian's ipvsadm, Red Hat's and its relatives'. */
function systemFile(): string {
  try {
    readFileSync("/etc/debian_version");
    return "/etc/ipvsadm.rules";
  } catch {
    return "/etc/sysconfig/ipvsadm";
  }
}

/** Both files are root's, and so is who runs this. */
async function bootFile(
  what: "export" | "import",
  path: string,
  stateDir: string | undefined,
  env: Env,
): Promise<number> {
  const settings = Object.fromEntries(
    ["STATE_DIR", "STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"].map((name) => [name, env[name]]),
  );
  const config = readConfig(stateDir === undefined ? [] : [`--state-dir=${stateDir}`], settings);
  const kept = join(config.stateDir, "director", "boot.rules");
  try {
    if (what === "export") {
      const { text } = await new BootRules(kept).status("");
      if (text === null)
        throw new ConfigError("No boot rules are kept yet: save them on the page /rules, or import some.");
      await new BootRules(path).save(text);
    } else {
      const text = readText(path);
      const { problems } = await readRuleText(text, new NameBook());
      for (const problem of problems) process.stderr.write(`${problem.line}: ${ruleSentence(problem, ruleWords)}\n`);
      if (problems.length > 0) return 2;
      await new BootRules(kept).save(text);
    }
    process.stderr.write(`${what === "export" ? `${kept} → ${path}` : `${path} → ${kept}`}\n`);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof DirectorError)) throw thrown;
    process.stderr.write(`ipvs-console rules: ${thrown.shape.params["detail"] ?? refusalSentence(thrown.shape)}\n`);
    return 1;
  }
}
