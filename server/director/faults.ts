import type { Step } from "#domain/batch/command";
import { DirectorError, type DirectorErrorCode, type ErrorShape } from "#domain/errors";
import { IpvsFault, type Refusal } from "./ipvs.ts";

/**
 * The one table of errno values: what a refusal means, by the operation that met it
 * (linux net/netfilter/ipvs/ip_vs_ctl.c). Operations are the commands of Ipvs.write() and the names in IpvsFault.
 */
const byOperation: Record<string, Record<string, DirectorErrorCode>> = {
  "new-service": { EEXIST: "SERVICE_EXISTS", ENOENT: "NO_SUCH_SCHEDULER_OR_ENGINE" },
  "set-service": { ESRCH: "NO_SUCH_SERVICE", ENOENT: "NO_SUCH_SCHEDULER_OR_ENGINE" },
  "delete-service": { ESRCH: "NO_SUCH_SERVICE" },
  "new-server": { EEXIST: "SERVER_EXISTS", ESRCH: "NO_SUCH_SERVICE" },
  "set-server": { ENOENT: "NO_SUCH_SERVER", ESRCH: "NO_SUCH_SERVICE" },
  "delete-server": { ENOENT: "NO_SUCH_SERVER", ESRCH: "NO_SUCH_SERVICE" },
  zero: { ESRCH: "NO_SUCH_SERVICE" },
  service: { ESRCH: "NO_SUCH_SERVICE" },
  "set-timeouts": { EINVAL: "TIMEOUT_TOO_LONG" },
  "start-daemon": { EEXIST: "DAEMON_RUNNING", ESRCH: "DAEMON_NOT_RUNNING", EINVAL: "DAEMON_REFUSED" },
  "stop-daemon": { ESRCH: "DAEMON_NOT_RUNNING" },
  "local-addresses": { ESRCH: "NO_SUCH_SERVICE" },
  "add-local-address": { EEXIST: "LOCAL_ADDRESS_EXISTS", ESRCH: "NO_SUCH_SERVICE" },
  "remove-local-address": { ENOENT: "NO_SUCH_LOCAL_ADDRESS", ESRCH: "NO_SUCH_SERVICE" },
  connections: { ENOENT: "NOT_AVAILABLE" },
  family: { ENOENT: "NOT_AVAILABLE" },
};

/** What the kernel or its network says to a daemon beyond these: it could not be started where it was to. */
const otherwise: Record<string, DirectorErrorCode> = { "start-daemon": "DAEMON_REFUSED" };

const byErrno: Record<string, DirectorErrorCode> = {
  EPERM: "NOT_PERMITTED",
  EACCES: "NOT_PERMITTED",
  ENOPROTOOPT: "NOT_AVAILABLE",
  EINVAL: "REFUSED",
  ERANGE: "OUT_OF_KERNEL_RANGE",
  EAFNOSUPPORT: "FAMILY_NOT_SUPPORTED",
  EOPNOTSUPP: "NOT_SUPPORTED",
  ENODEV: "NO_SUCH_INTERFACE",
  ENOMEM: "NO_MEMORY",
  ETIMEDOUT: "TIMED_OUT",
  EAGAIN: "TIMED_OUT",
  ENOBUFS: "TIMED_OUT",
  EBUSY: "TIMED_OUT",
  EINTR: "TIMED_OUT",
};

/** Operations that only look: what they cannot answer is nobody's mistake. */
const readings = new Set([
  "snapshot",
  "service",
  "info",
  "totals",
  "timeouts",
  "daemons",
  "connections",
  "local-addresses",
  "family",
]);

/** The code for a refusal met by `operation`; an errno that no table knows is REFUSED when something was to be changed. */
export function codeOf(errno: string, operation: string): DirectorErrorCode {
  const known = byOperation[operation]?.[errno] ?? byErrno[errno] ?? otherwise[operation];
  return known ?? (readings.has(operation) ? "INTERNAL" : "REFUSED");
}

/** The kernel's own words, where the code's sentence does not say it all. */
function detailOf(code: DirectorErrorCode, { code: errno, message }: Refusal): { detail?: string } {
  const refused = code === "REFUSED" || code === "DAEMON_REFUSED";
  const told = code === "INTERNAL" || code === "TIMED_OUT" || (refused && errno !== "EINVAL");
  return told ? { detail: message === errno ? errno : `${errno}: ${message}` } : {};
}

/** Anything thrown beneath as a DirectorError. @param operation what was tried, when the fault does not say */
export function toDirectorError(thrown: unknown, operation: string): DirectorError {
  if (thrown instanceof DirectorError) return thrown;
  if (!(thrown instanceof IpvsFault)) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return new DirectorError("INTERNAL", { params: { detail } }, thrown);
  }
  const code = codeOf(thrown.code, thrown.operation || operation);
  return new DirectorError(code, { params: detailOf(code, thrown), ...fieldOfDaemon(code, thrown.operation) }, thrown);
}

/**
 * The refusal of one command, with the input field it is about where the errno tells.
 *
 * @param before the scheduler that the service had, for set-service: it is bound already, so a missing module is the engine's
 */
export function refusalOf(refusal: Refusal, command: Step, before?: string): DirectorError {
  const code = codeOf(refusal.code, command.command);
  const field = fieldOf(code, command, before);
  return new DirectorError(
    code,
    {
      params: detailOf(code, refusal),
      ...(field === undefined ? fieldOfDaemon(code, command.command) : { field }),
    },
    new IpvsFault(refusal, command.command),
  );
}

function fieldOf(code: DirectorErrorCode, command: Step, before?: string): string | undefined {
  if (code === "NO_SUCH_SCHEDULER_OR_ENGINE" && "spec" in command) {
    const { scheduler, engine } = command.spec;
    if (engine === null) return "scheduler";
    return scheduler === "none" || scheduler === before ? "engine" : undefined;
  }
  if (!("server" in command) || command.command === "delete-server") return undefined;
  if (code === "REFUSED" || code === "FAMILY_NOT_SUPPORTED") return "address";
  if (code === "OUT_OF_KERNEL_RANGE") return command.server.weight < 0 ? "weight" : "lowerThreshold";
  return undefined;
}

function fieldOfDaemon(code: DirectorErrorCode, operation: string): Pick<ErrorShape, "field"> | object {
  if (operation !== "start-daemon") return {};
  if (code === "NO_SUCH_INTERFACE") return { field: "interface" };
  return code === "FAMILY_NOT_SUPPORTED" ? { field: "group" } : {};
}
