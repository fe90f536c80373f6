import type { Address } from "#domain/address";

/** A network: what addresses begin with. */
export interface Prefix {
  address: Address;
  /** in bits */
  length: number;
}

export function contains({ address, length }: Prefix, other: Address): boolean {
  if (address.family !== other.family) return false;
  for (let bit = 0; bit < length; bit += 8) {
    const mask = length - bit >= 8 ? 0xff : (0xff << (8 - (length - bit))) & 0xff;
    if (((address.bytes[bit / 8] ?? 0) & mask) !== ((other.bytes[bit / 8] ?? 0) & mask)) return false;
  }
  return true;
}

/** The longest of the prefixes that hold the address. */
export function longestMatch<T extends Prefix>(prefixes: readonly T[], address: Address): T | null {
  let best: T | null = null;
  for (const each of prefixes) {
    if (each.length > (best?.length ?? -1) && contains(each, address)) best = each;
  }
  return best;
}
