import { endianness } from "node:os";
import { type Address, addressOf, parseAddress } from "#domain/address";
import { maxTableBytes, readRoutes6, readTrie, type TrieEntry } from "./addresses.ts";
import { NotKnown } from "./check.ts";
import type { HostReader } from "./host-reader.ts";
import { type Prefix, PrefixTable } from "./prefix.ts";
import { isInterface, onceARun } from "./read.ts";

const routePath = "/proc/net/route";
const isLittle = endianness() === "LE";

/** A way out of this host. */
export interface Route extends Prefix {
  device: string;
  /** the next hop is another host, not the destination itself */
  isVia: boolean;
}

/** The main table's usable IPv4 routes (fib_route_seq_show(), linux net/ipv4/fib_trie.c). */
export async function readRoutes4(host: HostReader): Promise<Route[]> {
  const [head = "", ...lines] = (await host.text(routePath, maxTableBytes)).split("\n");
  const notUnderstood = new NotKnown("NOT_UNDERSTOOD", { path: routePath });
  if (!head.startsWith("Iface\tDestination\tGateway ")) throw notUnderstood;
  return lines.flatMap((line) => {
    if (line.trim() === "") return [];
    const [device = "", destination = "", gateway = "", flags = "", , , , mask = ""] = line.split("\t");
    const isSound =
      isInterface(device.trim()) &&
      [destination, gateway, mask].every((word) => /^[\dA-F]{8}$/.test(word)) &&
      /^[\dA-F]{4,8}$/.test(flags);
    if (!isSound) throw notUnderstood;
    const bits = Number.parseInt(flags, 16);
    // RTF_UP without RTF_REJECT; a blackhole has "*" for an interface.
    if ((bits & 0x1) === 0 || (bits & 0x200) !== 0 || device === "*" || device === "lo") return [];
    const length = bitsOf(addressOf(wordBytes(mask)));
    return [
      { address: addressOf(wordBytes(destination)), length, device: device.trim(), isVia: gateway !== "00000000" },
    ];
  });
}

/** Ways to real servers and clients, by the longest prefix; this host's own addresses are none. */
export class Routes {
  readonly #routes: readonly Route[];
  readonly #table: PrefixTable<Route>;

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    this.#table = new PrefixTable(routes);
  }

  to(text: string): Route | null {
    const address = parseAddress(text);
    return address && this.#table.longest(address);
  }

  /** Interfaces with a network of their own of this family: hosts that are reached without a next hop. */
  connected(family: 4 | 6): Set<string> {
    const own = this.#routes.filter(
      ({ isVia, address, device }) => !isVia && address.family === family && device !== "lo",
    );
    return new Set(own.map(({ device }) => device));
  }

  get default4(): Route | null {
    return this.#routes.find(({ length, address }) => length === 0 && address.family === 4) ?? null;
  }
}

export function readRoutes(host: HostReader): Promise<Routes> {
  return onceARun(host, routesOf);
}

async function routesOf(host: HostReader): Promise<Routes> {
  const [four, six] = await Promise.all([readRoutes4(host), readRoutes6(host)]);
  return new Routes([...four, ...six.filter(({ isUsable, isLocal }) => isUsable && !isLocal)]);
}

/** Whether any IPv4 table, those of `ip rule` too, leads to the address. */
export function readReach4(host: HostReader): Promise<(text: string) => boolean> {
  return onceARun(host, reach4Of);
}

async function reach4Of(host: HostReader): Promise<(text: string) => boolean> {
  const entries = await readTrie(host);
  const isWay = ({ type }: TrieEntry) => type === "UNICAST" || type === "LOCAL";
  // A blackhole ends the way of what it holds, unless another table leads there.
  const table = new PrefixTable([...entries.filter(isWay), ...entries.filter((entry) => !isWay(entry))]);
  return (text) => {
    const address = parseAddress(text);
    const found = address && table.longest(address);
    return found !== null && isWay(found);
  };
}

/** An address as the kernel prints it with %08X: a number in this machine's byte order. */
function wordBytes(word: string): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(word, "hex"));
  return isLittle ? bytes.reverse() : bytes;
}

/** How many ones a mask begins with. */
function bitsOf({ bytes }: Address): number {
  const text = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const zero = text.indexOf("0");
  return zero < 0 ? 32 : zero;
}
