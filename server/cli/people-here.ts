import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "#domain/errors";
import { type Config, readConfig } from "../config.ts";
import { becomeAccount, webAccount } from "../privileges-account.ts";
import { prepareFolders } from "../privileges-folders.ts";
import { openPeople, type People } from "../web/people/people.ts";
import { refusalSentence } from "../words.ts";

/** Flags of a verb that works on users and tokens, for parseArgs(). */
export const peopleFlags = { "state-dir": { type: "string" } } as const;

/** What the environment says of where web keeps its state, and as whom it runs. */
const relevantSettings = [
  "STATE_DIR",
  "STATE_DIRECTORY",
  "XDG_STATE_HOME",
  "RUNTIME_DIR",
  "RUNTIME_DIRECTORY",
  "XDG_RUNTIME_DIR",
  "HOME",
  "WEB_USER",
] as const;

/**
 * Runs `work` on web's own file of people, as the owner of that file: one that root had touched could not be written
 * by web any more. A web that runs notices within a second. Answers the exit code: 1 with a sentence on stderr when refused.
 */
export async function withPeople(
  verb: string,
  stateDir: string | undefined,
  env: Record<string, string | undefined>,
  work: (people: People) => Promise<void>,
): Promise<number> {
  const relevant = Object.fromEntries(relevantSettings.map((name) => [name, env[name]]));
  const config = readConfig(stateDir === undefined ? [] : [`--state-dir=${stateDir}`], relevant);
  becomeWeb(config);
  const complain = (details: object) => {
    const { err } = details as { err?: unknown };
    process.stderr.write(`ipvs-console ${verb}: ${err instanceof Error ? err.message : String(err)}\n`);
  };
  const people = openPeople(join(config.stateDir, "web"), false, { error: complain, info: () => {} });
  try {
    await work(people);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    process.stderr.write(`ipvs-console ${verb}: ${refusalSentence(thrown.shape)}\n`);
    return 1;
  } finally {
    await people.close();
  }
}

/** For good: nothing that comes after needs root. Makes the folders as `start` would when there are none yet. */
function becomeWeb(config: Config): void {
  if (process.getuid?.() !== 0) return;
  const owner = statSync(join(config.stateDir, "web"), { throwIfNoEntry: false });
  if (owner) {
    becomeAccount(owner);
    return;
  }
  const account = webAccount(config.webUser, readFileSync("/etc/passwd", "utf8"), readFileSync("/etc/group", "utf8"));
  prepareFolders(config, account);
  becomeAccount(account);
}
