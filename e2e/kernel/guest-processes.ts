import { expect } from "@playwright/test";
import type { Lab } from "./start-lab.mjs";

export type Verb = "director" | "web";

/** Does `what` in a shell of the guest with the folder in /proc of each process that runs a verb, as `$each`. */
async function withProcesses(lab: Lab, verb: Verb, what: string): Promise<string> {
  const find = `for each in /proc/[0-9]*; do case "$(tr '\\0' ' ' <"$each/cmdline")" in *"/cli.mjs ${verb} "*) ${what} ;; esac; done`;
  // Not as an argument of the shell: it would find itself.
  const { stdout, stderr } = await lab.guestExec("sh", [], { input: `{ ${find}; } 2>/dev/null\n` });
  expect(stderr).toBe("");
  return stdout.trim();
}

/** The number of the process that runs this verb; null while there is none. */
export async function pidOf(lab: Lab, verb: Verb): Promise<number | null> {
  const pids = await withProcesses(lab, verb, 'basename "$each"');
  expect(pids.split("\n")).toHaveLength(1);
  return pids === "" ? null : Number(pids);
}

/** What proc_pid_status(5) says of the process that runs this verb: every line by its name, with single blanks. */
export async function processStatus(lab: Lab, verb: Verb): Promise<Record<string, string>> {
  const lines = (await withProcesses(lab, verb, 'cat "$each/status"')).split("\n");
  expect(lines.filter((line) => line.startsWith("Pid:"))).toHaveLength(1);
  return Object.fromEntries(lines.map((line) => line.split(":\t").map((part) => part.trim().replace(/\s+/g, " "))));
}
