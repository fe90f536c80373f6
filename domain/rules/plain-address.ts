/**
 * The number (0 to 2^32 - 1, host order) of an IPv4 address in the one way that cannot be misread, four plain decimals;
 * null when the text is none.
 */
export function quadNumber(text: string): number | null {
  if (text.length < 7 || text.length > 15) return null;
  let number = 0;
  let byte = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (byte < 0 || dots === 3) return null;
      number = number * 256 + byte;
      byte = -1;
      dots++;
    } else {
      const digit = code - 0x30;
      // A number that begins with 0 is octal to inet_aton(3).
      if (digit < 0 || digit > 9 || byte === 0) return null;
      byte = byte < 0 ? digit : byte * 10 + digit;
      if (byte > 255) return null;
    }
  }
  return dots === 3 && byte >= 0 ? number * 256 + byte : null;
}

/** The gap that `::` stands for: its first word, and how many. */
interface Gap {
  start: number;
  length: number;
}
const noGap: Gap = { start: 8, length: 0 };

/**
 * Writes the eight words of an IPv6 address into `words`, host order, and tells where its `::` stands; null when the text
 * is not one of groups of up to four lower-case hexadecimal digits without leading zeros. No other spelling is read here.
 */
function readGroups(text: string, words: Uint16Array): Gap | null {
  const { length } = text;
  let count = 0;
  let gapAt = -1;
  let at = 0;
  if (length > 1 && text.charCodeAt(0) === 0x3a) {
    if (text.charCodeAt(1) !== 0x3a) return null;
    gapAt = 0;
    at = 2;
  }
  while (at < length) {
    let word = 0;
    const start = at;
    for (; at < length; at++) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit < 0) break;
      if (at - start === 4 || (at > start && word === 0)) return null;
      word = word * 16 + digit;
    }
    if (at === start || count === 8) return null;
    words[count++] = word;
    if (at === length) break;
    if (text.charCodeAt(at) !== 0x3a || at + 1 === length) return null;
    at++;
    if (text.charCodeAt(at) === 0x3a) {
      if (gapAt >= 0) return null;
      gapAt = count;
      at++;
    }
  }
  if (gapAt < 0) return count === 8 ? noGap : null;
  const missing = 8 - count;
  if (missing < 1) return null;
  words.copyWithin(gapAt + missing, gapAt, count);
  words.fill(0, gapAt, gapAt + missing);
  return { start: gapAt, length: missing };
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

const scratch = new Uint16Array(8);

/**
 * Whether the text is an IPv6 address as inet_ntop(3) writes it, so that it stays as it is: its `::` is the first of the
 * longest runs of two zeros or more. Those that end in a dotted quad are not looked at: false.
 */
export function isCanonicalSix(text: string): boolean {
  const gap = readGroups(text, scratch);
  if (gap === null) return false;
  let longest = 1;
  let longestAt = 8;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && scratch[end] === 0) end++;
    if (end - start > longest) {
      longest = end - start;
      longestAt = start;
    }
    start = end;
  }
  if (longestAt !== gap.start || (gap.length > 0 && longest !== gap.length)) return false;
  const isDotted = gap.start === 0 && (longest === 6 || (longest === 5 && scratch[5] === 0xffff));
  return !isDotted;
}

/** Writes an IPv6 address as four 32-bit words in host order; false when it is not written in plain groups. */
export function readSix(text: string, words: Uint32Array): boolean {
  if (readGroups(text, scratch) === null) return false;
  for (let at = 0; at < 4; at++) words[at] = (scratch[2 * at] ?? 0) * 65_536 + (scratch[2 * at + 1] ?? 0);
  return true;
}

/**
 * What addresses of one class and family have in common, of a canonical one: its first byte or its first word; the whole
 * address where that is 0 or 255, since one of those is a class of its own.
 */
export function addressShape(text: string): string {
  const dot = text.indexOf(".");
  const colon = text.indexOf(":");
  if (colon > 0) return text.slice(0, colon + 1);
  const first = dot > 0 && dot < 4 ? text.slice(0, dot + 1) : text;
  return colon === 0 || first === "0." || first === "255." ? text : first;
}
