import { lookup } from "node:dns/promises";
import { readFileSync, statSync } from "node:fs";
import type { Names } from "#domain/rules/settle";
import type { PortName } from "#domain/rules/statement";
import type { NameMeaning } from "#domain/rules-exchange";

interface Wanted {
  hosts: readonly string[];
  ports: readonly Pick<PortName, "name" | "protocol">[];
}

type Resolve = (name: string) => Promise<readonly { address: string; family: number }[]>;

const atOnce = 8;
const patienceMs = 3000;
/** Of all names of one text: with a resolver that does not answer, hundreds would be waited for one after the other. */
const patienceForAllMs = 10_000;
const knownMs = 60_000;
const unknownMs = 5000;
const remembered = 1000;
/** A text that names more hosts than this is no table of rules; the rest stays unknown. */
export const maxHostNames = 500;

const resolveByHost: Resolve = (name) => lookup(name, { all: true, order: "ipv4first" });

/**
 * Looks names up as `ipvsadm` does (gethostbyname, getservbyname), in web or on the command line, never in the director:
 * hosts as the system resolves them, IPv4 before IPv6, which ipvsadm does not know at all; ports in /etc/services. Each
 * lookup has a time limit and so have all of one text, eight run at once, and what was learned is kept for a minute.
 */
export class NameBook {
  readonly #resolve: Resolve;
  readonly #services: string;
  readonly #nowMs: () => number;
  readonly #hosts = new Map<string, { addresses: string[]; untilMs: number }>();
  #ports = new Map<string, number>();
  #portsRead = "";

  constructor(resolve: Resolve = resolveByHost, services = "/etc/services", nowMs = () => performance.now()) {
    this.#resolve = resolve;
    this.#services = services;
    this.#nowMs = nowMs;
  }

  /** Never rejects: what cannot be looked up is unknown. */
  async lookUp(wanted: Wanted): Promise<{ names: Names; meanings: NameMeaning[] }> {
    const hosts = wanted.hosts.slice(0, maxHostNames);
    const waiting = [...hosts];
    const found = new Map<string, readonly string[]>();
    const untilMs = this.#nowMs() + patienceForAllMs;
    const worker = async () => {
      while (this.#nowMs() < untilMs) {
        const name = waiting.shift();
        if (name === undefined) return;
        found.set(name, await this.#addressesOf(name));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const addresses = (name: string) => found.get(name) ?? [];
    const names: Names = {
      host: (name) => addresses(name)[0] ?? null,
      port: (name, protocol) => this.#port(name, protocol),
    };
    const meanings: NameMeaning[] = [
      ...wanted.hosts.map((name) => {
        const [first = null, ...others] = addresses(name);
        return { kind: "host" as const, name, protocol: null, became: first, others };
      }),
      ...wanted.ports.map(({ name, protocol }) => {
        const port = this.#port(name, protocol);
        return { kind: "port" as const, name, protocol, became: port === null ? null : String(port), others: [] };
      }),
    ];
    return { names, meanings };
  }

  async #addressesOf(name: string): Promise<readonly string[]> {
    const known = this.#hosts.get(name);
    if (known && known.untilMs > this.#nowMs()) return known.addresses;
    let addresses: string[] = [];
    try {
      const found = await withLimit(this.#resolve(name), patienceMs);
      const sorted = found.toSorted((a, b) => a.family - b.family);
      addresses = [...new Set(sorted.map(({ address }) => address))];
    } catch {
      // Not found, no resolver, too slow: the line that names it says so.
    }
    if (this.#hosts.size >= remembered) this.#hosts.clear();
    this.#hosts.set(name, { addresses, untilMs: this.#nowMs() + (addresses.length > 0 ? knownMs : unknownMs) });
    return addresses;
  }

  #port(name: string, protocol: string): number | null {
    this.#readPorts();
    return this.#ports.get(`${name}/${protocol}`) ?? null;
  }

  /** services(5), read anew when it changed. */
  #readPorts(): void {
    const stamp = stampOf(this.#services);
    if (stamp === this.#portsRead) return;
    this.#portsRead = stamp;
    this.#ports = new Map();
    for (const line of textOf(this.#services).split("\n")) {
      const [official, where = "", ...aliases] = (line.split("#", 1)[0] ?? "").trim().split(/\s+/);
      const [port, protocol] = where.split("/");
      for (const name of official ? [official, ...aliases] : []) {
        const key = `${name}/${protocol}`;
        if (!this.#ports.has(key)) this.#ports.set(key, Number(port));
      }
    }
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs} ${size}`;
  } catch {
    return "";
  }
}

/** A file that is not there or may not be read knows no name. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
