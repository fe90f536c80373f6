import { parseAddress } from "../address.ts";
import type { ServerKey } from "../real-server.ts";
import type { ServiceKey } from "../service.ts";

/** AF_INET and AF_INET6 as numbers, which ipvsadm sorts by. */
const familyNumber = { 4: 2, 6: 10 } as const;
const protocolNumber: Record<string, number> = { tcp: 6, udp: 17, sctp: 132 };

interface AddressKey {
  family: 4 | 6;
  /** the address as four 32-bit words in host order; an IPv4 address is the first */
  words: readonly [number, number, number, number];
  port: number;
}

interface ServiceSortKey extends AddressKey {
  mark: number;
  protocol: number;
}

/**
 * Services as ipvsadm -S sorts them: by mark, family, protocol, address and port. Its comparison subtracts 32-bit numbers
 * and wraps, so it is no total order, and what comes out depends on the kernel's order and on the sort, which is glibc's
 * merge sort. Both are done alike here (libipvs.c ipvs_cmp_services, msort.c), so the input has to be in the kernel's order.
 */
export function inSavedOrder<T extends { key: ServiceKey }>(services: readonly T[]): T[] {
  return mergeSorted(services, ({ key }) => serviceSortKey(key), compareServices);
}

/** The real servers of one service as ipvsadm -S sorts them: by address and port, in the same manner (ipvs_cmp_dests). */
export function serversInSavedOrder<T extends { spec: ServerKey }>(servers: readonly T[]): T[] {
  return mergeSorted(servers, ({ spec }) => addressKey(spec.address, spec.port), compareAddresses);
}

function serviceSortKey(key: ServiceKey): ServiceSortKey {
  if (key.kind === "fwmark") {
    // The kernel gives a mark's service TCP, and neither address nor port.
    return { family: key.family, words: [0, 0, 0, 0], port: 0, mark: key.mark, protocol: 6 };
  }
  const protocol = protocolNumber[key.protocol] ?? Number(key.protocol.slice("ip-".length));
  return { ...addressKey(key.address, key.port), mark: 0, protocol };
}

function addressKey(text: string, port: number): AddressKey {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`not a canonical address: ${text}`);
  const { bytes, family } = address;
  const word = (at: number) =>
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>>
    0;
  return { family, words: [word(0), word(4), word(8), word(12)], port };
}

/** The difference of two u32 as a C int: beyond 2^31 it has the wrong sign. */
const wrapped = (one: number, other: number) => (one - other) | 0;

function compareServices(one: ServiceSortKey, other: ServiceSortKey): number {
  return (
    wrapped(one.mark, other.mark) ||
    familyNumber[one.family] - familyNumber[other.family] ||
    one.protocol - other.protocol ||
    compareAddresses(one, other)
  );
}

/** Looks at the family of the first only: the words of an IPv4 address beside an IPv6 one are those that its memory holds. */
function compareAddresses(one: AddressKey, other: AddressKey): number {
  const words = one.family === 6 ? 4 : 1;
  for (let at = 0; at < words; at++) {
    const difference = wrapped(one.words[at] ?? 0, other.words[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.port - other.port;
}

function mergeSorted<T, K>(items: readonly T[], keyOf: (item: T) => K, compare: (one: K, other: K) => number): T[] {
  const sort = (part: { item: T; key: K }[]): { item: T; key: K }[] => {
    if (part.length < 2) return part;
    const middle = Math.floor(part.length / 2);
    const left = sort(part.slice(0, middle));
    const right = sort(part.slice(middle));
    const merged: { item: T; key: K }[] = [];
    let l = 0;
    let r = 0;
    for (;;) {
      const one = left[l];
      const other = right[r];
      if (!one) return merged.concat(right.slice(r));
      if (!other) return merged.concat(left.slice(l));
      if (compare(one.key, other.key) <= 0) {
        merged.push(one);
        l++;
      } else {
        merged.push(other);
        r++;
      }
    }
  };
  return sort(items.map((item) => ({ item, key: keyOf(item) }))).map(({ item }) => item);
}
