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
  "TIMEOUT_TOO_LONG",
  "DAEMON_REFUSED",
  "NO_SUCH_SYSCTL",
  "SYSCTL_READ_ONLY",
  "SYSCTL_NOT_PERMITTED",
  "SYSCTL_REFUSED",
  "DAEMON_RUNNING",
  "DAEMON_NOT_RUNNING",
  "LOCAL_ADDRESS_EXISTS",
  "NO_SUCH_LOCAL_ADDRESS",
  "NO_MEMORY",
  "TIMED_OUT",
  "UNREACHABLE",
  "ROLLBACK_FAILED",
  "CANCELLED",
  "CONFIRM_PENDING",
  "NOT_PENDING",
  "NO_SUCH_REVISION",
  "STORE_FAILED",
  "TOO_MANY_READS",
  "INTERNAL",
] as const;
export type DirectorErrorCode = (typeof directorErrorCodes)[number];

/** Why web did not let somebody do something, or did not do it to the people it keeps, as a closed set. */
export const peopleErrorCodes = [
  "NOT_LOGGED_IN",
  "TOKEN_NEEDED",
  "ROLE_TOO_SMALL",
  "PASSWORD_NEEDED",
  "WRONG_CREDENTIALS",
  "WRONG_PASSWORD",
  "USER_DISABLED",
  "TOO_MANY_TRIES",
  "TOO_MANY_STREAMS",
  "SETUP_OVER",
  "SETUP_LINK_WRONG",
  "SETUP_LINK_LATE",
  "USER_EXISTS",
  "NO_SUCH_USER",
  "LAST_ADMIN",
  "NO_SUCH_SESSION",
  "TOKEN_EXISTS",
  "NO_SUCH_TOKEN",
  "OTHER_MANAGER",
  "PEOPLE_STORE_FAILED",
] as const;
export type PeopleErrorCode = (typeof peopleErrorCodes)[number];
export type ErrorCode = DirectorErrorCode | PeopleErrorCode;

export type ErrorParams = Record<string, string | number>;

/** What crosses a process boundary of a refusal: plain JSON. */
export interface ErrorShape<Code extends ErrorCode = ErrorCode> {
  code: Code;
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

/** A refusal with a code of the closed set. `cause` keeps what lay beneath, for the log. */
export class CodedError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly shape: ErrorShape<Code>;

  constructor(code: Code, details: Omit<Partial<ErrorShape>, "code"> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.shape = { params: {}, ...details, code };
  }

  get code(): Code {
    return this.shape.code;
  }
}

/** The one error that directors throw. */
export class DirectorError extends CodedError<DirectorErrorCode> {
  static from(shape: ErrorShape): DirectorError {
    const code = directorErrorCodes.find((known) => known === shape.code) ?? "INTERNAL";
    return new DirectorError(code, shape);
  }
}

/** The one error of log-in, roles, users, sessions and tokens. */
export class PeopleError extends CodedError<PeopleErrorCode> {}

/** The DirectorError in anything thrown; what is not one becomes INTERNAL with the original as cause. */
export function asDirectorError(thrown: unknown): DirectorError {
  if (thrown instanceof DirectorError) return thrown;
  return new DirectorError(
    "INTERNAL",
    { params: { detail: thrown instanceof Error ? thrown.message : String(thrown) } },
    thrown,
  );
}

/** The coded error in anything thrown; what is none becomes INTERNAL with the original as cause. */
export function asCodedError(thrown: unknown): CodedError {
  return thrown instanceof CodedError ? thrown : asDirectorError(thrown);
}
