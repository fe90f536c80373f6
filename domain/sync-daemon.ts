import { z } from "zod";
import { addressClass, parseAddress } from "./address.ts";
import { whole } from "./numbers.ts";
import { report } from "./problem.ts";

export const syncRoles = ["master", "backup"] as const;

export const syncRoleSchema = z.enum(syncRoles);
export type SyncRole = z.infer<typeof syncRoleSchema>;

/** IFNAMSIZ without its NUL, in bytes. */
const maxInterfaceBytes = 15;

const interfaceSchema = z.unknown().transform((value, ctx): string => {
  if (value === undefined || value === null || value === "") return report(ctx, "REQUIRED");
  const text = String(value);
  // dev_valid_name() of the kernel, but for ":", which no device has either and which it answers itself.
  const fits = new TextEncoder().encode(text).length <= maxInterfaceBytes && !/[\s/\0]/.test(text);
  if (typeof value !== "string" || !fits || text === "." || text === "..")
    return report(ctx, "INTERFACE_INVALID", { text });
  return text;
});

const groupSchema = z.unknown().transform((value, ctx): string => {
  const address = typeof value === "string" ? parseAddress(value) : null;
  if (!address) return report(ctx, "ADDRESS_INVALID", { text: String(value) });
  if (addressClass(address.text) !== "multicast") return report(ctx, "GROUP_NOT_MULTICAST", { text: address.text });
  return address.text;
});

/** Left out, null or an emptied field: the kernel chooses. */
function kernelsChoice<T extends z.ZodType>(schema: T) {
  const isEmpty = (value: unknown) => value === null || (typeof value === "string" && value.trim() === "");
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), schema.optional());
}

/**
 * A connection synchronisation daemon to start, as ipvsadm --start-daemon takes it. Left out, the kernel chooses: the
 * longest message that fits the interface's MTU, group 224.0.0.81, port 8848, TTL 1. `syncId` 0 on a backup takes all.
 */
export const syncDaemonSchema = z.object({
  role: syncRoleSchema,
  interface: interfaceSchema,
  syncId: whole(0, 255),
  maxLength: kernelsChoice(whole(1, 65_507)),
  group: kernelsChoice(groupSchema),
  port: kernelsChoice(whole(1, 65_535)),
  ttl: kernelsChoice(whole(1, 255)),
});

export interface SyncDaemonSpec {
  role: SyncRole;
  interface: string;
  syncId: number;
  /** what is left out is the kernel's choice: interface MTU − 28, 224.0.0.81, 8848, 1 */
  maxLength?: number | undefined;
  group?: string | undefined;
  port?: number | undefined;
  ttl?: number | undefined;
}

/** A daemon as the kernel shows it, with what it chose. */
export interface SyncDaemon extends SyncDaemonSpec {
  maxLength: number;
  group: string;
  port: number;
  ttl: number;
}
