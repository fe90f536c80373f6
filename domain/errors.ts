import type { Problem } from "./problem.ts";

/**
 * Why a director did not do what it was asked, as a closed set. The kernel's errno values are
 * mapped here once, by operation (linux net/netfilter/ipvs/ip_vs_ctl.c); the sentence for each
 * code lives in messages/*.json under `error`.
 */
export const directorErrorCodes = [
  "INVALID",
  "NO_SUCH_SERVICE",
  "NO_SUCH_SERVER",
  "SERVICE_EXISTS",
  "SERVER_EXISTS",
  "NO_SUCH_SCHEDULER_OR_ENGINE",
  "CONFLICT",
  "NOT_DRAINED",
  "REFUSED",
  "OUT_OF_KERNEL_RANGE",
  "FAMILY_NOT_SUPPORTED",
  "NOT_PERMITTED",
  "NOT_AVAILABLE",
  "NOT_SUPPORTED",
  "NO_SUCH_INTERFACE",
  "DAEMON_RUNNING",
  "DAEMON_NOT_RUNNING",
  "NO_MEMORY",
  "TIMED_OUT",
  "UNREACHABLE",
  "ROLLBACK_FAILED",
  "STORE_FAILED",
  "INTERNAL",
] as const;
export type DirectorErrorCode = (typeof directorErrorCodes)[number];

export type ErrorParams = Record<string, string | number>;

/** What crosses a process boundary of a DirectorError: plain JSON. */
export interface ErrorShape {
  code: DirectorErrorCode;
  params: ErrorParams;
  /** with INVALID: everything that is wrong, not only the first */
  problems?: Problem[];
  /** with CONFLICT: the record as it is now, null when it is gone */
  current?: unknown;
  /** in a batch: which change was refused, counted from 0 */
  changeIndex?: number;
  /** input field that the refusal is about, when it is about one */
  field?: string;
}

/** The one error that directors throw. `cause` keeps what lay beneath, for the log. */
export class DirectorError extends Error {
  readonly shape: ErrorShape;

  constructor(code: DirectorErrorCode, details: Omit<Partial<ErrorShape>, "code"> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = "DirectorError";
    this.shape = { params: {}, ...details, code };
  }

  get code(): DirectorErrorCode {
    return this.shape.code;
  }

  static from(shape: ErrorShape): DirectorError {
    return new DirectorError(shape.code, shape);
  }
}

/** The DirectorError in anything thrown; what is not one becomes INTERNAL with the original as cause. */
export function asDirectorError(thrown: unknown): DirectorError {
  if (thrown instanceof DirectorError) return thrown;
  return new DirectorError(
    "INTERNAL",
    { params: { detail: thrown instanceof Error ? thrown.message : String(thrown) } },
    thrown,
  );
}
