import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import messages from "../messages/en.json" with { type: "json" };
import { changesSchema, maxChanges } from "./change.ts";
import { directorErrorCodes, peopleErrorCodes } from "./errors.ts";
import { type Problem, type ProblemCode, type ProblemParams, problemCodes, problemsOf } from "./problem.ts";
import { errorSentence, problemSentence, type Translate } from "./words.ts";

const translate = createTranslator({
  locale: "en",
  messages,
  onError: (error) => {
    throw error;
  },
}) as Translate;

const service = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const server = {
  address: "10.0.0.1",
  port: 80,
  forward: "nat",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: null,
};
const tunnel = { type: "ipip", port: 0, checksum: "none" };

const withService = (parts: object, specParts: object = {}) => ({
  verb: "add-service",
  service: { ...service, ...parts },
  spec: { ...spec, ...specParts },
});
const withServer = (parts: object) => ({ verb: "add-server", service, server: { ...server, ...parts } });
const withTunnel = (parts: object) => withServer({ forward: "tunnel", tunnel: { ...tunnel, ...parts } });

/** For every code a change that is wrong in that way; codes that no one change of the table can have carry the params they come with. */
const examples: Record<ProblemCode, object | { params: ProblemParams }> = {
  REQUIRED: withServer({ weight: "" }),
  NOT_A_WHOLE_NUMBER: withServer({ weight: "five" }),
  OUT_OF_RANGE: withServer({ weight: -1 }),
  WRONG_SHAPE: withService({ protocol: "icmp" }),
  ADDRESS_INVALID: withServer({ address: "10.9" }),
  VIP_MULTICAST: withService({ address: "224.0.0.1" }),
  VIP_BROADCAST: withService({ address: "255.255.255.255" }),
  VIP_UNSPECIFIED: withService({ address: "0.0.0.0" }),
  SERVER_NOT_UNICAST: withServer({ address: "224.0.0.1" }),
  PROTOCOL_UNKNOWN: withService({ protocol: "ip-50" }),
  SCHEDULER_UNKNOWN: withService({}, { scheduler: "best" }),
  SCHEDULER_FLAG_UNKNOWN: withService({}, { scheduler: "sh", schedulerFlags: ["flag-3"] }),
  ENGINE_UNKNOWN: withService({}, { engine: "sipp" }),
  PORT_ZERO_NEEDS_PERSISTENCE: withService({ port: 0 }),
  ONE_PACKET_NEEDS_UDP: withService({}, { onePacket: true }),
  NETMASK_INVALID: withService({}, { persistence: { timeoutS: 360, netmask: "33" } }),
  PREFIX_INVALID: withService({ address: "2001:db8::1" }, { persistence: { timeoutS: 360, netmask: "129" } }),
  FORWARD_UNKNOWN: withServer({ forward: "local" }),
  TUNNEL_NEEDS_TUNNELING: withServer({ tunnel }),
  TUNNEL_REQUIRED: withServer({ forward: "tunnel" }),
  TUNNEL_TYPE_UNKNOWN: withTunnel({ type: "type-9" }),
  TUNNEL_PORT_REQUIRED: withTunnel({ type: "gue" }),
  TUNNEL_PORT_NOT_USED: withTunnel({ port: 6080 }),
  TUNNEL_CHECKSUM_NOT_POSSIBLE: withTunnel({ checksum: "checksum" }),
  PORT_MUST_MATCH: withServer({ forward: "direct", port: 8080 }),
  FAMILY_MIX_NEEDS_TUNNELING: withServer({ address: "2001:db8::1" }),
  THRESHOLDS_CROSSED: withServer({ lowerThreshold: 5 }),
  INTERFACE_INVALID: { params: { text: "eth 0" } },
  GROUP_NOT_MULTICAST: { params: { text: "10.0.0.1" } },
  LOCAL_ADDRESS_NOT_UNICAST: { params: { text: "224.0.0.1" } },
  LOCAL_ADDRESS_OTHER_FAMILY: { params: { text: "2001:db8::1", family: 4 } },
  GIVEN_TWICE: { params: { text: "10.0.0.1" } },
  NOT_A_POWER_OF_TWO: { params: {} },
  SYNC_THRESHOLD_INVALID: { params: {} },
  CPU_LIST_INVALID: { params: {} },
  TOO_MANY: { params: { count: maxChanges + 1, max: maxChanges } },
  USER_NAME_INVALID: { params: { max: 32 } },
  PASSWORD_TOO_SHORT: { params: { min: 12 } },
  PASSWORD_TOO_LONG: { params: { max: 256 } },
  PASSWORD_TOO_PLAIN: { params: {} },
  TOKEN_NAME_INVALID: { params: { max: 64 } },
};

function problemOf(code: ProblemCode): Pick<Problem, "code" | "params"> {
  const example = examples[code];
  if ("params" in example) return { code, params: example.params };
  const parsed = changesSchema.safeParse([example]);
  const problems = parsed.success ? [] : problemsOf(parsed.error as z.core.$ZodError);
  const problem = problems.find((candidate) => candidate.code === code);
  if (!problem)
    throw new Error(`the example for ${code} has ${problems.map((other) => other.code).join(", ") || "nothing wrong"}`);
  return problem;
}

describe("the catalogue", () => {
  it.each(problemCodes)("has a sentence for the problem %s that uses only what comes with it", (code) => {
    const sentence = problemSentence(problemOf(code), translate);
    expect(sentence).toMatch(/^[A-Z“0-9].*\.$/u);
    expect(sentence).not.toMatch(/[{}]|undefined/);
  });

  it.each(directorErrorCodes)("has a sentence for the refusal %s that needs nothing else", (code) => {
    expect(errorSentence({ code, params: {} }, translate)).toMatch(/^[A-Z].*\.$/u);
  });

  it.each(peopleErrorCodes)("has a sentence for the refusal %s that uses only what comes with it", (code) => {
    const sentence = errorSentence({ code, params: { role: "admin", retryAfterS: 20 } }, translate);
    expect(sentence).toMatch(/^[A-Z].*\.$/u);
    expect(sentence).not.toMatch(/[{}]|undefined/);
  });

  it("has no sentence for a code that is none", () => {
    expect(Object.keys(messages.problem).sort()).toEqual([...problemCodes].sort());
    expect(Object.keys(messages.error).sort()).toEqual([...directorErrorCodes, ...peopleErrorCodes].sort());
  });
});

describe("errorSentence", () => {
  it("puts the detail beneath behind the sentence", () => {
    expect(errorSentence({ code: "UNREACHABLE", params: { detail: "ECONNREFUSED" } }, translate)).toBe(
      `${messages.error.UNREACHABLE} (ECONNREFUSED)`,
    );
  });

  it("says everything that is wrong, each thing once", () => {
    const problem: Problem = { code: "REQUIRED", params: {}, path: [0, "server", "weight"] };
    const other: Problem = { code: "NOT_A_WHOLE_NUMBER", params: {}, path: [0, "server", "port"] };
    expect(errorSentence({ code: "INVALID", params: {}, problems: [problem, problem, other] }, translate)).toBe(
      `${messages.problem.REQUIRED} ${messages.problem.NOT_A_WHOLE_NUMBER}`,
    );
  });

  it("names the change of a batch, counted from 1", () => {
    expect(errorSentence({ code: "NO_MEMORY", params: {}, changeIndex: 2 }, translate, true)).toBe(
      `Change 3: ${messages.error.NO_MEMORY}`,
    );
  });
});
