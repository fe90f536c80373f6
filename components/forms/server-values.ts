import { familyOf, parseAddress } from "#domain/address";
import { ipvsctlServer } from "#domain/ipvsctl-command";
import { forwards, makableForwards, keepsPort as methodKeepsPort, type ObservedServerSpec } from "#domain/real-server";
import { formatServerKey, formatServerOptions, formatServiceKey } from "#domain/rules/format";
import { type ServiceKey, serviceFamily } from "#domain/service";
import { draft, typedNumber } from "./draft-text.ts";

/** What stands in the fields of the form for a real server: texts as typed, so that an emptied field stays empty. */
export interface ServerValues {
  address: string;
  port: string;
  /** a forwarding method; an observed one that cannot be set stays selectable until another is chosen */
  forward: string;
  weight: string;
  upperThreshold: string;
  lowerThreshold: string;
  tunnelType: string;
  tunnelPort: string;
  tunnelChecksum: string;
}

export type ServerField = keyof ServerValues;

/**
 * The form for a new real server of a service: its port, and the forwarding method of the servers that are there.
 *
 * @param fullnat whether the kernel has that one
 */
export function newServerValues(
  service: ServiceKey,
  neighbours: readonly { forward: string }[] = [],
  fullnat = false,
): ServerValues {
  const possible: readonly string[] = fullnat ? makableForwards : forwards;
  const forward = neighbours[0]?.forward ?? "";
  return {
    address: "",
    port: service.kind === "address" ? String(service.port) : "0",
    forward: possible.includes(forward) ? forward : "nat",
    weight: "1",
    upperThreshold: "0",
    lowerThreshold: "0",
    tunnelType: "ipip",
    tunnelPort: "",
    tunnelChecksum: "none",
  };
}

/** The form for a real server as it is. */
export function valuesOfServer(spec: ObservedServerSpec): ServerValues {
  return {
    address: spec.address,
    port: String(spec.port),
    forward: spec.forward,
    weight: String(spec.weight),
    upperThreshold: String(spec.upperThreshold),
    lowerThreshold: String(spec.lowerThreshold),
    tunnelType: spec.tunnel?.type ?? "ipip",
    tunnelPort: spec.tunnel?.type === "gue" ? String(spec.tunnel.port) : "",
    tunnelChecksum: spec.tunnel?.checksum ?? "none",
  };
}

/** What the fields say, in the shape that serverDefinitionSchema checks. Fields that a choice hides are not sent. */
export function serverInput(service: ServiceKey, values: ServerValues): { service: ServiceKey; server: unknown } {
  return {
    service,
    server: {
      address: values.address,
      port: values.port,
      forward: values.forward,
      weight: values.weight,
      upperThreshold: values.upperThreshold,
      lowerThreshold: values.lowerThreshold,
      tunnel: values.forward === "tunnel" ? tunnelInput(values) : null,
    },
  };
}

function tunnelInput(values: ServerValues): { type: string; port: string; checksum: string } {
  const type = values.tunnelType;
  return {
    type,
    port: type === "gue" ? values.tunnelPort : "0",
    checksum: type === "ipip" ? "none" : values.tunnelChecksum,
  };
}

/** The field that shows what is wrong at `path` of a server definition or set-weight change; null when no field does. */
export function serverFieldAt(path: readonly (string | number)[]): ServerField | null {
  const inTunnel = path.includes("tunnel");
  const leaf = String(path.at(-1) ?? "");
  if (inTunnel) return leaf === "port" ? "tunnelPort" : leaf === "checksum" ? "tunnelChecksum" : "tunnelType";
  const fields = ["address", "port", "forward", "weight", "upperThreshold", "lowerThreshold"] as const;
  return fields.find((field) => field === leaf) ?? null;
}

/** Does this method send packets to the service's own port, whatever the server's says? */
export function keepsPort(service: ServiceKey, forward: string): boolean {
  return service.kind === "address" && methodKeepsPort(forward);
}

/** Is the address typed so far of the other family than the service's? */
export function mixesFamilies(service: ServiceKey, address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== null && familyOf(parsed.text) !== serviceFamily(service);
}

/**
 * The command that does what the fields say, ipvsadm's or, for full NAT, ipvsctl's; null where neither has one. What is not a
 * value yet is written as "…".
 */
export function serverCommand(
  verb: "add-server" | "edit-server",
  service: ServiceKey,
  values: ServerValues,
): string | null {
  const tunnel = tunnelInput(values);
  const spec = {
    address: parseAddress(values.address)?.text ?? values.address.trim(),
    port: typedNumber(values.port),
    forward: values.forward as ObservedServerSpec["forward"],
    weight: typedNumber(values.weight),
    upperThreshold: typedNumber(values.upperThreshold),
    lowerThreshold: typedNumber(values.lowerThreshold),
    tunnel: values.forward === "tunnel" ? { ...tunnel, port: typedNumber(tunnel.port) } : null,
  } satisfies ObservedServerSpec;
  if (spec.forward === "fullnat") {
    const command = ipvsctlServer(verb, service, { ...spec, address: spec.address || "…" });
    return command && draft(command);
  }
  const option = verb === "add-server" ? "-a" : "-e";
  return draft(`ipvsadm ${option} ${formatServiceKey(service)} ${formatServerKey(spec)} ${formatServerOptions(spec)}`);
}
