import { type Address, addressOf, parseAddress } from "#domain/address";
import { NotKnown } from "./check.ts";
import type { HostReader } from "./host-reader.ts";
import { type Prefix, PrefixTable } from "./prefix.ts";
import { ifThere, isInterface, onceARun } from "./read.ts";

const triePath = "/proc/net/fib_trie";
const inet6Path = "/proc/net/if_inet6";
const route6Path = "/proc/net/ipv6_route";
/**
 * Some twenty thousand routes, a quarter of a second to read. A host with a table of the internet's routes is beyond that: its
 * checks are `unknown`, since the samples of a director wait while it parses.
 */
export const maxTableBytes = 2 * 1024 * 1024;

/** An entry of the kernel's IPv4 routing, of whichever table. */
export interface TrieEntry extends Prefix {
  /** LOCAL, UNICAST, BROADCAST, … */
  type: string;
}

export interface Route6 extends Prefix {
  device: string;
  /** the next hop is another host */
  isVia: boolean;
  /** to this host itself */
  isLocal: boolean;
  isUsable: boolean;
}

/** What /proc/net/fib_trie lists (fib_trie_seq_show(), linux net/ipv4/fib_trie.c). Throws NotKnown for any other form. */
export function parseTrie(text: string): TrieEntry[] {
  const entries: TrieEntry[] = [];
  let leaf: Address | null = null;
  for (const line of text.split("\n")) {
    if (line === "" || /^(Main|Local|Id \d{1,10}):$/.test(line) || /^ +\+-- /.test(line)) continue;
    const leafText = /^ +\|-- ([\d.]{7,15})$/.exec(line)?.[1];
    const entry = /^ +\/(\d{1,2}) \S+ (\w+|type \d+)(?: tos=\w+)?$/.exec(line);
    if (leafText !== undefined) {
      leaf = parseAddress(leafText);
      if (!leaf) throw new NotKnown("NOT_UNDERSTOOD", { path: triePath });
    } else if (entry && leaf && Number(entry[1]) <= 32) {
      entries.push({ address: leaf, length: Number(entry[1]), type: entry[2] ?? "" });
    } else throw new NotKnown("NOT_UNDERSTOOD", { path: triePath });
  }
  return entries;
}

export function readTrie(host: HostReader): Promise<TrieEntry[]> {
  return onceARun(host, trieOf);
}

async function trieOf(host: HostReader): Promise<TrieEntry[]> {
  return parseTrie(await host.text(triePath, maxTableBytes));
}

/** What /proc/net/ipv6_route lists (rt6_info_route(), linux net/ipv6/route.c); none when IPv6 is off. */
export function readRoutes6(host: HostReader): Promise<Route6[]> {
  return onceARun(host, routes6Of);
}

async function routes6Of(host: HostReader): Promise<Route6[]> {
  const text = await ifThere(host.text(route6Path, maxTableBytes), "");
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    const words = line.trim().split(/\s+/);
    const [address = "", length = "", , , nextHop = "", , , , flags = "", device = ""] = words;
    const isSound =
      [address, nextHop].every((word) => /^[\da-f]{32}$/.test(word)) &&
      isInterface(device) &&
      /^[\da-f]{2}$/.test(length) &&
      /^[\da-f]{1,8}$/.test(flags);
    if (words.length !== 10 || !isSound || Number.parseInt(length, 16) > 128)
      throw new NotKnown("NOT_UNDERSTOOD", { path: route6Path });
    const bits = Number.parseInt(flags, 16);
    // RTF_LOCAL, RTF_UP without RTF_REJECT (linux include/uapi/linux/ipv6_route.h, route.h).
    const isLocal = (bits & 0x80000000) !== 0;
    const isUsable = (bits & 0x1) !== 0 && (bits & 0x200) === 0;
    const prefix = { address: addressOf(bytesOf(address)), length: Number.parseInt(length, 16) };
    return [{ ...prefix, device, isVia: /[^0]/.test(nextHop), isLocal, isUsable }];
  });
}

/** What this host takes for its own: addresses of its interfaces, and what `ip route add local` makes so. */
export class LocalAddresses {
  readonly #prefixes: PrefixTable<Prefix>;

  constructor(prefixes: readonly Prefix[]) {
    this.#prefixes = new PrefixTable(prefixes);
  }

  has(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && this.#prefixes.longest(address) !== null;
  }
}

export function readLocalAddresses(host: HostReader): Promise<LocalAddresses> {
  return onceARun(host, localAddressesOf);
}

async function localAddressesOf(host: HostReader): Promise<LocalAddresses> {
  const [trie, own6, routes6] = await Promise.all([readTrie(host), readAddresses6(host), readRoutes6(host)]);
  const local4 = trie.filter(({ type }) => type === "LOCAL");
  return new LocalAddresses([...local4, ...own6, ...routes6.filter(({ isLocal }) => isLocal)]);
}

/** What /proc/net/if_inet6 lists (if6_seq_show(), linux net/ipv6/addrconf.c); none when IPv6 is off. */
async function readAddresses6(host: HostReader): Promise<Prefix[]> {
  const text = await ifThere(host.text(inet6Path, maxTableBytes), "");
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    const digits = /^([\da-f]{32}) [\da-f]{2,8} [\da-f]{2} [\da-f]{2} [\da-f]{2,8} +\S+$/.exec(line)?.[1];
    if (digits === undefined) throw new NotKnown("NOT_UNDERSTOOD", { path: inet6Path });
    return [{ address: addressOf(bytesOf(digits)), length: 128 }];
  });
}

const bytesOf = (digits: string) => Uint8Array.from(Buffer.from(digits, "hex"));
