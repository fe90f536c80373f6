import { describe, expect, it, test } from "vitest";
import type { Command } from "#domain/batch/command";
import { DirectorError } from "#domain/errors";
import { codeOf, refusalOf, toDirectorError } from "./faults.ts";
import { IpvsFault } from "./ipvs.ts";

const service = { kind: "fwmark", family: 4, mark: 7 } as const;
const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const server = {
  address: "10.0.0.1",
  port: 80,
  forward: "nat",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: null,
} as const;
const errno = (code: string, message = "words of the kernel") => ({ code, errno: 1, message });
const setService = (parts: object): Command => ({ command: "set-service", service, spec: { ...spec, ...parts } });
const setServer = (parts: object): Command => ({ command: "set-server", service, server: { ...server, ...parts } });

describe("codeOf", () => {
  test.each([
    ["new-service", "EEXIST", "SERVICE_EXISTS"],
    ["new-service", "ENOENT", "NO_SUCH_SCHEDULER_OR_ENGINE"],
    ["set-service", "ENOENT", "NO_SUCH_SCHEDULER_OR_ENGINE"],
    ["set-service", "ESRCH", "NO_SUCH_SERVICE"],
    ["delete-service", "ESRCH", "NO_SUCH_SERVICE"],
    ["service", "ESRCH", "NO_SUCH_SERVICE"],
    ["zero", "ESRCH", "NO_SUCH_SERVICE"],
    ["new-server", "EEXIST", "SERVER_EXISTS"],
    ["new-server", "ESRCH", "NO_SUCH_SERVICE"],
    ["new-server", "EINVAL", "REFUSED"],
    ["new-server", "ERANGE", "OUT_OF_KERNEL_RANGE"],
    ["set-server", "ENOENT", "NO_SUCH_SERVER"],
    ["set-server", "ESRCH", "NO_SUCH_SERVICE"],
    ["delete-server", "ENOENT", "NO_SUCH_SERVER"],
    ["new-service", "EAFNOSUPPORT", "FAMILY_NOT_SUPPORTED"],
    ["new-service", "EINVAL", "REFUSED"],
    ["set-timeouts", "EINVAL", "TIMEOUT_TOO_LONG"],
    ["start-daemon", "EEXIST", "DAEMON_RUNNING"],
    ["start-daemon", "ENODEV", "NO_SUCH_INTERFACE"],
    ["start-daemon", "EINVAL", "DAEMON_REFUSED"],
    ["stop-daemon", "ESRCH", "DAEMON_NOT_RUNNING"],
    ["family", "ENOENT", "NOT_AVAILABLE"],
    ["snapshot", "ENOPROTOOPT", "NOT_AVAILABLE"],
    ["snapshot", "EPERM", "NOT_PERMITTED"],
    ["flush", "EPERM", "NOT_PERMITTED"],
    ["write", "EOPNOTSUPP", "NOT_SUPPORTED"],
    ["write", "ENOMEM", "NO_MEMORY"],
    ["write", "ETIMEDOUT", "TIMED_OUT"],
    ["snapshot", "EAGAIN", "TIMED_OUT"],
    ["write", "ENOBUFS", "TIMED_OUT"],
    ["snapshot", "EPROTO", "INTERNAL"],
    ["start-daemon", "EADDRINUSE", "DAEMON_REFUSED"],
    ["start-daemon", "ENETUNREACH", "DAEMON_REFUSED"],
  ])("%s met by %s is %s", (operation, code, expected) => {
    expect(codeOf(code, operation)).toBe(expected);
  });
});

describe("refusalOf", () => {
  it.each<[string, Command, string | undefined, string | undefined]>([
    ["no engine, so it is the scheduler", setService({}), "wlc", "scheduler"],
    ["the scheduler is bound already, so it is the engine", setService({ engine: "sip" }), "rr", "engine"],
    [
      "no scheduler is asked for, so it is the engine",
      setService({ scheduler: "none", engine: "sip" }),
      "rr",
      "engine",
    ],
    ["either of two", setService({ engine: "sip" }), "wlc", undefined],
  ])("names the field of a missing module: %s", (_why, command, before, field) => {
    const { shape } = refusalOf(errno("ENOENT"), command, before);
    expect(shape.code).toBe("NO_SUCH_SCHEDULER_OR_ENGINE");
    expect(shape.field).toBe(field);
  });

  it.each<[string, Command, string]>([
    ["EINVAL", setServer({}), "address"],
    ["ERANGE", setServer({ weight: -1 }), "weight"],
    ["ERANGE", setServer({ lowerThreshold: 5 }), "lowerThreshold"],
    ["EAFNOSUPPORT", setServer({ address: "::1" }), "address"],
  ])("names the field of a server that was refused with %s", (code, command, field) => {
    expect(refusalOf(errno(code), command).shape.field).toBe(field);
  });

  it("keeps the kernel's answer as cause, and its words where ours do not say it all", () => {
    const odd = refusalOf(errno("EXDEV", "Invalid cross-device link"), setServer({}));
    expect(odd.shape).toMatchObject({ code: "REFUSED", params: { detail: "EXDEV: Invalid cross-device link" } });
    expect(odd.cause).toMatchObject({ code: "EXDEV", operation: "set-server" });
    expect(refusalOf(errno("EINVAL"), setServer({})).shape.params).toEqual({});
  });
});

describe("toDirectorError", () => {
  it("hands a DirectorError on as it is", () => {
    const error = new DirectorError("CONFLICT");
    expect(toDirectorError(error, "snapshot")).toBe(error);
  });

  it("believes the fault about its operation", () => {
    expect(toDirectorError(new IpvsFault(errno("ENOENT"), "family"), "write").code).toBe("NOT_AVAILABLE");
    expect(toDirectorError(new IpvsFault(errno("ENODEV"), "start-daemon"), "write").shape).toMatchObject({
      code: "NO_SUCH_INTERFACE",
      field: "interface",
    });
    expect(toDirectorError(new IpvsFault(errno("EAFNOSUPPORT"), "start-daemon"), "write").shape.field).toBe("group");
  });

  it("calls anything else INTERNAL and keeps it", () => {
    const cause = new TypeError("x is not a function");
    expect(toDirectorError(cause, "snapshot")).toMatchObject({
      shape: { code: "INTERNAL", params: { detail: "x is not a function" } },
      cause,
    });
  });
});
