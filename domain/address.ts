import ipaddr from "ipaddr.js";
import { z } from "zod";
import { report } from "./problem.ts";
import { quadNumber } from "./rules/plain-address.ts";

export type Family = 4 | 6;

export interface Address {
  family: Family;
  /** as inet_ntop(3) of glibc writes it, so that texts compare equal to the kernel's and ipvsadm's */
  text: string;
  /** 4 or 16 bytes, network order */
  bytes: Uint8Array;
}

/**
 * The address that `text` means, or null. Dotted quads of plain decimals and IPv6 only: what
 * inet_aton(3) would guess ("10.9", octal, hex) is refused, zone identifiers too, names are not looked up.
 */
export function parseAddress(text: string): Address | null {
  const trimmed = text.trim();
  if (!trimmed.includes(":")) return parseQuad(trimmed);
  const words = inWords(trimmed);
  if (words === null || words.includes("%")) return null;
  try {
    return addressOf(Uint8Array.from(ipaddr.IPv6.parse(words).toByteArray()));
  } catch {
    return null;
  }
}

/** Only four plain decimals are written as their bytes are, which tells them from all else that ipaddr.js takes. */
function parseQuad(text: string): Address | null {
  try {
    const address = addressOf(Uint8Array.from(ipaddr.IPv4.parse(text).toByteArray()));
    return address.text === text ? address : null;
  } catch {
    return null;
  }
}

/** `::10.0.0.9` as `::a00:9`; null when what is dotted is no quad. ipaddr.js would read it as `::ffff:10.0.0.9`, another address. */
function inWords(text: string): string | null {
  const tailAt = text.lastIndexOf(":") + 1;
  if (!text.includes(".")) return text;
  const tail = text.slice(tailAt);
  const quad = parseQuad(tail);
  if (!quad) return null;
  const word = (at: number) => (((quad.bytes[at] ?? 0) << 8) | (quad.bytes[at + 1] ?? 0)).toString(16);
  return `${text.slice(0, tailAt)}${word(0)}:${word(2)}`;
}

/** The address with these 4 or 16 bytes. */
export function addressOf(bytes: Uint8Array): Address {
  if (bytes.length === 4) return { family: 4, text: bytes.join("."), bytes };
  return { family: 6, text: ipv6Text(bytes), bytes };
}

/** 4 or 6, by the look of a canonical text */
export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

/** An address, canonical after parsing. Problem: ADDRESS_INVALID or REQUIRED. */
export const addressSchema = z.unknown().transform((value, ctx): string => {
  if (value === undefined || value === null || value === "") return report(ctx, "REQUIRED");
  if (typeof value === "string" && quadNumber(value) !== null) return value;
  const known = typeof value === "string" ? knownOf(value) : null;
  return known ? known.text : report(ctx, "ADDRESS_INVALID", { text: String(value) });
});

export type AddressClass = "unicast" | "multicast" | "broadcast" | "unspecified" | "link-local";

/** The class of a canonical address, as the kernel's inet_addr_type / ipv6_addr_type tell them apart without a routing table. */
export function addressClass(text: string): AddressClass {
  const quad = quadNumber(text);
  if (quad !== null) return classOfQuad(quad);
  const known = knownOf(text);
  if (!known) throw new TypeError(`not a canonical address: ${text}`);
  return known.class;
}

interface Known {
  text: string;
  class: AddressClass;
}

/** A batch names one service with each of its servers, and asks each address for its text and then its class: these were parsed last. */
const recent = new Map<string, Known>();
const maxRecent = 256;
/** "ffff:…:255.255.255.255"; what is longer is not kept */
const longestText = 45;

function knownOf(text: string): Known | null {
  const found = recent.get(text);
  if (found) return found;
  const address = parseAddress(text);
  if (!address) return null;
  const known = { text: address.text, class: classOf(address) };
  if (recent.size >= maxRecent) recent.clear();
  recent.set(known.text, known);
  if (text.length <= longestText) recent.set(text, known);
  return known;
}

function classOfQuad(number: number): AddressClass {
  if (number === 0) return "unspecified";
  if (number === 0xffff_ffff) return "broadcast";
  return number >>> 28 === 0xe ? "multicast" : "unicast";
}

function classOf({ text, bytes }: Address): AddressClass {
  const quad = quadNumber(text);
  if (quad !== null) return classOfQuad(quad);
  if (bytes.every((byte) => byte === 0)) return "unspecified";
  if (bytes[0] === 0xff) return "multicast";
  return bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80 ? "link-local" : "unicast";
}

function ipv6Text(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const run = longestZeroRun(words);
  // glibc writes the last 32 bits dotted for ::ffff:a.b.c.d and for ::a.b.c.d.
  const dotted = run.start === 0 && (run.length === 6 || (run.length === 5 && words[5] === 0xffff));
  const head = dotted ? words.slice(0, 6) : words;
  const tail = dotted ? bytes.slice(12).join(".") : "";
  if (run.length < 2) return head.map((word) => word.toString(16)).join(":");
  const before = head.slice(0, run.start).map((word) => word.toString(16));
  const after = head.slice(run.start + run.length).map((word) => word.toString(16));
  return `${before.join(":")}::${[...after, ...(tail ? [tail] : [])].join(":")}`;
}

function longestZeroRun(words: number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < words.length; start++) {
    let length = 0;
    while (start + length < words.length && words[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
