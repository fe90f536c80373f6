import { Columns } from "#domain/columns";
import { countersPerRow, gaugesPerRow, halvesOf } from "#domain/counters";
import type { DescribedRow } from "#domain/live";
import { serverState } from "#domain/state";
import type { ServerRow, ServiceRow } from "#domain/table";
import type { Frame } from "#server/director/frames";

/** A service with its servers' slots, as lists show it. */
export interface MirroredService {
  slot: number;
  row: ServiceRow;
  sortKey: string;
  /** in order of names */
  serverSlots: number[];
  /** how many of them take new connections */
  usable: number;
  /** what search looks in: the service and its servers, lower case */
  text: string;
}

export interface MirroredRow {
  row: ServiceRow | ServerRow;
  drainedWeight: number | null;
  sortKey: string;
  /** seq of the frame that brought this description */
  describedSeq: number;
}

/** Compares as names with numbers in them do, 10.0.0.9 before 10.0.0.10, by plain comparison: a collator takes a second for 11,000 rows. */
function sortKey(id: string): string {
  return id.replace(/\d+/g, (digits) => digits.padStart(10, "0"));
}

const bySortKey = (a: { sortKey: string }, b: { sortKey: string }) =>
  a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : 0;

/** The director's table as the last frames left it, by slot. */
export class Mirror extends Columns {
  readonly rows = new Map<number, MirroredRow>();
  readonly slotOf = new Map<string, number>();
  readonly services = new Map<string, MirroredService>();
  /** seq of the frame in which the row's values last moved */
  movedSeq = new Uint32Array(0);
  /** counts frames; never the director's own number, which starts anew with it */
  seq = 0;
  /** grows when a row comes, goes or is edited */
  layoutSeq = 0;
  last: Frame["header"] | null = null;
  /** services that have no server, or one that takes no new connections */
  readonly #attention = new Set<MirroredService>();
  /** slots of servers with an upper threshold: their connections decide whether they take new ones */
  readonly #limited = new Set<number>();
  /** services to count anew once the frame's values are in */
  readonly #uncounted = new Set<MirroredService>();
  #byName: { layoutSeq: number; services: MirroredService[] } = { layoutSeq: -1, services: [] };

  take(frame: Frame): void {
    const { header } = frame;
    this.seq++;
    if (header.full) this.#forget();
    this.#remove(header.removed);
    this.#upsert(header.upserted);
    this.#copy(frame);
    this.#count();
    this.last = header;
  }

  /** All services, 10.0.0.9 before 10.0.0.10; sorted once for each layout. */
  servicesByName(): readonly MirroredService[] {
    if (this.#byName.layoutSeq !== this.layoutSeq) {
      const services = [...this.services.values()].sort(bySortKey);
      this.#byName = { layoutSeq: this.layoutSeq, services };
    }
    return this.#byName.services;
  }

  /** How many services need attention: they have no server, or one that takes no new connections. */
  get attention(): number {
    return this.#attention.size;
  }

  describe(slot: number): DescribedRow | null {
    const mirrored = this.rows.get(slot);
    if (!mirrored) return null;
    const { row, drainedWeight } = mirrored;
    if (row.kind === "server") return { slot, row, drainedWeight };
    const service = this.services.get(row.id);
    return {
      slot,
      row,
      drainedWeight,
      servers: service?.serverSlots.length ?? 0,
      usable: service?.usable ?? 0,
    };
  }

