/**
 * Numbers that look random and are the same for the same seed on every machine (mulberry32). One to a
 * service, so that an edit of one leaves the traffic of all others as it would have been.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 ≤ number < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** 0 ≤ whole number < limit */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** about normal, mean 0, deviation 1, never beyond ±3: the sum of six uniforms, cheaper than a logarithm and good enough for noise */
  normal(): number {
    let sum = 0;
    for (let i = 0; i < 6; i++) sum += this.next();
    return (sum - 3) * Math.SQRT2;
  }

  /** One of the two whole numbers around `value`, so that the mean is `value`. */
  round(value: number): number {
    const whole = Math.floor(value);
    return value > whole && this.next() < value - whole ? whole + 1 : whole;
  }
}

/** A 32-bit hash of a text (FNV-1a), for seeds and for source and destination hashing. */
export function hashText(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hashNumber(hash);
}

/** Spreads near numbers far apart (the finisher of murmur3). */
export function hashNumber(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
