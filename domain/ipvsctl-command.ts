import type { ObservedServerSpec, ServerKey } from "./real-server.ts";
import type { ServiceKey } from "./service.ts";

/**
 * ipvsctl's words (kwanhur/ipvsctl 1.3.0) for what ipvsadm 1.31 has none for: FULLNAT servers and local addresses. It knows
 * no firewall marks, so there null is answered, and no thresholds.
 */

type ServerVerb = "add-server" | "edit-server";

/** `ipvsctl server add --vip 10.0.0.9 --vport 80 --protocol TCP --rip 10.0.0.1 --rport 8080 --forward fnat --weight 1` */
export function ipvsctlServer(
  verb: ServerVerb,
  service: ServiceKey,
  server: ServerKey & Pick<ObservedServerSpec, "weight">,
): string | null {
  const key = serviceWords(service);
  if (key === null) return null;
  const word = verb === "add-server" ? "add" : "update";
  return `ipvsctl server ${word} ${key} --rip ${server.address} --rport ${server.port} --forward fnat --weight ${server.weight}`;
}

/** `ipvsctl address add --vip 10.0.0.9 --vport 80 --protocol TCP --lip 10.0.0.21,10.0.0.22` */
export function ipvsctlAddress(
  verb: "add" | "del" | "flush",
  service: ServiceKey,
  addresses: readonly string[],
): string | null {
  const key = serviceWords(service);
  if (key === null) return null;
  return `ipvsctl address ${verb} ${key}${verb === "flush" ? "" : ` --lip ${addresses.join(",")}`}`;
}

function serviceWords(service: ServiceKey): string | null {
  if (service.kind === "fwmark") return null;
  return `--vip ${service.address} --vport ${service.port} --protocol ${service.protocol.toUpperCase()}`;
}
