import { type Family, familyOf, parseAddress } from "#domain/address";
import { countersPerRow } from "#domain/counters";
import { serviceFamily } from "#domain/service";
import type { Timeouts } from "#domain/timeouts";
import { prefixOf } from "../persistent-services.ts";
import type { CounterStore } from "./counter-store.ts";
import { hashNumber, hashText } from "./random.ts";
import type { ServerState, ServiceState } from "./state.ts";

/** What the table lends to who lists its connections. */
export interface ConnectionGround {
  services: () => Iterable<ServiceState>;
  /** removed servers: their connections are listed until they run out */
  trash: () => Iterable<ServerState>;
  timeouts: () => Timeouts;
  counters: CounterStore;
  /** a sync daemon in the role of backup runs: some connections were told by it */
  isBackup: () => boolean;
}

/** What the connections of one server were made of when they were listed. */
interface Listed {
  service: ServiceState;
  server: ServerState;
  active: number;
  inactive: number;
  /** the number of its newest connection, counted from its first */
  newest: number;
  /** persistent clients that are its own: group → milliseconds left */
  templates: readonly { group: number; leftMs: number }[];
}

/** Rows are listed by hash bucket: no server has all of its own one after the other. */
const buckets = 64;
/** Several rounds of the same numbers would be the same clients. */
const clientAddresses = 0x10000;
const usualStates = ["TIME_WAIT", "TIME_WAIT", "TIME_WAIT", "TIME_WAIT", "FIN_WAIT", "FIN_WAIT", "CLOSE", "SYN_RECV"];
const sctpStates = ["S-SENT", "S-RECEIVED", "CLOSED"];
const protocolNames: Record<string, string> = { tcp: "TCP", udp: "UDP", sctp: "SCTP" };

/**
 * The connection table as the kernel prints it, a line a row, of the gauges as they are at the first step: a server has as
 * many rows as active and inactive connections, and its service as many templates as persistent clients. A connection keeps
 * its client as long as it is in the table, from one reading to the next.
 */
export function* connectionLines(ground: ConnectionGround, atMs: number, hasOrigin: boolean): Generator<string> {
  const { tcpS, tcpFinS, udpS } = ground.timeouts();
  const style = { activeS: tcpS, tcpFinS, udpS, hasOrigin, sometimesSynced: ground.isBackup() };
  const writers = Array.from(listed(ground, atMs), (one) => new LineWriter(one, style));
  for (let bucket = 0; bucket < buckets; bucket++) {
    for (const writer of writers) yield* writer.lines(bucket);
  }
}

function* listed({ services, trash, counters }: ConnectionGround, atMs: number): Generator<Listed> {
  const of = (service: ServiceState, server: ServerState, templates: Listed["templates"]): Listed => ({
    ...{ service, server, templates, active: server.active, inactive: server.inactive },
    // Gauges of a bundle may run ahead of what was counted; numbers stay above 0 all the same.
    newest: (counters.live[server.slot * countersPerRow] ?? 0) + server.active + server.inactive,
  });
  for (const service of services()) {
    const own = new Map<ServerState, { group: number; leftMs: number }[]>();
    service.clients?.server.forEach((server, group) => {
      if (!server) return;
      const leftMs = Math.max(0, (service.clients?.expiresAtMs[group] ?? 0) - atMs);
      const list = own.get(server) ?? [];
      list.push({ group, leftMs });
      own.set(server, list);
    });
    for (const server of service.servers) yield of(service, server, own.get(server) ?? []);
  }
  for (const server of trash()) yield of(server.owner, server, []);
}

interface LineStyle {
  activeS: number;
  tcpFinS: number;
  udpS: number;
  hasOrigin: boolean;
  sometimesSynced: boolean;
}

/** Writes the lines of one server. */
class LineWriter {
  readonly #listed: Listed;
  readonly #style: LineStyle;
  readonly #family: Family;
  readonly #seed: number;
  readonly #protocol: string;
  readonly #virtual: string;
  readonly #server: string;
  /** The ports that clients come from, a part for each server: no client has one port twice at a service. */
  readonly #firstPort: number;
  readonly #ports: number;
  /** of a client in each group of a persistent service */
  readonly #clientOf: readonly number[];

  constructor(listed: Listed, style: LineStyle) {
    const { key, id } = listed.service.row;
    this.#listed = listed;
    this.#style = style;
    this.#family = serviceFamily(key);
    this.#seed = hashText(id);
    this.#protocol = key.kind === "fwmark" ? "TCP" : (protocolNames[key.protocol] ?? key.protocol.toUpperCase());
    this.#virtual = addressDigits(key.kind === "address" ? key.address : markedAddress[key.family]);
    this.#server = addressDigits(listed.server.row.spec.address);
    const parts = 2 ** Math.max(2, Math.ceil(Math.log2(Math.max(1, listed.service.servers.length))));
    this.#ports = Math.floor(64_511 / parts);
    this.#firstPort = 1024 + (listed.server.slot % parts) * this.#ports;
    this.#clientOf = firstClients(listed.service);
  }

  /** Those of a bucket, templates last. */
  *lines(bucket: number): Generator<string> {
    const { newest, active, inactive, templates } = this.#listed;
    const oldest = newest - active - inactive + 1;
    const first = oldest + ((bucket - (oldest % buckets) + buckets) % buckets);
    for (let number = first; number <= newest; number += buckets) yield this.#connection(number, number - oldest);
    for (const { group, leftMs } of templates) {
      if (group % buckets === bucket) yield this.#template(group, Math.ceil(leftMs / 1000));
    }
  }

