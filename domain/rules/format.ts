import { type Change, isRowChange } from "../change.ts";
import { endpoint } from "../endpoint.ts";
import type { ObservedServerSpec, ServerKey } from "../real-server.ts";
import { fullNetmask, type ObservedServiceSpec, type ServiceKey, serviceFamily } from "../service.ts";
import { formatHostChange } from "./format-host-change.ts";

/**
 * ipvsadm's words for services, servers and changes, as `ipvsadm -S -n` writes them
 * (ipvsadm 1.31: print_service_entry, print_tunnel_rule), with two differences where its own output loses
 * something: thresholds are written as -x and -y, and marks of 2^31 and up stay unsigned.
 */

const protocolOptions: Record<string, string> = { tcp: "-t", udp: "-u", sctp: "--sctp-service" };

/** `-t 10.0.0.1:80`, `-f 7 -6` */
export function formatServiceKey(key: ServiceKey): string {
  if (key.kind === "fwmark") return `-f ${key.mark}${key.family === 6 ? " -6" : ""}`;
  return `${protocolOptions[key.protocol] ?? `--${key.protocol}-service`} ${endpoint(key.address, key.port)}`;
}

/** What follows the service's name: `-s wlc -p 360 -M 255.255.255.0 --pe sip -o -b flag-1` */
export function formatServiceOptions(key: ServiceKey, spec: ObservedServiceSpec): string {
  const words = [`-s ${spec.scheduler}`];
  if (spec.persistence) {
    words.push(`-p ${spec.persistence.timeoutS}`);
    if (spec.persistence.netmask !== fullNetmask(serviceFamily(key))) words.push(`-M ${spec.persistence.netmask}`);
  }
  if (spec.engine) words.push(`--pe ${spec.engine}`);
  if (spec.onePacket) words.push("-o");
  const flags = spec.schedulerFlags
    .map((flag) => schedulerFlagName(spec.scheduler, flag))
    .filter((name) => name !== null);
  if (flags.length > 0) words.push(`-b ${flags.join(",")}`);
  return words.join(" ");
}

/** The scheduler's own name for one of the three flag bits; null where it has none (sh and mh know two). */
export function schedulerFlagName(scheduler: string, flag: string): string | null {
  if (scheduler !== "sh" && scheduler !== "mh") return flag;
  if (flag === "flag-1") return `${scheduler}-fallback`;
  return flag === "flag-2" ? `${scheduler}-port` : null;
}

const forwardOptions: Record<string, string> = { nat: "-m", tunnel: "-i", direct: "-g", local: "-g" };
const checksumOptions: Record<string, string> = {
  none: "--tun-nocsum",
  checksum: "--tun-csum",
  "remote-checksum": "--tun-remcsum",
};

/** `-r 10.0.0.7:8080` */
export function formatServerKey(server: ServerKey): string {
  return `-r ${endpoint(server.address, server.port)}`;
}

/** What follows the server's address: `-m -w 5 -x 100 -y 50`, `-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum` */
export function formatServerOptions(spec: ObservedServerSpec): string {
  const words = [forwardOptions[spec.forward] ?? "(null)", `-w ${spec.weight}`];
  if (spec.upperThreshold > 0) words.push(`-x ${spec.upperThreshold}`);
  if (spec.lowerThreshold > 0) words.push(`-y ${spec.lowerThreshold}`);
  if (spec.tunnel) {
    words.push(`--tun-type ${spec.tunnel.type}`);
    if (spec.tunnel.type === "gue") words.push(`--tun-port ${spec.tunnel.port}`);
    if (spec.tunnel.type === "gue" || spec.tunnel.type === "gre")
      words.push(checksumOptions[spec.tunnel.checksum] ?? `--tun-${spec.tunnel.checksum}`);
  }
  return words.filter((word) => word !== "").join(" ");
}

/**
 * The ipvsadm command that does the same as `change`. For set-weight, drain-server and restore-server
 * ipvsadm needs the whole record, so `now` (the server as it is) and for restore `restoredWeight` are asked for.
 */
export function formatChange(change: Change, now?: ObservedServerSpec, restoredWeight = 1): string {
  if (!isRowChange(change)) return formatHostChange(change);
  const service = formatServiceKey(change.service);
  switch (change.verb) {
    case "add-service":
      return `ipvsadm -A ${service} ${formatServiceOptions(change.service, change.spec)}`;
    case "edit-service":
      return `ipvsadm -E ${service} ${formatServiceOptions(change.service, change.spec)}`;
    case "remove-service":
      return `ipvsadm -D ${service}`;
    case "add-server":
      return `ipvsadm -a ${service} ${formatServerKey(change.server)} ${formatServerOptions(change.server)}`;
    case "edit-server":
      return `ipvsadm -e ${service} ${formatServerKey(change.server)} ${formatServerOptions(change.server)}`;
    case "remove-server":
      return `ipvsadm -d ${service} ${formatServerKey(change.server)}`;
    case "set-weight":
    case "drain-server":
    case "restore-server": {
      const weight = change.verb === "set-weight" ? change.weight : change.verb === "drain-server" ? 0 : restoredWeight;
      const options = now ? formatServerOptions({ ...now, weight }) : `-w ${weight}`;
      return `ipvsadm -e ${service} ${formatServerKey(change.server)} ${options}`;
    }
  }
}
