import { z } from "zod";
import { INT_MAX } from "./numbers.ts";
import { report } from "./problem.ts";

/** Where IPVS keeps its sysctls, as sysctl(8) writes it. */
export const sysctlPrefix = "net.ipv4.vs";

export const sysctlGroups = [
  "defence",
  "clients",
  "servers",
  "sync",
  "packets",
  "statistics",
  "size",
  "other",
] as const;
export type SysctlGroup = (typeof sysctlGroups)[number];

/**
 * How a value is written. switch: 0 is off, all else on. mode: 0 never, 1 and 2 automatic (off and on at the moment), 3
 * always. power: a power of two. pair: two numbers, the first below the second unless that is 0. cpus: a list of processors.
 */
export type SysctlForm = "switch" | "mode" | "number" | "power" | "pair" | "cpus";

export interface SysctlFacts {
  group: SysctlGroup;
  form: SysctlForm;
  /** what a kernel starts with; null: it depends on the machine */
  usual: string | null;
  /** what the kernel takes */
  min: number;
  max: number;
  unit: "pages" | "seconds" | "messages" | "bytes" | "connections" | null;
}

type Numbers = Pick<SysctlFacts, "min" | "max">;
/** proc_dointvec() takes every signed 32-bit number. */
const anyInt: Numbers = { min: -INT_MAX - 1, max: INT_MAX };

function facts(
  group: SysctlGroup,
  form: SysctlForm,
  usual: string | null,
  more: Partial<SysctlFacts> = {},
): SysctlFacts {
  const range = form === "mode" ? { min: 0, max: 3 } : form === "power" ? { min: 1, max: 2 ** 30 } : anyInt;
  return { group, form, usual, unit: null, ...range, ...more };
}

/**
 * Every sysctl of IPVS that a kernel from 6.1 to 7.2 may have, in the order in which they are shown (vs_vars[] and its
 * handlers, linux net/netfilter/ipvs/ip_vs_ctl.c; Documentation/networking/ipvs-sysctl.rst).
 */
export const sysctlFacts = {
  drop_entry: facts("defence", "mode", "0"),
  drop_packet: facts("defence", "mode", "0"),
  secure_tcp: facts("defence", "mode", "0"),
  amemthresh: facts("defence", "number", "1024", { unit: "pages" }),
  am_droprate: facts("defence", "number", "10"),
  conn_reuse_mode: facts("clients", "number", "1"),
  sloppy_tcp: facts("clients", "switch", "0"),
  sloppy_sctp: facts("clients", "switch", "0"),
  schedule_icmp: facts("clients", "switch", "0"),
  cache_bypass: facts("clients", "switch", "0"),
  expire_nodest_conn: facts("servers", "switch", "0"),
  expire_quiescent_template: facts("servers", "switch", "0"),
  // Those of the schedulers that remember destinations are there while their modules are loaded (ip_vs_lblc.c, ip_vs_lblcr.c).
  lblc_expiration: facts("servers", "number", "86400", { min: 0, max: 2_147_483, unit: "seconds" }),
  lblcr_expiration: facts("servers", "number", "86400", { min: 0, max: 2_147_483, unit: "seconds" }),
  sync_version: facts("sync", "number", "1", { min: 0, max: 1 }),
  sync_ports: facts("sync", "power", "1"),
  sync_persist_mode: facts("sync", "switch", "0"),
  sync_threshold: facts("sync", "pair", "3 50", { min: 0 }),
  // Seconds become jiffies: kernels whose clock ticks 1000 times a second take no more, others do.
  sync_refresh_period: facts("sync", "number", "0", { min: 0, max: 2_147_483, unit: "seconds" }),
  sync_retries: facts("sync", "number", "0", { min: 0, max: 3 }),
  sync_qlen_max: facts("sync", "number", null, { min: 0, max: 999_999_999_999_999, unit: "messages" }),
  sync_sock_size: facts("sync", "number", "0", { unit: "bytes" }),
  backup_only: facts("sync", "switch", "0"),
  conntrack: facts("packets", "switch", "0"),
  snat_reroute: facts("packets", "switch", "1"),
  nat_icmp_send: facts("packets", "switch", "0"),
  pmtu_disc: facts("packets", "switch", "1"),
  ignore_tunneled: facts("packets", "switch", "0"),
  run_estimation: facts("statistics", "switch", "1"),
  est_cpulist: facts("statistics", "cpus", null),
  est_nice: facts("statistics", "number", "0", { min: -20, max: 19 }),
  conn_max: facts("size", "number", String(2 ** 30), { min: 0, max: 2 ** 30, unit: "connections" }),
  conn_lfactor: facts("size", "number", "-4", { min: -8, max: 8 }),
  svc_lfactor: facts("size", "number", "-3", { min: -8, max: 8 }),
  debug_level: facts("other", "number", "0"),
} as const satisfies Record<string, SysctlFacts>;
export type SysctlName = keyof typeof sysctlFacts;

/** What is known of a sysctl; null of one that only this kernel knows. */
export function factsOf(name: string): SysctlFacts | null {
  return Object.hasOwn(sysctlFacts, name) ? sysctlFacts[name as SysctlName] : null;
}

