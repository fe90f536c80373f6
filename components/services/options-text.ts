import type { ObservedServerSpec } from "#domain/real-server";
import type { ObservedServiceSpec } from "#domain/service";

/** A service's options beside its scheduler, as ipvsadm writes them. */
export function serviceOptions({ persistence, onePacket, engine, schedulerFlags }: ObservedServiceSpec): string {
  return [
    persistence && `-p ${persistence.timeoutS}`,
    persistence &&
      persistence.netmask !== "255.255.255.255" &&
      persistence.netmask !== "128" &&
      `-M ${persistence.netmask}`,
    engine && `--pe ${engine}`,
    onePacket && "-o",
    schedulerFlags.length > 0 && `-b ${schedulerFlags.join(",")}`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** A real server's tunnel, as --tun-info shows it. */
export function serverOptions({ tunnel }: Pick<ObservedServerSpec, "tunnel">): string {
  if (!tunnel) return "";
  const port = tunnel.port === 0 ? "" : ` ${tunnel.port}`;
  return `${tunnel.type}${port}${tunnel.checksum === "none" ? "" : ` ${tunnel.checksum}`}`;
}

/** `lower–upper`, or nothing where there is no limit. */
export function thresholds({ lowerThreshold, upperThreshold }: ObservedServerSpec): string {
  return upperThreshold === 0 && lowerThreshold === 0 ? "" : `${lowerThreshold} – ${upperThreshold}`;
}
