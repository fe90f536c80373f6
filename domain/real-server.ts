import { z } from "zod";
import { addressClass, addressSchema, familyOf } from "./address.ts";
import { endpoint } from "./endpoint.ts";
import { INT_MAX, portSchema, whole } from "./numbers.ts";
import { report, sound, spanning } from "./problem.ts";
import { type ServiceKey, serviceFamily, serviceId, serviceKeySchema } from "./service.ts";

/** Made here on every kernel, as -m, -i and -g. */
export const forwards = ["nat", "tunnel", "direct"] as const;
/** What may be made at all: full NAT where the kernel has it, which the director asks it and no schema knows. */
export const makableForwards = [...forwards, "fullnat"] as const;
export type Forward = (typeof makableForwards)[number];
/**
 * FWD_METHOD & 7, each number with a name of its own, so that a row made elsewhere goes back as it came. Beyond those above:
 * local is the director itself, bypass sends to where the packet was going, mask is the bits of all, and 6 is nothing; clients
 * of 4 to 7 get no answer from mainline kernels, which take them without a word.
 */
export const observedForwards = ["nat", "local", "tunnel", "direct", "bypass", "fullnat", "forward-6", "mask"] as const;

export const tunnelTypes = ["ipip", "gue", "gre"] as const;
export const tunnelChecksums = ["none", "checksum", "remote-checksum"] as const;
export type TunnelChecksum = (typeof tunnelChecksums)[number];
/** What each type of tunnel can carry: IPIP has no checksum of its own, only GUE knows the remote one. */
export const possibleChecksums: Record<(typeof tunnelTypes)[number], readonly TunnelChecksum[]> = {
  ipip: ["none"],
  gre: ["none", "checksum"],
  gue: tunnelChecksums,
};

/** Share of new connections against the neighbours' weights. 0 drains: what is connected stays. */
export const weightSchema = whole(0, INT_MAX);

export const serverKeySchema = z.object({ address: addressSchema, port: portSchema });
export type ServerKey = z.infer<typeof serverKeySchema>;

const observedTunnelSchema = z.object({
  type: z.string().max(16),
  port: z.number().int(),
  checksum: z.string().max(20),
});

/** What a real server is set to, as the kernel shows it: wider than what we would write. */
export const observedServerSpecSchema = z.object({
  address: addressSchema,
  port: portSchema,
  forward: z.enum(observedForwards),
  weight: z.number().int(),
  upperThreshold: z.number().int(),
  lowerThreshold: z.number().int(),
  /** null unless the forwarding method is tunnel; an unknown type is `type-N`, unknown flags `flags-N` */
  tunnel: observedTunnelSchema.nullable(),
});
export type ObservedServerSpec = z.infer<typeof observedServerSpecSchema>;

const forwardSchema = z.unknown().transform((value, ctx): Forward => {
  if (value === undefined || value === "") return report(ctx, "REQUIRED");
  return (
    makableForwards.find((forward) => forward === value) ?? report(ctx, "FORWARD_UNKNOWN", { text: String(value) })
  );
});

const tunnelTypeSchema = z.unknown().transform((value, ctx) => {
  return tunnelTypes.find((type) => type === value) ?? report(ctx, "TUNNEL_TYPE_UNKNOWN", { text: String(value) });
});

const tunnelSchema = z
  .object({ type: tunnelTypeSchema, port: whole(0, 65_535), checksum: z.unknown() })
  .superRefine(({ type, port, checksum }, ctx) => {
    if (!sound(ctx, "type")) return;
    if (sound(ctx, "port")) {
      if (type === "gue" && port === 0) report(ctx, "TUNNEL_PORT_REQUIRED", {}, ["port"]);
      if (type !== "gue" && port !== 0) report(ctx, "TUNNEL_PORT_NOT_USED", { type }, ["port"]);
    }
    if (!possibleChecksums[type].some((possible) => possible === checksum))
      report(ctx, "TUNNEL_CHECKSUM_NOT_POSSIBLE", { type }, ["checksum"]);
  }, spanning)
  .transform(({ checksum, ...tunnel }) => ({ ...tunnel, checksum: checksum as TunnelChecksum }));

/** What an operator decides about a real server. The kernel wants all of it on every edit: a missing field would reset it. */
export const serverSpecSchema = z
  .object({
    address: addressSchema,
    port: portSchema,
    forward: forwardSchema,
    weight: weightSchema,
    upperThreshold: whole(0, INT_MAX),
    lowerThreshold: whole(0, INT_MAX),
    tunnel: tunnelSchema.nullable(),
  })
  .superRefine(({ address, forward, upperThreshold: upper, lowerThreshold: lower, tunnel }, ctx) => {
    if (sound(ctx, "address") && addressClass(address) !== "unicast")
      report(ctx, "SERVER_NOT_UNICAST", { text: address }, ["address"]);
    // ip_vs_add_dest() refuses lower > upper even when upper is 0, "no limit".
    if (sound(ctx, "upperThreshold", "lowerThreshold") && lower > upper)
      report(ctx, "THRESHOLDS_CROSSED", { upper, lower }, ["lowerThreshold"]);
    if (!sound(ctx, "forward", "tunnel")) return;
    if (tunnel && forward !== "tunnel") report(ctx, "TUNNEL_NEEDS_TUNNELING", {}, ["tunnel"]);
    if (tunnel === null && forward === "tunnel") report(ctx, "TUNNEL_REQUIRED", {}, ["tunnel"]);
  }, spanning);
export type ServerSpec = z.infer<typeof serverSpecSchema>;

/** A real server and the service it belongs to, with the rules that span both. */
export const serverDefinitionSchema = z
  .object({ service: serviceKeySchema, server: serverSpecSchema })
  .superRefine(({ service, server }, ctx) => {
    if (!sound(ctx, "service.kind", "server.forward")) return;
    const portsSound = sound(ctx, "service.port", "server.port");
    if (portsSound && service.kind === "address" && keepsPort(server.forward) && server.port !== service.port)
      report(ctx, "PORT_MUST_MATCH", { port: service.port }, ["server", "port"]);
    const addressesSound = sound(ctx, "service.family", "service.address", "server.address");
    if (addressesSound && familyOf(server.address) !== serviceFamily(service) && server.forward !== "tunnel")
      report(ctx, "FAMILY_MIX_NEEDS_TUNNELING", { family: serviceFamily(service) }, ["server", "address"]);
  }, spanning);
export type ServerDefinition = z.infer<typeof serverDefinitionSchema>;

/** Does this method send packets to the service's own port, whatever the server's says? */
export function keepsPort(forward: string): boolean {
  return forward === "direct" || forward === "tunnel";
}

/** One text for one real server of one service: `tcp:10.0.0.1:80>10.0.0.7:8080`. */
export function serverId(service: ServiceKey, server: ServerKey): string {
  return serverIdIn(serviceId(service), server);
}

/** serverId() where the service's id is known already. */
export function serverIdIn(serviceId: string, server: ServerKey): string {
  return `${serviceId}>${endpoint(server.address, server.port)}`;
}
