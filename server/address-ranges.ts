import { BlockList, isIPv4, isIPv6 } from "node:net";
import { addressOf, parseAddress } from "#domain/address";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** True for what never leaves this machine: 127.0.0.0/8, ::1 and the name "localhost" (RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
  return host === "localhost" || isInRanges(host, loopback);
}

/** True when `address` lies in one of the ranges; an IPv4-mapped IPv6 address lies where its IPv4 address does. */
export function isInRanges(address: string, ranges: BlockList): boolean {
  if (isIPv4(address)) return ranges.check(address, "ipv4");
  return isIPv6(address) && ranges.check(address, "ipv6");
}

/**
 * The ranges that these words mean: addresses, or addresses with a prefix length (RFC 4632 §3.1, RFC 4291 §2.3). Null when one is
 * neither, or has a prefix length of 0: whoever means everyone should say something else.
 */
export function addressRanges(words: readonly string[]): BlockList | null {
  const ranges = new BlockList();
  for (const word of words) {
    const [text = "", length, ...rest] = word.split("/");
    const address = parseAddress(text);
    if (address === null || rest.length > 0) return null;
    const bits = address.bytes.length * 8;
    if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
    const prefixLength = length === undefined ? bits : Number(length);
    if (prefixLength < 1 || prefixLength > bits) return null;
    ranges.addSubnet(address.text, prefixLength, address.family === 4 ? "ipv4" : "ipv6");
  }
  return ranges;
}

/** The one text for an address, however it is written: an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) as IPv4. Null when it is none. */
export function canonicalAddress(text: string): string | null {
  const address = parseAddress(text);
  if (address === null || address.family === 4) return address?.text ?? null;
  const { bytes } = address;
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? addressOf(bytes.subarray(12)).text : address.text;
}
