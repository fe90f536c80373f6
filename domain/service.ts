import { z } from "zod";
import { addressClass, addressSchema, type Family, familyOf, parseAddress } from "./address.ts";
import { endpoint } from "./endpoint.ts";
import { portSchema, UINT_MAX, whole } from "./numbers.ts";
import { report, sound, spanning } from "./problem.ts";

export const protocols = ["tcp", "udp", "sctp"] as const;
export type Protocol = (typeof protocols)[number];

/** In the order ipvsadm's help lists them, then what only the kernel knows (`twos`) and "no scheduler bound" (`none`). */
export const schedulers = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "lblcr",
  "dh",
  "sh",
  "sed",
  "nq",
  "fo",
  "ovf",
  "mh",
  "twos",
  "none",
] as const;
export const defaultScheduler = "wlc";

/** Bits 0x08, 0x10, 0x20 of a service's flags. sh and mh call the first two fallback and port, and know no third. */
export const schedulerFlags = ["flag-1", "flag-2", "flag-3"] as const;
export type SchedulerFlag = (typeof schedulerFlags)[number];

export const engines = ["sip"] as const;

/** 31 days: ipvsadm's MAX_TIMEOUT. */
export const maxPersistenceS = 2_678_400;
/** What ipvsadm sends for a bare -p (its man page says 300). */
export const defaultPersistenceS = 360;

/**
 * What identifies a virtual service. Lenient: a protocol number that ipvsadm cannot make is
 * `ip-N`, so that a row someone else made can be named, shown and removed.
 */
export const serviceKeySchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("address"),
    protocol: z.string().regex(/^(tcp|udp|sctp|ip-\d{1,5})$/),
    address: addressSchema,
    port: portSchema,
  }),
  z.object({ kind: z.literal("fwmark"), family: z.union([z.literal(4), z.literal(6)]), mark: whole(1, UINT_MAX) }),
]);
export type ServiceKey = z.infer<typeof serviceKeySchema>;

/** What a service is set to, as the kernel shows it: wider than what we would write. */
export const observedServiceSpecSchema = z.object({
  scheduler: z.string().max(16),
  schedulerFlags: z.array(z.enum(schedulerFlags)).max(3),
  persistence: z.object({ timeoutS: z.number().int(), netmask: z.string().max(20) }).nullable(),
  onePacket: z.boolean(),
  engine: z.string().max(16).nullable(),
});
export type ObservedServiceSpec = z.infer<typeof observedServiceSpecSchema>;

const schedulerSchema = z.unknown().transform((value, ctx): string => {
  if (value === undefined || value === "") return report(ctx, "REQUIRED");
  const name = schedulers.find((scheduler) => scheduler === value);
  return name ?? report(ctx, "SCHEDULER_UNKNOWN", { text: String(value), known: schedulers.join(" ") });
});

const engineSchema = z.unknown().transform((value, ctx): string | null => {
  if (value === null || value === "" || value === undefined) return null;
  const name = engines.find((engine) => engine === value);
  return name ?? report(ctx, "ENGINE_UNKNOWN", { text: String(value), known: engines.join(" ") });
});

const schedulerFlagsSchema = z.array(z.unknown()).transform((values, ctx): SchedulerFlag[] => {
  const unknown = values.find((value) => !schedulerFlags.some((flag) => flag === value));
  if (unknown !== undefined) return report(ctx, "SCHEDULER_FLAG_UNKNOWN", { text: String(unknown) });
  return schedulerFlags.filter((flag) => values.includes(flag));
});

/** What an operator decides about a virtual service. The kernel wants all of it on every edit. */
export const serviceSpecSchema = z.object({
  scheduler: schedulerSchema,
  schedulerFlags: schedulerFlagsSchema,
  persistence: z.object({ timeoutS: whole(1, maxPersistenceS), netmask: z.string().trim().max(20) }).nullable(),
  onePacket: z.boolean(),
  engine: engineSchema,
});
export type ServiceSpec = z.infer<typeof serviceSpecSchema>;

