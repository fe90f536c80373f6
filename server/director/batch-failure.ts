import type { Outcome } from "#domain/batch/machine";
import { DirectorError } from "#domain/errors";
import { serviceId } from "#domain/service";
import { refusalOf, toDirectorError } from "./faults.ts";
import type { Plan } from "./plan-batch.ts";
import type { Ran } from "./run-batch.ts";

/**
 * Why a batch was not done, for whoever asked for it. ROLLBACK_FAILED names what is not as it was found; otherwise the
 * table is, and the error says what was refused (with `changeIndex`), lost or cancelled. Null when it was done.
 */
export function failureOf({ outcome, refusal, thrown }: Ran, plan: Plan): DirectorError | null {
  if (outcome.kind === "done") return null;
  const because = becauseOf(outcome, refusal, thrown, plan);
  const { left } = outcome;
  // A table that cannot be read either: whether anything is left nobody knows, and the code says why.
  if (left.length === 0 || (outcome.kind === "unsettled" && plan.steps.length === 1)) return because;
  return rollbackFailed(left, because);
}

function becauseOf(outcome: Exclude<Outcome, { kind: "done" }>, refusal: Ran["refusal"], thrown: unknown, plan: Plan) {
  const { because } = outcome;
  if (because.kind === "cancelled") return new DirectorError("CANCELLED");
  if (because.kind !== "refused") return toDirectorError(thrown ?? new Error(because.kind), "write");
  const step = plan.steps[because.at];
  if (!step || !refusal) throw new Error("a refusal of no step");
  const scheduler =
    step.command === "set-service" ? plan.found.services.get(serviceId(step.service))?.spec.scheduler : undefined;
  const error = refusalOf(refusal, step, scheduler);
  return new DirectorError(error.code, { ...error.shape, changeIndex: plan.changeOf[because.at] ?? 0 }, error.cause);
}

/** How many names an error carries; the rest are counted. */
const maxNames = 10;

function rollbackFailed(left: readonly string[], because: DirectorError): DirectorError {
  const more = left.length > maxNames ? ` … +${left.length - maxNames}` : "";
  return new DirectorError(
    "ROLLBACK_FAILED",
    {
      params: { detail: left.slice(0, maxNames).join(", ") + more, left: left.length, refusal: because.code },
      ...(because.shape.changeIndex === undefined ? {} : { changeIndex: because.shape.changeIndex }),
    },
    because,
  );
}
