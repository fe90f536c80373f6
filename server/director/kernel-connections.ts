import { parseAddress } from "#domain/address";
import type { ReadProgress, ReadState } from "#domain/connection";
import { connectionGroupings, connectionSorts } from "#domain/connection-query";
import type { PersistentService } from "#domain/connections/persistent-service";
import { parseEndpointPattern } from "#domain/endpoint-pattern";
import type { NativeAddon, NativeConnectionRead, NativePattern, NativeProgress, NativeReadOptions } from "./addon.ts";
import type {
  ConnectionSource,
  GroupOrder,
  HeldGroups,
  HeldRows,
  OpenRead,
  ReadPlan,
  RowOrder,
} from "./connection-source.ts";
import { faulty } from "./native-faults.ts";

const protocolNumbers = { ip: 0, tcp: 6, udp: 17, sctp: 132 } as const;
const states: readonly ReadState[] = ["reading", "paused", "complete", "cancelled"];
/** Bytes of a packed PersistentService (native/template-holds.h). */
const persistentBytes = 24;

/**
 * The host's own connection table: /proc/net/ip_vs_conn, or ip_vs_conn_sync when the origin is asked for, read by the
 * addon. Faults are of the operation `connections`, or `family` when there is no such file because there is no IPVS.
 */
export class KernelConnections implements ConnectionSource {
  readonly #addon: NativeAddon;
  readonly #procRoot: string;

  constructor(addon: NativeAddon, options: { procRoot?: string } = {}) {
    this.#addon = addon;
    this.#procRoot = options.procRoot ?? "/proc";
  }

  async open(plan: ReadPlan): Promise<OpenRead> {
    const read = new this.#addon.ConnectionRead(nativeOptions(plan, this.#procRoot));
    await faulty("connections", read.open(), { missing: "family" });
    return new KernelRead(read, plan.rowsExpected);
  }
}

class KernelRead implements OpenRead {
  readonly #read: NativeConnectionRead;
  readonly #rowsExpected: number;

  constructor(read: NativeConnectionRead, rowsExpected: number) {
    this.#read = read;
    this.#rowsExpected = rowsExpected;
  }

  async run(budgetMs: number): Promise<ReadProgress> {
    return this.#progress(await faulty("connections", this.#read.run(budgetMs)));
  }

  progress(): ReadProgress {
    return this.#progress(this.#read.progress());
  }

  cancel(): void {
    this.#read.cancel();
  }

  rows({ sort, descending, offset, limit }: RowOrder): Promise<HeldRows> {
    const index = sort === null ? -1 : connectionSorts.indexOf(sort);
    return faulty("connections", this.#read.rows(index, descending, offset, limit));
  }

  groups({ by, offset, limit }: GroupOrder): Promise<HeldGroups> {
    return faulty("connections", this.#read.groups(connectionGroupings.indexOf(by), offset, limit));
  }

  close(): void {
    this.#read.close();
  }

  #progress({ state, rowsRead, matched, held, tookMs }: NativeProgress): ReadProgress {
    return {
      ...{ rowsRead, matched, held, tookMs },
      state: states[state] as ReadState,
      rowsExpected: this.#rowsExpected,
    };
  }
}

function nativeOptions(plan: ReadPlan, procRoot: string): NativeReadOptions {
  const { filter } = plan;
  const hasOrigin = filter.origin !== undefined;
  return {
    path: `${procRoot}/net/${hasOrigin ? "ip_vs_conn_sync" : "ip_vs_conn"}`,
    hasOrigin,
    wantsTemplates: filter.kind === "templates",
    protocols: filter.protocol.map((name) => protocolNumbers[name]),
    states: filter.state,
    ...patternOf("client", filter.client),
    ...patternOf("virtual", filter.virtual),
    ...patternOf("server", filter.server),
    ...patternOf("any", filter.any),
    origin: filter.origin === "local" ? 0 : filter.origin === "sync" ? 1 : -1,
    group: plan.group === null ? -1 : connectionGroupings.indexOf(plan.group),
    maxHeld: plan.maxHeld,
    maxGroups: plan.maxGroups,
    persistent: packPersistent(plan.persistent),
  };
}

function patternOf(name: "client" | "virtual" | "server" | "any", text: string | undefined) {
  const pattern = text === undefined ? null : parseEndpointPattern(text);
  if (!pattern) return {};
  const native: NativePattern = {
    family: pattern.network?.family ?? 0,
    bytes: pattern.network?.bytes ?? new Uint8Array(),
    prefix: pattern.network?.prefix ?? 0,
    port: pattern.port ?? -1,
  };
  return { [name]: native };
}

function packPersistent(services: readonly PersistentService[]): Uint8Array {
  const packed = new Uint8Array(services.length * persistentBytes);
  const view = new DataView(packed.buffer);
  services.forEach((service, index) => {
    const at = index * persistentBytes;
    const address = service.address === null ? null : parseAddress(service.address);
    if (address) packed.set(address.bytes, at);
    else view.setUint32(at, service.fwmark ?? 0);
    view.setUint16(at + 16, service.port ?? 0, true);
    packed.set([service.protocol === null ? 0 : protocolNumbers[service.protocol], address?.family ?? 0], at + 18);
    packed.set([service.prefix4, service.prefix6], at + 20);
  });
  return packed;
}
