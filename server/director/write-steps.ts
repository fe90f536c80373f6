import { type Command, isSetting, type Step } from "#domain/batch/command";
import { codeOf } from "./faults.ts";
import { type Ipvs, IpvsFault, type Refusal } from "./ipvs.ts";

/**
 * Writes one chunk: either commands for the table, pipelined, or a single setting. Answers null or the refusal for each.
 * Rejects when the answer is lost and nobody knows what was done.
 */
export async function writeSteps(ipvs: Ipvs, steps: readonly Step[]): Promise<(Refusal | null)[]> {
  const [first] = steps;
  if (!first) return [];
  if (!isSetting(first)) return ipvs.write(steps as readonly Command[]);
  try {
    if (first.command === "set-timeouts") await ipvs.setTimeouts(first.timeouts);
    else if (first.command === "start-daemon") await ipvs.startDaemon(first.daemon);
    else await ipvs.stopDaemon(first.role);
    return [null];
  } catch (thrown) {
    const refused = thrown instanceof IpvsFault && codeOf(thrown.code, first.command) !== "TIMED_OUT";
    if (!refused || thrown.operation === "family") throw thrown;
    return [thrown];
  }
}