  #forget(): void {
    this.rows.clear();
    this.slotOf.clear();
    this.services.clear();
    this.#attention.clear();
    this.#limited.clear();
    this.layoutSeq++;
  }

  #remove(slots: readonly number[]): void {
    for (const slot of slots) {
      const row = this.rows.get(slot)?.row;
      if (!row) continue;
      this.rows.delete(slot);
      this.slotOf.delete(row.id);
      this.#limited.delete(slot);
      const service = this.services.get(row.kind === "service" ? row.id : row.serviceId);
      if (row.kind === "service") {
        if (service) this.#attention.delete(service);
        this.services.delete(row.id);
      } else {
        if (service)
          this.#touch(
            service,
            service.serverSlots.filter((other) => other !== slot),
          );
      }
    }
    if (slots.length > 0) this.layoutSeq++;
  }

  #upsert(described: Frame["header"]["upserted"]): void {
    if (described.length === 0) return;
    this.layoutSeq++;
    const touched = new Map<string, number[]>();
    for (const { slot, row, drainedWeight } of described) {
      this.rows.set(slot, { row, drainedWeight, sortKey: sortKey(row.id), describedSeq: this.seq });
      const isNew = !this.slotOf.has(row.id);
      this.slotOf.set(row.id, slot);
      if (row.kind === "server" && row.spec.upperThreshold > 0) this.#limited.add(slot);
      else this.#limited.delete(slot);
      const serviceId = row.kind === "service" ? row.id : row.serviceId;
      const added = touched.get(serviceId) ?? [];
      touched.set(serviceId, added);
      if (row.kind === "service") this.#putService(slot, row);
      else if (isNew) added.push(slot);
    }
    for (const [id, added] of touched) {
      const service = this.services.get(id);
      if (service) this.#touch(service, [...service.serverSlots, ...added]);
    }
  }

  #putService(slot: number, row: ServiceRow): void {
    const before = this.services.get(row.id);
    if (before) this.#attention.delete(before);
    const { serverSlots = [], usable = 0 } = before ?? {};
    this.services.set(row.id, { slot, row, sortKey: sortKey(row.id), serverSlots, usable, text: "" });
  }

  #touch(service: MirroredService, serverSlots: number[]): void {
    service.serverSlots = serverSlots
      .map((slot) => ({ slot, sortKey: this.rows.get(slot)?.sortKey ?? "" }))
      .sort(bySortKey)
      .map(({ slot }) => slot);
    const servers = serverSlots.map((slot) => this.rows.get(slot)?.row).filter((row) => row?.kind === "server");
    const words = [
      service.row.id,
      service.row.spec.scheduler,
      ...servers.map((row) => row.id.slice(row.id.indexOf(">") + 1)),
    ];
    service.text = words.join(" ").toLowerCase();
    this.#uncounted.add(service);
    const mirrored = this.rows.get(service.slot);
    if (mirrored) mirrored.describedSeq = this.seq;
  }

  #copy({ slots, counters, gauges, rates }: Frame): void {
    const highest = slots.reduce((high, slot) => Math.max(high, slot), -1);
    if (highest >= this.movedSeq.length) this.#grow(Math.max(256, 2 * highest + 2));
    const from = halvesOf(counters);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0;
      this.movedSeq[slot] = this.seq;
      if (this.#limited.has(slot)) this.#recount(slot);
      for (let c = 0; c < 2 * countersPerRow; c++)
        this.halves[2 * slot * countersPerRow + c] = from[2 * i * countersPerRow + c] ?? 0;
      for (let c = 0; c < countersPerRow; c++)
        this.rates[slot * countersPerRow + c] = rates[i * countersPerRow + c] ?? Number.NaN;
      for (let g = 0; g < gaugesPerRow; g++) this.gauges[slot * gaugesPerRow + g] = gauges[i * gaugesPerRow + g] ?? 0;
    }
  }

  #recount(serverSlot: number): void {
    const row = this.rows.get(serverSlot)?.row;
    const service = row?.kind === "server" ? this.services.get(row.serviceId) : undefined;
    if (service) this.#uncounted.add(service);
  }

  /** A service whose count moved is described anew, though none of its rows was edited. */
  #count(): void {
    for (const service of this.#uncounted) {
      if (this.services.get(service.row.id) !== service) continue;
      const usable = service.serverSlots.filter((slot) => this.#isUsable(slot)).length;
      const mirrored = this.rows.get(service.slot);
      if (mirrored && usable !== service.usable) mirrored.describedSeq = this.seq;
      service.usable = usable;
      if (usable > 0 && usable === service.serverSlots.length) this.#attention.delete(service);
      else this.#attention.add(service);
    }
    this.#uncounted.clear();
  }

  #isUsable(slot: number): boolean {
    const row = this.rows.get(slot)?.row;
    if (row?.kind !== "server") return false;
    const [active = 0, inactive = 0] = this.gauges.subarray(slot * gaugesPerRow, slot * gaugesPerRow + 2);
    return serverState(row.spec, { active, inactive }) === "up";
  }

  #grow(capacity: number): void {
    this.growColumns(capacity);
    const movedSeq = this.movedSeq;
    this.movedSeq = new Uint32Array(capacity);
    this.movedSeq.set(movedSeq);
  }
}