/** A virtual service, key and spec together, with the rules that span both. The netmask is canonical after parsing. */
export const serviceDefinitionSchema = z
  .object({ service: serviceKeySchema, spec: serviceSpecSchema })
  .superRefine(({ service, spec }, ctx) => {
    if (!sound(ctx, "service.kind")) return;
    checkKey(service, spec, ctx);
    if (!sound(ctx, "spec")) return;
    const udpOnly = sound(ctx, "service.protocol", "spec.onePacket") && spec.onePacket;
    if (udpOnly && service.kind === "address" && service.protocol !== "udp")
      report(ctx, "ONE_PACKET_NEEDS_UDP", {}, ["spec", "onePacket"]);
    const hashes = sound(ctx, "spec.scheduler", "spec.schedulerFlags") && ["sh", "mh"].includes(spec.scheduler);
    if (hashes && spec.schedulerFlags.includes("flag-3"))
      report(ctx, "SCHEDULER_FLAG_UNKNOWN", { text: "flag-3" }, ["spec", "schedulerFlags"]);
    const familySound = sound(ctx, "service.family", "service.address", "spec.persistence.netmask");
    if (!familySound || !spec.persistence) return;
    const family = serviceFamily(service);
    const { netmask } = spec.persistence;
    if (canonicalNetmask(netmask, family) === null)
      report(ctx, family === 4 ? "NETMASK_INVALID" : "PREFIX_INVALID", { text: netmask }, [
        "spec",
        "persistence",
        "netmask",
      ]);
  }, spanning)
  .transform(({ service, spec }) => {
    if (!spec.persistence) return { service, spec };
    const netmask = canonicalNetmask(spec.persistence.netmask, serviceFamily(service)) ?? spec.persistence.netmask;
    return { service, spec: { ...spec, persistence: { ...spec.persistence, netmask } } };
  });
export type ServiceDefinition = z.infer<typeof serviceDefinitionSchema>;

function checkKey(service: ServiceKey, spec: ServiceSpec, ctx: z.core.$RefinementCtx<unknown>): void {
  if (service.kind === "fwmark") return;
  if (sound(ctx, "service.protocol") && !protocols.some((protocol) => protocol === service.protocol))
    report(ctx, "PROTOCOL_UNKNOWN", { text: service.protocol }, ["service", "protocol"]);
  if (sound(ctx, "service.address")) checkVip(service.address, ctx);
  if (sound(ctx, "service.port", "spec.persistence") && service.port === 0 && spec.persistence === null)
    report(ctx, "PORT_ZERO_NEEDS_PERSISTENCE", {}, ["service", "port"]);
}

function checkVip(address: string, ctx: z.core.$RefinementCtx<unknown>): void {
  const at = ["service", "address"];
  const kind = addressClass(address);
  if (kind === "multicast") report(ctx, "VIP_MULTICAST", { text: address }, at);
  if (kind === "broadcast") report(ctx, "VIP_BROADCAST", { text: address }, at);
  if (kind === "unspecified") report(ctx, "VIP_UNSPECIFIED", { text: address }, at);
}

export function serviceFamily(key: ServiceKey): Family {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}

export function fullNetmask(family: Family): string {
  return family === 4 ? "255.255.255.255" : "128";
}

/**
 * IPv4: a dotted mask (any, as the kernel takes any) or a prefix 0..32 with or without a slash,
 * returned dotted. IPv6: a prefix 1..128. Empty: the full mask. Null: neither.
 */
export function canonicalNetmask(text: string, family: Family): string | null {
  const bare = text.trim().replace(/^\//, "");
  if (bare === "") return fullNetmask(family);
  if (/^\d{1,3}$/.test(bare)) {
    const prefix = Number(bare);
    if (family === 6) return prefix >= 1 && prefix <= 128 ? String(prefix) : null;
    if (prefix > 32) return null;
    const bits = prefix === 0 ? 0 : (UINT_MAX << (32 - prefix)) >>> 0;
    return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
  }
  const mask = family === 4 ? parseAddress(bare) : null;
  return mask?.family === 4 ? mask.text : null;
}

/** One text for one service, stable, unique and fit for a URL: `tcp:10.0.0.1:80`, `udp:[2001:db8::1]:53`, `fwmark:7`, `fwmark6:7`. */
export function serviceId(key: ServiceKey): string {
  if (key.kind === "fwmark") return `${key.family === 6 ? "fwmark6" : "fwmark"}:${key.mark}`;
  return `${key.protocol}:${endpoint(key.address, key.port)}`;
}

/** serviceId() for keys that come in rows: one that says the same as the one just before it has its id already. */
export function serviceIds(): (key: ServiceKey) => string {
  let before: ServiceKey | null = null;
  let id = "";
  return (key) => {
    if (key === before || (before && isSameKey(key, before))) return id;
    before = key;
    id = serviceId(key);
    return id;
  };
}

function isSameKey(one: ServiceKey, other: ServiceKey): boolean {
  if (one.kind === "fwmark") return other.kind === "fwmark" && one.mark === other.mark && one.family === other.family;
  return (
    other.kind === "address" &&
    one.port === other.port &&
    one.address === other.address &&
    one.protocol === other.protocol
  );
}

/** The key that serviceId() wrote, or null: the text may come from anyone's link. */
export function parseServiceId(text: string): ServiceKey | null {
  const mark = /^fwmark(6?):(\d{1,10})$/.exec(text);
  const address = /^([a-z0-9-]{3,8}):(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const candidate = mark
    ? { kind: "fwmark", family: mark[1] ? 6 : 4, mark: mark[2] }
    : { kind: "address", protocol: address?.[1], address: address?.[2] ?? address?.[3], port: address?.[4] };
  const parsed = serviceKeySchema.safeParse(candidate);
  return parsed.success ? parsed.data : null;
}