/** One sysctl as it is on the host. */
export interface Sysctl {
  name: string;
  /** words apart by one space; null: it cannot be read */
  value: string | null;
  /** nobody may write it, whoever asks */
  readOnly: boolean;
  /** what the files of sysctl.d(5) set it to when the host starts; null: nothing */
  atBoot: string | null;
}

/** As the kernel shows a value, in one form: pairs stand apart by a tab there. */
export const canonicalSysctl = (text: string): string => text.trim().split(/\s+/).join(" ");

/** Is an automatic defence at work at this moment? */
export function isActiveNow({ name, value }: Pick<Sysctl, "name" | "value">): boolean {
  return factsOf(name)?.form === "mode" && value === "2";
}

/** Whether two values mean the same: 1 and 2 of a mode are one setting, which the kernel moves between by itself. */
export function isSameSetting(name: string, one: string, other: string): boolean {
  const setting = (value: string) => (factsOf(name)?.form === "mode" && value === "2" ? "1" : canonicalSysctl(value));
  return setting(one) === setting(other);
}

/**
 * Whether the value goes with the next start of the host: nothing sets it there, or something else. Null where nobody
 * knows what the kernel would start with.
 */
export function isLostAtReboot({ name, value, atBoot }: Sysctl): boolean | null {
  if (value === null) return false;
  const start = atBoot ?? factsOf(name)?.usual ?? null;
  return start === null ? null : !isSameSetting(name, value, start);
}

/** Lines for a file of /etc/sysctl.d that keep these values. */
export function sysctlSnippet(sysctls: readonly Pick<Sysctl, "name" | "value">[]): string {
  return sysctls
    .flatMap(({ name, value }) => {
      if (value === null) return [];
      const kept = factsOf(name)?.form === "mode" && value === "2" ? "1" : value;
      return [`${sysctlPrefix}.${name} = ${kept}`];
    })
    .join("\n");
}

/** The command that sets it. */
export function sysctlCommand(name: string, value: string): string {
  return `sysctl -w ${sysctlPrefix}.${name}=${/^[\w.,:/-]+$/.test(value) ? value : `"${value}"`}`;
}

/** `0`, `0-3`, `0-7:2/4`, apart by commas (linux lib/bitmap-str.c); empty: none. */
const cpuList = /^(\d{1,5}(-\d{1,5}(:\d{1,5}\/\d{1,5})?)?(,\d{1,5}(-\d{1,5}(:\d{1,5}\/\d{1,5})?)?)*)?$/;

/** A name that is no way out of the folder; whether there is such a sysctl, the folder tells. */
const nameSchema = z.string().regex(/^[a-z0-9_]{1,64}$/);

/** A sysctl to set, and as what the person saw it. */
export interface SysctlChange {
  name: string;
  value: string;
  expected?: string;
}

/** A sysctl to set: the value in the kernel's form, or what the kernel would refuse in it, at `value`. */
export const sysctlChangeSchema = z
  .object({ name: nameSchema, value: z.unknown(), expected: z.string().max(4096).optional() })
  .transform(({ name, value, expected }, ctx): SysctlChange => {
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string") return report(ctx, text == null ? "REQUIRED" : "WRONG_SHAPE", {}, ["value"]);
    const written = canonicalSysctl(text);
    const known = factsOf(name);
    if (written === "" && known?.form !== "cpus") return report(ctx, "REQUIRED", {}, ["value"]);
    const wrong = known
      ? problemOf(known, written)
      : /^[\x20-\x7e]{1,200}$/.test(written)
        ? null
        : (["WRONG_SHAPE"] as const);
    if (wrong) return report(ctx, wrong[0], wrong[1] ?? {}, ["value"]);
    const seen = expected === undefined ? {} : { expected: canonicalSysctl(expected) };
    return { name, value: known?.form === "cpus" ? written : words(written), ...seen };
  });

type Wrong =
  | readonly ["OUT_OF_RANGE", Numbers]
  | readonly [
      "NOT_A_WHOLE_NUMBER" | "NOT_A_POWER_OF_TWO" | "SYNC_THRESHOLD_INVALID" | "CPU_LIST_INVALID" | "WRONG_SHAPE",
      undefined?,
    ];

function problemOf({ form, min, max }: SysctlFacts, text: string): Wrong | null {
  if (form === "cpus") return cpuList.test(text) ? null : ["CPU_LIST_INVALID"];
  const parts = text.split(" ");
  if (form === "pair" ? parts.length !== 2 : parts.length !== 1) {
    return form === "pair" ? ["SYNC_THRESHOLD_INVALID"] : ["NOT_A_WHOLE_NUMBER"];
  }
  if (!parts.every((part) => /^-?\d{1,15}$/.test(part))) return ["NOT_A_WHOLE_NUMBER"];
  const numbers = parts.map(Number);
  if (numbers.some((number) => number < min || number > max)) return ["OUT_OF_RANGE", { min, max }];
  const [first = 0, second = 0] = numbers;
  if (form === "pair" && second !== 0 && first >= second) return ["SYNC_THRESHOLD_INVALID"];
  return form === "power" && (first & (first - 1)) !== 0 ? ["NOT_A_POWER_OF_TWO"] : null;
}

/** Without leading zeros: the kernel reads `010` as eight. */
function words(text: string): string {
  return text
    .split(" ")
    .map((word) => (/^-?\d+$/.test(word) ? String(Number(word)) : word))
    .join(" ");
}
