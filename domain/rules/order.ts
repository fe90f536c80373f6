import { parseAddress } from "../address.ts";
import type { ServerKey } from "../real-server.ts";
import type { ServiceKey } from "../service.ts";
import { quadNumber, readSix } from "./plain-address.ts";

/** AF_INET and AF_INET6 as numbers, which ipvsadm sorts by. */
const familyNumber = { 4: 2, 6: 10 } as const;
const protocolNumber: Record<string, number> = { tcp: 6, udp: 17, sctp: 132 };

interface AddressKey {
  family: 4 | 6;
  /** the address as four 32-bit words in host order; an IPv4 address is the first, and the others are 0 */
  word0: number;
  word1: number;
  word2: number;
  word3: number;
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
    const { family, mark } = key;
    return { family, word0: 0, word1: 0, word2: 0, word3: 0, port: 0, mark, protocol: 6 };
  }
  const protocol = protocolNumber[key.protocol] ?? Number(key.protocol.slice("ip-".length));
  const { family, word0, word1, word2, word3, port } = addressKey(key.address, key.port);
  return { family, word0, word1, word2, word3, port, mark: 0, protocol };
}

const words = new Uint32Array(4);

function addressKey(text: string, port: number): AddressKey {
  const quad = quadNumber(text);
  if (quad !== null) return { family: 4, word0: quad, word1: 0, word2: 0, word3: 0, port };
  if (!readSix(text, words)) readWords(text);
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = words;
  return { family: text.includes(":") ? 6 : 4, word0, word1, word2, word3, port };
}

/** The words of an address that is not written in the plainest way, such as one that ends in a dotted quad. */
function readWords(text: string): void {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`not a canonical address: ${text}`);
  const view = new DataView(address.bytes.buffer, address.bytes.byteOffset, address.bytes.length);
  words.fill(0);
  for (let at = 0; at < address.bytes.length / 4; at++) words[at] = view.getUint32(4 * at);
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
  const first = wrapped(one.word0, other.word0);
  if (one.family === 4 || first !== 0) return first || one.port - other.port;
  return (
    wrapped(one.word1, other.word1) ||
    wrapped(one.word2, other.word2) ||
    wrapped(one.word3, other.word3) ||
    one.port - other.port
  );
}

function mergeSorted<T, K>(items: readonly T[], keyOf: (item: T) => K, compare: (one: K, other: K) => number): T[] {
  const keys = items.map(keyOf);
  const order = items.map((_item, at) => at);
  const left: number[] = [];
  const sort = (from: number, to: number): void => {
    if (to - from < 2) return;
    const middle = from + Math.floor((to - from) / 2);
    sort(from, middle);
    sort(middle, to);
    for (let at = from; at < middle; at++) left[at - from] = order[at] as number;
    const lefts = middle - from;
    let l = 0;
    let r = middle;
    for (let at = from; l < lefts; at++) {
      const takesLeft = r === to || compare(keys[left[l] as number] as K, keys[order[r] as number] as K) <= 0;
      order[at] = (takesLeft ? left[l++] : order[r++]) as number;
    }
  };
  sort(0, items.length);
  return order.map((at) => items[at] as T);
}
