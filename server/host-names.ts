import { Resolver } from "node:dns/promises";
import type { HostNames } from "#domain/connection";

type Reverse = (address: string) => Promise<readonly string[]>;

const atOnce = 16;
/** Of one request, whatever it asks for. */
const patienceMs = 2000;
const knownMs = 10 * 60_000;
const unknownMs = 60_000;
const remembered = 5000;
/** DNS allows this much (RFC 1035); what is longer is nobody's name. */
const longestName = 253;

/**
 * Names of hosts by their address (PTR records), as the system's name servers tell them. At most so many are asked for at
 * once, one request waits two seconds at most, and what was learned is kept for a while, also that there is no name. What
 * comes later than that is kept for the next request. In web, never in the director.
 */
export class HostNameBook {
  readonly #reverse: Reverse;
  readonly #patienceMs: number;
  readonly #nowMs: () => number;
  /** the least lately asked for first */
  readonly #known = new Map<string, { name: string | null; untilMs: number }>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: { reverse?: Reverse; patienceMs?: number; nowMs?: () => number } = {}) {
    this.#reverse = options.reverse ?? reverseByDns();
    this.#patienceMs = options.patienceMs ?? patienceMs;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Never rejects. @param addresses canonical ones */
  async lookUp(addresses: readonly string[]): Promise<HostNames> {
    const asked = new Set(addresses);
    const over = new AbortController();
    const learned = Promise.all(Array.from(asked, (address) => this.#learn(address, over.signal)));
    await within(learned, this.#patienceMs);
    // Those that did not get their turn are not asked for any more: nobody waits for them.
    over.abort();
    return Object.fromEntries(Array.from(asked, (address) => [address, this.#known.get(address)?.name ?? null]));
  }

  async #learn(address: string, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const known = this.#known.get(address);
      if (known && known.untilMs > this.#nowMs()) return this.#keep(address, known);
      // Another request's, which ends without an answer when that request does.
      await (this.#underWay.get(address) ?? this.#begin(address, over));
    }
  }

  #begin(address: string, over: AbortSignal): Promise<void> {
    const asking = this.#askFor(address, over).finally(() => this.#underWay.delete(address));
    this.#underWay.set(address, asking);
    return asking;
  }

  async #askFor(address: string, over: AbortSignal): Promise<void> {
    if (this.#running >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      if (over.aborted) return;
      const name = await this.#reverse(address).then(firstName, () => null);
      this.#keep(address, { name, untilMs: this.#nowMs() + (name === null ? unknownMs : knownMs) });
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  #keep(address: string, known: { name: string | null; untilMs: number }): void {
    this.#known.delete(address);
    this.#known.set(address, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Two tries of a second each: a name server that is gone must not hold its place for long. */
function reverseByDns(): Reverse {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  return (address) => resolver.reverse(address);
}

/** A PTR record may say anything: what is no host name is none. */
function firstName(names: readonly string[]): string | null {
  const [name = ""] = names;
  return name.length <= longestName && /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(name) ? name : null;
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