  /** @param place among the server's connections, the oldest first: those that close are older than those that are open */
  #connection(number: number, place: number): string {
    const { service, server, inactive, templates } = this.#listed;
    const { key } = service.row;
    const hash = hashNumber((this.#seed + server.slot * 0x9e37_79b1) ^ number);
    const isActive = place >= inactive;
    const own = templates.length > 0 ? templates[hash % templates.length] : undefined;
    const client = this.#client(own ? (this.#clientOf[own.group] ?? 0) : skewed(hash), own === undefined ? 0 : hash);
    const clientPort = this.#firstPort + ((number * 7919) % this.#ports);
    const virtualPort = key.kind === "address" && key.port !== 0 ? key.port : hash & 1 ? 443 : 80;
    const serverPort = server.row.spec.port || virtualPort;
    const state = isActive ? "ESTABLISHED" : this.#closing(hash);
    const ends = `${client} ${hex(clientPort)} ${this.#virtual} ${hex(virtualPort)} ${this.#server} ${hex(serverPort)}`;
    return this.#line(this.#protocol, ends, state, this.#expiresS(isActive, place, hash), number, "");
  }

  #template(group: number, leftS: number): string {
    const { service, server } = this.#listed;
    const { key, spec } = service.row;
    const client = this.#client(this.#clientOf[group] ?? 0, null);
    const isMark = key.kind === "fwmark";
    // ip_vs_sched_persist(): the mark stands where the address does, and a service of all ports has none in its templates.
    const virtual = isMark ? markDigits(key.mark, key.family) : this.#virtual;
    const port = isMark ? 0 : key.port;
    const ends = `${client} 0000 ${virtual} ${hex(port)} ${this.#server} ${hex(port === 0 ? 0 : server.row.spec.port)}`;
    const engine =
      spec.engine === null ? "" : ` ${spec.engine} ${hashNumber(this.#seed + group).toString(16)}@${callHost}`;
    return this.#line(isMark ? "IP" : this.#protocol, ends, "ASSURED", leftS, group, engine);
  }

  #line(protocol: string, ends: string, state: string, expiresS: number, number: number, engine: string): string {
    const head = `${protocol.padEnd(3)} ${ends} ${state.padEnd(11)} `;
    if (!this.#style.hasOrigin) return `${head}${String(expiresS).padStart(7)}${engine}`;
    const origin = this.#style.sometimesSynced && hashNumber(number ^ this.#seed) % 4 === 0 ? "SYNC" : "LOCAL";
    return `${head}${origin.padEnd(6)} ${String(expiresS).padStart(7)}`;
  }

  #closing(hash: number): string {
    if (this.#protocol === "UDP") return "UDP";
    const states = this.#protocol === "SCTP" ? sctpStates : usualStates;
    return states[(hash >>> 8) % states.length] ?? "CLOSE";
  }

  #expiresS(isActive: boolean, place: number, hash: number): number {
    const { activeS, tcpFinS, udpS } = this.#style;
    const { inactive } = this.#listed;
    // Packets wind the timer of an open connection up again; one that closed runs down.
    if (isActive) return Math.max(0, activeS - (hash % Math.min(60, Math.max(1, activeS))));
    const lastsS = this.#protocol === "UDP" ? udpS : this.#protocol === "SCTP" ? 2 : tcpFinS;
    return Math.ceil((lastsS * (place + 1)) / Math.max(1, inactive));
  }

  /** Client number `client` of this service; of a template, what its netmask leaves. @param host of an IPv6 client within its network; null: none */
  #client(client: number, host: number | null): string {
    const place = (client * 163) % clientAddresses;
    const { persistence } = this.#listed.service.row.spec;
    const kept = host === null && persistence ? prefixOf(persistence.netmask) : 128;
    if (this.#family === 4) {
      const address = 0xc612_0000 + (this.#seed % 2) * 0x1_0000 + place;
      return masked32(address, kept).toString(16).toUpperCase().padStart(8, "0");
    }
    const words = [0x2001, 0x0db8, 0xc000 + (this.#seed % 256), place, 0, 0, 0, host === null ? 0 : 1 + (host % 9)];
    return words
      .map((word, at) => hex(word & (0xffff << Math.min(16, Math.max(0, 16 * (at + 1) - kept)))).toLowerCase())
      .join(":");
  }
}

/** Where clients of marks come in: a mark stands in no row. */
const markedAddress = { 4: "192.0.2.77", 6: "2001:db8::77" } as const;
const callHost = "198.18.0.10";

/** One client of each group, by the group's number. */
function firstClients({ clients }: ServiceState): number[] {
  const first: number[] = [];
  clients?.groupOf.forEach((group, client) => {
    first[group] ??= client;
  });
  return first;
}

/** Some clients come far more often than others. */
function skewed(hash: number): number {
  const part = (hash >>> 8) / 0x1_00_0000;
  return Math.floor(part * part * part * clientAddresses);
}

function masked32(address: number, kept: number): number {
  return kept >= 32 ? address >>> 0 : (address & (0xffff_ffff << (32 - kept))) >>> 0;
}

function addressDigits(text: string): string {
  const bytes = parseAddress(text)?.bytes ?? new Uint8Array(4);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return familyOf(text) === 4 ? digits.toUpperCase() : (digits.match(/.{4}/g) ?? []).join(":");
}

function markDigits(mark: number, family: Family): string {
  const digits = (mark >>> 0).toString(16).padStart(8, "0");
  if (family === 4) return digits.toUpperCase();
  return [digits.slice(0, 4), digits.slice(4), ...Array<string>(6).fill("0000")].join(":");
}

const hex = (word: number) => (word & 0xffff).toString(16).toUpperCase().padStart(4, "0");
