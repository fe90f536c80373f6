import { writeFileSync } from "node:fs";
import { asDirectorError } from "#domain/errors";
import type { RevisionDoer } from "#domain/revision";
import type { PlanMode } from "#domain/rules/plan";
import { RemoteDirector } from "#server/director/remote";
import { ConfigError } from "../config.ts";
import { NameBook } from "../names.ts";
import { applyPlanned, planNow, rulesOf } from "../rules/apply-text.ts";
import { managersHere, noteDespite } from "../rules/managers-here.ts";
import { managersSentence, refusalSentence } from "../words.ts";
import { bootFile, systemFile } from "./boot-file.ts";
import { directorFlags, directorSocket } from "./director-socket.ts";
import { readFlags } from "./flags.ts";
import { planLines } from "./plan-lines.ts";
import { refusalWords } from "./refusal-words.ts";
import { readRuleFile } from "./rule-file.ts";
import { ruleRemarks } from "./rule-remarks.ts";

const usage = `usage: ipvs-console rules save [--file FILE]
       ipvs-console rules restore [FILE] [--merge|--replace] [--dry-run]
       ipvs-console rules export [FILE]
       ipvs-console rules import [FILE]

The table as the text that ipvsadm -S writes and ipvsadm -R reads.

  save       writes the table to standard output, or to FILE
  restore    runs the lines of FILE, or of standard input, as ipvsadm -R would, but all of them or none,
             and prints what was done, each as the ipvsadm command that does the same;
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

/** Which word each flag belongs to. */
const flagsOf = { file: "save", merge: "restore", replace: "restore", "dry-run": "restore" } as const;

type Env = Record<string, string | undefined>;

/** `ipvs-console rules …`. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Env): Promise<number> {
  const { values, positionals } = readFlags({ args, options, allowPositionals: true });
  const { help, file, merge, replace, "dry-run": dryRun = false, ...place } = values;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const [what, path, ...more] = positionals;
  if (more.length > 0) throw new ConfigError(`There is one word too many: "${more[0]}".`);
  for (const [flag, owner] of Object.entries(flagsOf))
    if (flag in values && what !== owner) throw new ConfigError(`--${flag} belongs to ${owner}.`);
  switch (what) {
    case "save":
      if (path !== undefined) throw new ConfigError(`A file to save to is given as --file ${path}.`);
      return withDirector(place, env, (director) => save(director, file));
    case "restore": {
      if (merge && replace) throw new ConfigError("Either --merge or --replace.");
      const mode = replace ? "replace" : merge ? "merge" : "run";
      const text = await readRuleFile(path ?? "-");
      return withDirector(place, env, (director) => restore(director, text, { mode, dryRun, by: commandLine(env) }));
    }
    case "export":
    case "import":
      return bootFile(what, path ?? systemFile(), place["state-dir"], env);
    case undefined:
      throw new ConfigError("It needs a word: save, restore, export or import.");
    default:
      throw new ConfigError(`There is no "rules ${what}".`);
  }
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
    if (thrown instanceof ConfigError) throw thrown;
    process.stderr.write(`ipvs-console rules: ${refusalWords(asDirectorError(thrown), socket)}\n`);
    return 1;
  } finally {
    await director.close();
  }
}

async function save(director: RemoteDirector, file: string | undefined): Promise<number> {
  const { text } = rulesOf(await director.table());
  if (file === undefined) process.stdout.write(text);
  else {
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new ConfigError(`${file} cannot be written: ${(error as Error).message}.`, { cause: error });
    }
  }
  return 0;
}

async function restore(
  director: RemoteDirector,
  text: string,
  { mode, dryRun, by }: { mode: PlanMode; dryRun: boolean; by: RevisionDoer },
): Promise<number> {
  const plan = await planNow(director, text, mode, new NameBook());
  const { problems, warnings, refusals, batch } = plan;
  process.stderr.write(ruleRemarks(problems, warnings, plan.shown.names));
  if (problems.length > 0) return 2;
  // What a pipe brings when the program before it has failed would take every service away.
  if (mode === "replace" && plan.isSilent && batch.length > 0)
    throw new ConfigError("There is no rule in the text. To empty the table restore -C.");
  for (const { line, code } of refusals) process.stderr.write(refusedLine(line, refusalSentence({ code, params: {} })));
  if (refusals.length > 0) return 1;
  if (!dryRun) {
    try {
      const managers = await managersHere(director);
      if (managers.length > 0) process.stderr.write(`${managersSentence(managers)}\n`);
      await applyPlanned(director, plan, { by, ...noteDespite(managers) });
    } catch (thrown) {
      const { shape } = asDirectorError(thrown);
      const { line } = shape.params;
      if (line === undefined) throw thrown;
      const isAsBefore = shape.code === "ROLLBACK_FAILED" ? "" : " Nothing was changed.";
      process.stderr.write(refusedLine(line, `${refusalSentence(shape)}${isAsBefore}`));
      return 1;
    }
  }
  // Not before: whoever reads only the beginning of it ends this process.
  process.stdout.write(planLines(plan));
  return 0;
}

const refusedLine = (line: string | number, sentence: string) => `${line}: ${sentence}\n`;

/** Who runs this: their log-in name, as the revision keeps it. */
function commandLine(env: Env): RevisionDoer {
  const name = env["SUDO_USER"] || env["USER"] || `uid ${process.getuid?.()}`;
  return { name: name.slice(0, 200), source: "command-line" };
}
