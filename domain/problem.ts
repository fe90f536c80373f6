import type { z } from "zod";

/**
 * Everything that can be wrong with what a person or a program hands us, as a closed set.
 * The sentence for each lives in messages/*.json under `problem`, never here.
 */
export const problemCodes = [
  "REQUIRED",
  "NOT_A_WHOLE_NUMBER",
  "OUT_OF_RANGE",
  "WRONG_SHAPE",
  "ADDRESS_INVALID",
  "VIP_MULTICAST",
  "VIP_BROADCAST",
  "VIP_UNSPECIFIED",
  "SERVER_NOT_UNICAST",
  "PROTOCOL_UNKNOWN",
  "SCHEDULER_UNKNOWN",
  "SCHEDULER_FLAG_UNKNOWN",
  "ENGINE_UNKNOWN",
  "PORT_ZERO_NEEDS_PERSISTENCE",
  "ONE_PACKET_NEEDS_UDP",
  "NETMASK_INVALID",
  "PREFIX_INVALID",
  "FORWARD_UNKNOWN",
  "TUNNEL_NEEDS_TUNNELING",
  "TUNNEL_REQUIRED",
  "TUNNEL_TYPE_UNKNOWN",
  "TUNNEL_PORT_REQUIRED",
  "TUNNEL_PORT_NOT_USED",
  "TUNNEL_CHECKSUM_NOT_POSSIBLE",
  "PORT_MUST_MATCH",
  "FAMILY_MIX_NEEDS_TUNNELING",
  "THRESHOLDS_CROSSED",
  "INTERFACE_INVALID",
  "GROUP_NOT_MULTICAST",
  "LOCAL_ADDRESS_NOT_UNICAST",
  "LOCAL_ADDRESS_OTHER_FAMILY",
  "GIVEN_TWICE",
  "NOT_A_POWER_OF_TWO",
  "SYNC_THRESHOLD_INVALID",
  "CPU_LIST_INVALID",
  "TOO_MANY",
  "USER_NAME_INVALID",
  "PASSWORD_TOO_SHORT",
  "PASSWORD_TOO_LONG",
  "PASSWORD_TOO_PLAIN",
  "TOKEN_NAME_INVALID",
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export type ProblemParams = Record<string, string | number>;

/** One thing wrong: what (`code`, `params`) and where (`path`, in the shape that was checked). */
export interface Problem {
  code: ProblemCode;
  params: ProblemParams;
  path: (string | number)[];
}

/** Reports one problem from inside a schema; the only way our schemas do. */
export function report(
  ctx: z.core.$RefinementCtx<unknown>,
  code: ProblemCode,
  params: ProblemParams = {},
  path: (string | number)[] = [],
): typeof z.NEVER {
  ctx.addIssue({ code: "custom", message: code, params, path, input: ctx.value });
  return undefined as never;
}

/**
 * With this, a superRefine() of rules that span fields runs though some fields are wrong: people are told all at once.
 * What a wrong field holds by then may be anything, so each rule asks sound() before it looks at one.
 */
export const spanning = {
  when: ({ issues }: z.core.ParsePayload) => issues.every(({ path = [] }) => path.length > 0),
};

/** Is nothing wrong with the values at these paths (`service.port`), nor with what they are part of? What is inside of them may be wrong. */
export function sound(ctx: z.core.$RefinementCtx<unknown>, ...paths: string[]): boolean {
  return ctx.issues.every(({ path: at = [] }) => !paths.some((path) => `${path}.`.startsWith(`${at.join(".")}.`)));
}

/** The problems in a ZodError. An issue of zod's own (a wrong type, an unknown key) becomes REQUIRED or WRONG_SHAPE. */
export function problemsOf(error: z.core.$ZodError): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, []));
}

function problemsOfIssue(issue: z.core.$ZodIssue, above: (string | number)[]): Problem[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "custom") {
    const known = problemCodes.find((code) => code === issue.message);
    return [{ code: known ?? "WRONG_SHAPE", params: known ? ((issue.params ?? {}) as ProblemParams) : {}, path }];
  }
  if (issue.code === "invalid_union") {
    const fullest = issue.errors.reduce<readonly z.core.$ZodIssue[]>((a, b) => (b.length > a.length ? b : a), []);
    if (fullest.length > 0) return fullest.flatMap((inner) => problemsOfIssue(inner, path));
  }
  // zod leaves the input out of its issues, so that only its words tell a missing value from one of a wrong type.
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ code: "REQUIRED", params: {}, path }];
  }
  return [{ code: "WRONG_SHAPE", params: {}, path }];
}
