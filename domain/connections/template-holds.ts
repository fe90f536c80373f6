import { parseAddress } from "../address.ts";
import { connectionRowBytes, isIpv6, protocolNumber, rowAt, rowBit } from "./packed-row.ts";
import type { PersistentService } from "./persistent-service.ts";

const ftpPort = 21;
const ftpDataPort = 20;
/** PROT_SOCK: below it a port is no FTP data's */
const firstFreePort = 1024;

/**
 * Counts what each persistence template holds, from the connections of one read: the kernel keeps that count (n_control)
 * and prints it nowhere. A connection follows the template that its service's persistence would have found for it, if that
 * leads to the same server (ip_vs_sched_persist, linux net/netfilter/ipvs/ip_vs_core.c); a firewall mark does not
 * stand in a row, so connections that are of no service by address count for every mark.
 */
export class TemplateHolds {
  readonly #byAddress = new Map<string, Map<number, PersistentService>>();
  readonly #marks: PersistentService[];
  readonly #counts = new Map<string, number>();
  readonly #scratch = new Uint8Array(connectionRowBytes);
  readonly #view = new DataView(this.#scratch.buffer);

  constructor(services: readonly PersistentService[]) {
    this.#marks = services.filter(({ fwmark }) => fwmark !== null);
    for (const service of services) {
      const bytes = service.address === null ? undefined : parseAddress(service.address)?.bytes;
      if (!bytes || service.protocol === null || service.port === null) continue;
      const key = addressKey(protocolNumber(service.protocol.toUpperCase()), bytes);
      const ports = this.#byAddress.get(key) ?? new Map<number, PersistentService>();
      this.#byAddress.set(key, ports.set(service.port, service));
    }
  }

  /** A connection of the table, whether it is asked for or not. */
  add(row: DataView): void {
    const bytes = new Uint8Array(row.buffer, row.byteOffset, connectionRowBytes);
    const isIpv6Client = isIpv6(row, "client");
    const virtual = bytes.subarray(rowAt.virtual, rowAt.virtual + (isIpv6Client ? 16 : 4));
    const protocol = row.getUint8(rowAt.protocol);
    const port = row.getUint16(rowAt.virtualPort, true);
    const service = serviceFor(this.#byAddress.get(addressKey(protocol, virtual)), protocol, port);
    if (service) {
      this.#begin(bytes, service, isIpv6Client);
      if (service.port === 0 || service.port === ftpPort) this.#leavePortsOut();
      this.#count();
      return;
    }
    for (const mark of this.#marks) {
      this.#begin(bytes, mark, isIpv6Client);
      this.#scratch.fill(0, rowAt.virtual, rowAt.virtual + 16);
      this.#view.setUint32(rowAt.virtual, mark.fwmark ?? 0);
      this.#scratch[rowAt.protocol] = 0;
      this.#leavePortsOut();
      this.#count();
    }
  }

  /** How many connections that were added follow this template. */
  of(template: DataView): number {
    const bytes = new Uint8Array(template.buffer, template.byteOffset, connectionRowBytes);
    this.#take(bytes);
    return this.#counts.get(keyOf(this.#scratch)) ?? 0;
  }

  /** The template that a connection of `service` would have. */
  #begin(bytes: Uint8Array, { prefix4, prefix6 }: PersistentService, isIpv6Client: boolean): void {
    this.#take(bytes);
    const prefix = isIpv6Client ? prefix6 : prefix4;
    for (let byte = 0; byte < 16; byte++) {
      const kept = 0xff & (0xff00 >> Math.min(8, Math.max(0, prefix - byte * 8)));
      this.#scratch[byte] = (this.#scratch[byte] ?? 0) & kept;
    }
  }

  /** All that tells templates apart: ends, protocol and families, without the client's port, state, time and the rest. */
  #take(bytes: Uint8Array): void {
    this.#scratch.set(bytes);
    this.#view.setUint16(rowAt.clientPort, 0);
    this.#view.setUint8(rowAt.state, 0);
    this.#view.setUint32(rowAt.expires, 0);
    this.#view.setUint32(rowAt.bits, (bytes[rowAt.bits] ?? 0) & (rowBit.ipv6 | rowBit.ipv6Server), true);
  }

  #leavePortsOut(): void {
    this.#view.setUint16(rowAt.virtualPort, 0);
    this.#view.setUint16(rowAt.serverPort, 0);
  }

  #count(): void {
    const key = keyOf(this.#scratch);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

/** ip_vs_service_find(): the exact port, else FTP's for what may be its data, else the service of all ports. */
function serviceFor(ports: Map<number, PersistentService> | undefined, protocol: number, port: number) {
  if (!ports) return undefined;
  const isFtpData = protocol === 6 && (port === ftpDataPort || port >= firstFreePort);
  return ports.get(port) ?? (isFtpData ? ports.get(ftpPort) : undefined) ?? ports.get(0);
}

const keyOf = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const addressKey = (protocol: number, address: Uint8Array) => String.fromCharCode(protocol, ...address);
