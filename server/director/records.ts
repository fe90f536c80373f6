import { addressOf, type Family, parseAddress } from "#domain/address";
import type { Command } from "#domain/batch/command";
import { type ObservedServerSpec, observedForwards, type ServerKey, serverId } from "#domain/real-server";
import { quadNumber } from "#domain/rules/plain-address";
import {
  fullNetmask,
  type ObservedServiceSpec,
  type ServiceKey,
  schedulerFlags,
  serviceFamily,
  serviceId,
} from "#domain/service";
import type { ServerRow, ServiceRow, TableRow } from "#domain/table";

/**
 * The packed rows and commands of native/row.h, to and from the table's own records. Every number that the
 * kernel may hold has a name of its own and goes back as it came: `ip-50`, `forward-6`, `type-9`, `flags-3`.
 */
export const rowBytes = 96;
export const commandBytes = 200;

const kindService = 0;
const kindServer = 1;
const kindNone = 255;

/** IP_VS_SVC_F_PERSISTENT, ONEPACKET and the three scheduler flags (linux/ip_vs.h); other bits of a service stay as they are. */
const flagPersistent = 0x1;
const flagOnePacket = 0x4;
const firstSchedulerFlag = 0x8;
export const ownedFlags = 0x3d;

const protocolNumbers: Record<string, number> = { tcp: 6, udp: 17, sctp: 132 };
const familyNumbers = { 4: 2, 6: 10 } as const;
const tunnelTypeNames = ["ipip", "gue", "gre"];
const checksumNames = ["none", "checksum", "remote-checksum"];

/** The service in packed row `index`. */
export function decodeService(config: Uint8Array, index: number): ServiceRow {
  const row = new DataView(config.buffer, config.byteOffset + index * rowBytes, rowBytes);
  const key = decodeKey(row, config.subarray(index * rowBytes, (index + 1) * rowBytes));
  const flags = row.getUint32(28, true);
  const spec: ObservedServiceSpec = {
    scheduler: text(row, 40, 16),
    schedulerFlags: schedulerFlags.filter((_, bit) => flags & (firstSchedulerFlag << bit)),
    persistence:
      flags & flagPersistent ? { timeoutS: row.getUint32(32, true), netmask: decodeNetmask(row, key) } : null,
    onePacket: (flags & flagOnePacket) !== 0,
    engine: text(row, 56, 20) || null,
  };
  return { kind: "service", id: serviceId(key), key, spec };
}

/** The real server in packed row `index`, of `service`. */
export function decodeServer(config: Uint8Array, index: number, service: ServiceRow): ServerRow {
  const row = new DataView(config.buffer, config.byteOffset + index * rowBytes, rowBytes);
  const forward = observedForwards[row.getUint32(76, true) & 7] ?? "nat";
  const spec: ObservedServerSpec = {
    address: decodeAddress(row),
    port: row.getUint16(6, true),
    forward,
    weight: row.getInt32(80, true),
    upperThreshold: row.getUint32(84, true),
    lowerThreshold: row.getUint32(88, true),
    tunnel: forward === "tunnel" ? decodeTunnel(row) : null,
  };
  return { kind: "server", id: serverId(service.key, spec), serviceId: service.id, spec };
}

/**
 * The rows of a dump. Where a packed row equals the one before (`previous`), the old object is kept, and
 * when all do, the old array: what did not change costs nothing further on.
 */
export function decodeRows(
  config: Uint8Array,
  previous?: { config: Uint8Array; rows: readonly TableRow[] },
): readonly TableRow[] {
  if (previous && Buffer.compare(config, previous.config) === 0) return previous.rows;
  const count = config.length / rowBytes;
  const rows: TableRow[] = new Array(count);
  let service: ServiceRow | null = null;
  for (let index = 0; index < count; index++) {
    const old = previous && sameBytes(config, previous.config, index) ? previous.rows[index] : undefined;
    if (config[index * rowBytes] === kindService) {
      service = (old ?? decodeService(config, index)) as ServiceRow;
      rows[index] = service;
    } else {
      // A server's packed row does not name its service: the old object may only be kept under the same one.
      const kept = old?.kind === "server" && old.serviceId === service?.id ? old : undefined;
      rows[index] = kept ?? decodeServer(config, index, service as ServiceRow);
    }
  }
  return rows;
}

function sameBytes(now: Uint8Array, before: Uint8Array, index: number): boolean {
  const at = index * rowBytes;
  return (
    before.length >= at + rowBytes &&
    Buffer.compare(now.subarray(at, at + rowBytes), before.subarray(at, at + rowBytes)) === 0
  );
}

/** A packed row that names a service, and sets it too when a spec is given. */
export function encodeService(key: ServiceKey, spec?: ObservedServiceSpec): Uint8Array {
  const packer = new Packer(new Uint8Array(rowBytes));
  packer.service(0, key, spec);
  return packer.bytes;
}

/**
 * Packed commands for NativeIpvs.write().
 *
 * @param memory to write them into, where there is room for them
 */
export function encodeCommands(commands: readonly Command[], memory?: Uint8Array): Uint8Array {
  const length = commands.length * commandBytes;
  const isRoom = memory !== undefined && memory.length >= length;
  const packer = new Packer(isRoom ? memory.subarray(0, length).fill(0) : new Uint8Array(length));
  let before: Command | undefined;
  for (const [index, command] of commands.entries()) {
    const at = index * commandBytes;
    packer.command(at, commandNumbers[command.command]);
    const [service, server] = [at + 8, at + 8 + rowBytes];
    packer.bytes[server] = kindNone;
    if (command.command === "flush" || command.service === null) packer.bytes[service] = kindNone;
    else {
      const isNamedAgain = before && "server" in before && "server" in command && before.service === command.service;
      if (isNamedAgain) packer.bytes.copyWithin(service, service - commandBytes, service - commandBytes + rowBytes);
      else packer.service(service, command.service, "spec" in command ? command.spec : undefined);
      if ("server" in command) packer.server(server, command.server);
    }
    before = command;
  }
  return packer.bytes;
}

