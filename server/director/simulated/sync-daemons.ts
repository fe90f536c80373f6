import { addressClass, parseAddress } from "#domain/address";
import type { SyncDaemon, SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { Errno } from "./errno.ts";
import type { SimulatedHost } from "./host.ts";

const udpHeader = 8;
const headers = { 4: 20 + udpHeader, 6: 40 + udpHeader } as const;
const defaultGroup = "224.0.0.81";
const defaultPort = 8848;

/** The two sync daemons that may run, by the rules of start_sync_thread() (linux net/netfilter/ipvs/ip_vs_sync.c). */
export class SyncDaemons {
  readonly #host: SimulatedHost;
  readonly #running = new Map<SyncRole, SyncDaemon>();

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  get any(): boolean {
    return this.#running.size > 0;
  }

  /** The master before the backup, as the kernel lists them. */
  list(): SyncDaemon[] {
    return (["master", "backup"] as const).flatMap((role) => this.#running.get(role) ?? []);
  }

  /** @param mixedFamilies whether a service has a server of the other family */
  start(spec: SyncDaemonSpec, mixedFamilies: boolean): Errno | null {
    const group = parseAddress(spec.group ?? defaultGroup);
    if (!group || addressClass(group.text) !== "multicast" || mixedFamilies) return "EINVAL";
    const device = this.#host.interfaces.find(({ name }) => name === spec.interface);
    if (!device) return "ENODEV";
    if (this.#running.has(spec.role)) return "EEXIST";
    // A master connects to its group; multicast routes of IPv6 stand on real links with IPv6 only.
    const routed = group.family === 4 || (device.name !== "lo" && device.addresses.some((own) => own.includes(":")));
    if (spec.role === "master" && !routed) return "ENETUNREACH";
    const most = 65_535 - headers[group.family];
    const mtu = spec.role === "backup" ? clamp(device.mtu, 1500, 65_535) : 1500;
    this.#running.set(spec.role, {
      role: spec.role,
      interface: spec.interface,
      syncId: spec.syncId,
      maxLength: spec.maxLength
        ? clamp(spec.maxLength, spec.role === "backup" ? 1024 : 1, most)
        : mtu - headers[group.family],
      group: group.text,
      port: spec.port || defaultPort,
      ttl: spec.ttl || 1,
    });
    return null;
  }

  stop(role: SyncRole): Errno | null {
    return this.#running.delete(role) ? null : "ESRCH";
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
