import type { Change } from "#domain/change";
import { DirectorError } from "#domain/errors";
import { serverId } from "#domain/real-server";
import { serviceId } from "#domain/service";
import type { DrainedWeights } from "./drained-weights.ts";
import { refusalOf, toDirectorError } from "./faults.ts";
import type { Command, Ipvs, Refusal } from "./ipvs.ts";
import type { Plan } from "./plan-batch.ts";
import { readServices } from "./read-services.ts";
import { copyOf, perform, stateOf, type TableState } from "./table-state.ts";
import { commandsBetween } from "./take-back.ts";

/** Why a batch was not done, and whether the table is as it was found (false: part of it may have been done). */
export interface BatchFailure {
  error: DirectorError;
  takenBack: boolean;
}

/**
 * Writes a planned batch, all of it or nothing; answers null when all was done. On a refusal exactly what succeeded is
 * taken back and the first refusal is answered with its `changeIndex`. When the kernel's answer is lost, the table is
 * read again: it tells whether all was done after all, and otherwise goes back to what was found.
 * ROLLBACK_FAILED names what could not be taken back.
 */
export async function writeBatch(
  ipvs: Ipvs,
  plan: Plan,
  changes: readonly Change[],
  drained: DrainedWeights,
): Promise<BatchFailure | null> {
  let refusals: (Refusal | null)[];
  try {
    refusals = await ipvs.write(plan.commands);
  } catch (thrown) {
    return settleLostAnswer(ipvs, plan, changes, drained, toDirectorError(thrown, "write"));
  }
  const first = refusals.findIndex((refusal) => refusal !== null);
  if (first < 0) return null;
  const refused = refusalAt(plan, refusals, first);
  const now = copyOf(plan.found);
  plan.commands.forEach((command, index) => {
    if (!refusals[index]) perform(now, command);
  });
  return takeBack(ipvs, now, plan.found, refused);
}

function refusalAt(plan: Plan, refusals: readonly (Refusal | null)[], index: number): DirectorError {
  const command = plan.commands[index] as Command;
  const service = command.command === "set-service" ? plan.found.get(serviceId(command.service)) : undefined;
  const error = refusalOf(refusals[index] as Refusal, command, service?.spec.scheduler);
  return new DirectorError(error.code, { ...error.shape, changeIndex: plan.changeOf[index] ?? 0 }, error.cause);
}

async function settleLostAnswer(
  ipvs: Ipvs,
  plan: Plan,
  changes: readonly Change[],
  drained: DrainedWeights,
  lost: DirectorError,
): Promise<BatchFailure | null> {
  let now: TableState;
  try {
    now = stateOf((await readServices(ipvs, changes, drained)).values());
  } catch {
    return { error: lost, takenBack: false };
  }
  if (commandsBetween(now, plan.after).length === 0) return null;
  return takeBack(ipvs, now, plan.found, lost);
}

async function takeBack(ipvs: Ipvs, now: TableState, found: TableState, because: DirectorError): Promise<BatchFailure> {
  const commands = commandsBetween(now, found);
  if (commands.length === 0) return { error: because, takenBack: true };
  let left: Command[];
  try {
    const refusals = await ipvs.write(commands);
    left = commands.filter((_, index) => refusals[index]);
  } catch {
    left = commands;
  }
  if (left.length > 0) return { error: rollbackFailed(left, because), takenBack: false };
  return { error: because, takenBack: true };
}

/** How many names an error carries; the rest are counted. */
const maxNames = 10;

function rollbackFailed(left: readonly Command[], because: DirectorError): DirectorError {
  const names = [...new Set(left.map(nameOf))];
  const more = names.length > maxNames ? ` … +${names.length - maxNames}` : "";
  return new DirectorError(
    "ROLLBACK_FAILED",
    {
      params: { detail: names.slice(0, maxNames).join(", ") + more, left: names.length, refusal: because.code },
      ...(because.shape.changeIndex === undefined ? {} : { changeIndex: because.shape.changeIndex }),
    },
    because,
  );
}

function nameOf(command: Command): string {
  if (!("service" in command) || command.service === null) return "";
  return "server" in command ? serverId(command.service, command.server) : serviceId(command.service);
}
