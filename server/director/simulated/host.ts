import { parseAddress } from "#domain/address";
import { schedulers } from "#domain/service";

/** What the simulated kernel runs on, as far as its answers depend on it. */
export interface SimulatedHost {
  interfaces: readonly SimulatedInterface[];
  /** scheduler modules that can be loaded */
  schedulers: readonly string[];
  /** persistence engine modules that can be loaded */
  engines: readonly string[];
}

export interface SimulatedInterface {
  name: string;
  mtu: number;
  /** with their prefix length: `192.0.2.2/24` */
  addresses: readonly string[];
}

export const defaultHost: SimulatedHost = {
  interfaces: [
    { name: "lo", mtu: 65_536, addresses: ["127.0.0.1/8", "::1/128"] },
    { name: "eth0", mtu: 1500, addresses: ["192.0.2.2/24", "2001:db8::2/64"] },
    { name: "eth1", mtu: 1500, addresses: ["10.0.0.2/16", "fd00::2/64"] },
  ],
  schedulers: schedulers.filter((scheduler) => scheduler !== "none"),
  engines: ["sip"],
};

/**
 * Whether the kernel takes the address for a real server: its own and unicast ones (ip_vs_new_dest() with
 * inet_addr_type(), net/ipv4/fib_frontend.c, and ipv6_addr_type(), net/ipv6/addrconf_core.c).
 */
export function mayBeServer(host: SimulatedHost, text: string): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  if (address.family === 6) {
    const locals = host.interfaces.flatMap(({ addresses }) => addresses);
    return isUnicast6(address.bytes) || locals.some((local) => local.startsWith(`${address.text}/`));
  }
  const number = toNumber(address.bytes);
  if (number === 0 || number === 0xffffffff || number >>> 28 === 0xe) return false;
  return !broadcastsOf(host).has(number);
}

/** Worked out once a host: a large table asks for every one of its servers. */
const knownBroadcasts = new WeakMap<SimulatedHost, ReadonlySet<number | null>>();

function broadcastsOf(host: SimulatedHost): ReadonlySet<number | null> {
  const known = knownBroadcasts.get(host);
  if (known) return known;
  const found = new Set(host.interfaces.flatMap(({ addresses }) => addresses.map(broadcastOf)));
  knownBroadcasts.set(host, found);
  return found;
}

/** By the rules of __ipv6_addr_type(): mapped IPv4 addresses are none, link-local ones are not wanted. */
function isUnicast6(bytes: Uint8Array): boolean {
  const words = [0, 4, 8, 12].map((at) => toNumber(bytes.subarray(at, at + 4)));
  const [first = 0, second = 0, third = 0, fourth = 0] = words;
  if (first >>> 24 === 0xff || first >>> 22 === 0xfe80 >>> 6) return false;
  if (first !== 0 || second !== 0) return true;
  return !((third === 0 && fourth === 0) || third === 0x0000ffff);
}

function broadcastOf(local: string): number | null {
  const [text = "", prefix = ""] = local.split("/");
  const address = parseAddress(text);
  if (address?.family !== 4 || Number(prefix) >= 31) return null;
  return (toNumber(address.bytes) | (0xffffffff >>> Number(prefix))) >>> 0;
}

function toNumber(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}
