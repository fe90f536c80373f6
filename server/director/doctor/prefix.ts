import type { Address } from "#domain/address";

/** A network: what addresses begin with. */
export interface Prefix {
  address: Address;
  /** in bits */
  length: number;
}

/** Prefixes by what they begin with: a look-up costs as many steps as there are different lengths, however many prefixes. */
export class PrefixTable<T extends Prefix> {
  readonly #byLength = new Map<number, Map<string, T>>();
  readonly #lengths: readonly number[];

  /** @param prefixes of equal ones the first counts */
  constructor(prefixes: readonly T[]) {
    for (const prefix of prefixes) {
      const same = this.#byLength.get(prefix.length) ?? new Map<string, T>();
      this.#byLength.set(prefix.length, same);
      const key = beginning(prefix.address, prefix.length);
      if (!same.has(key)) same.set(key, prefix);
    }
    this.#lengths = [...this.#byLength.keys()].sort((one, other) => other - one);
  }

  /** The longest one that holds the address. */
  longest(address: Address): T | null {
    for (const length of this.#lengths) {
      const found = length <= address.bytes.length * 8 && this.#byLength.get(length)?.get(beginning(address, length));
      if (found) return found;
    }
    return null;
  }
}

/** The first bits of an address, told apart by family. */
function beginning({ family, bytes }: Address, length: number): string {
  const whole = length >> 3;
  const rest = length & 7;
  const last = rest === 0 ? "" : `/${(bytes[whole] ?? 0) >> (8 - rest)}`;
  return `${family}:${bytes.subarray(0, whole).join(".")}${last}`;
}