const commandNumbers = {
  "new-service": 1,
  "set-service": 2,
  "delete-service": 3,
  "new-server": 5,
  "set-server": 6,
  "delete-server": 7,
  zero: 16,
  flush: 17,
} as const;

function decodeKey(row: DataView, bytes: Uint8Array): ServiceKey {
  const family = row.getUint16(2, true) === familyNumbers[6] ? 6 : 4;
  const mark = row.getUint32(8, true);
  if (mark !== 0) return { kind: "fwmark", family, mark };
  const number = row.getUint16(4, true);
  const protocol = Object.keys(protocolNumbers).find((name) => protocolNumbers[name] === number) ?? `ip-${number}`;
  return {
    kind: "address",
    protocol,
    address: addressOf(bytes.slice(12, family === 6 ? 28 : 16)).text,
    port: row.getUint16(6, true),
  };
}

function decodeAddress(row: DataView): string {
  const length = row.getUint16(2, true) === familyNumbers[6] ? 16 : 4;
  return addressOf(new Uint8Array(row.buffer.slice(row.byteOffset + 12, row.byteOffset + 12 + length))).text;
}

function decodeNetmask(row: DataView, key: ServiceKey): string {
  if (serviceFamily(key) === 6) return String(row.getUint32(36, true));
  return [36, 37, 38, 39].map((at) => row.getUint8(at)).join(".");
}

function decodeTunnel(row: DataView): { type: string; port: number; checksum: string } {
  const type = row.getUint8(1);
  const flags = row.getUint16(94, true);
  return {
    type: tunnelTypeNames[type] ?? `type-${type}`,
    port: row.getUint16(92, true),
    checksum: checksumNames[flags] ?? `flags-${flags}`,
  };
}

/** Writes rows into one buffer, each at its place: a batch of thousands makes no object for each of them. */
class Packer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  /** @param bytes all of them 0 */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  command(at: number, number: number): void {
    this.#view.setUint32(at, number, true);
    this.#view.setUint32(at + 4, ownedFlags, true);
  }

  service(at: number, key: ServiceKey, spec?: ObservedServiceSpec): void {
    const view = this.#view;
    view.setUint8(at, kindService);
    const family = serviceFamily(key);
    view.setUint16(at + 2, familyNumbers[family], true);
    if (key.kind === "fwmark") {
      view.setUint16(at + 4, 6, true);
      view.setUint32(at + 8, key.mark, true);
    } else {
      view.setUint16(at + 4, protocolNumbers[key.protocol] ?? numberIn(key.protocol), true);
      view.setUint16(at + 6, key.port, true);
      this.#address(at + 12, key.address);
    }
    if (!spec) return;
    const flagBits = spec.schedulerFlags.reduce(
      (bits, flag) => bits | (firstSchedulerFlag << schedulerFlags.indexOf(flag)),
      0,
    );
    const flags = (spec.persistence ? flagPersistent : 0) | (spec.onePacket ? flagOnePacket : 0) | flagBits;
    view.setUint32(at + 28, flags, true);
    view.setUint32(at + 32, spec.persistence?.timeoutS ?? 0, true);
    const netmask = spec.persistence?.netmask ?? fullNetmask(family);
    if (family === 6) view.setUint32(at + 36, Number(netmask), true);
    else this.#address(at + 36, netmask);
    this.#text(at + 40, spec.scheduler, 16);
    if (spec.engine) this.#text(at + 56, spec.engine, 20);
  }

  server(at: number, server: ObservedServerSpec | ServerKey): void {
    const view = this.#view;
    view.setUint8(at, kindServer);
    view.setUint16(at + 2, familyNumbers[this.#address(at + 12, server.address)], true);
    view.setUint16(at + 6, server.port, true);
    if (!("forward" in server)) return;
    view.setUint32(at + 76, observedForwards.indexOf(server.forward), true);
    view.setInt32(at + 80, server.weight, true);
    view.setUint32(at + 84, server.upperThreshold, true);
    view.setUint32(at + 88, server.lowerThreshold, true);
    if (!server.tunnel) return;
    view.setUint8(at + 1, numberOrIndex(tunnelTypeNames, server.tunnel.type));
    view.setUint16(at + 92, server.tunnel.port, true);
    view.setUint16(at + 94, numberOrIndex(checksumNames, server.tunnel.checksum), true);
  }

  /** In network order; the family. */
  #address(at: number, text: string): Family {
    const quad = quadNumber(text);
    if (quad !== null) {
      this.#view.setUint32(at, quad);
      return 4;
    }
    const address = parseAddress(text);
    if (!address) throw new TypeError(`not an address: ${text}`);
    this.bytes.set(address.bytes, at);
    return address.family;
  }

  #text(at: number, value: string, size: number): void {
    const encoded = Buffer.from(value, "latin1");
    if (encoded.length >= size) throw new RangeError(`name longer than ${size - 1} bytes: ${value}`);
    this.bytes.set(encoded, at);
  }
}

function numberOrIndex(names: string[], name: string): number {
  const index = names.indexOf(name);
  return index >= 0 ? index : numberIn(name);
}

function numberIn(name: string): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
}

function text(row: DataView, at: number, size: number): string {
  let end = 0;
  while (end < size && row.getUint8(at + end) !== 0) end++;
  return Buffer.from(row.buffer, row.byteOffset + at, end).toString("latin1");
}
