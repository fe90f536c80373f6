import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import { addressOf, parseAddress } from "#domain/address";
import { canonicalAddress, isInRanges } from "../address-ranges.ts";

/** More proxies than this in a row are no chain of proxies but somebody playing. */
const maxHops = 32;

/** What stands for the peer of a connection that is gone already: its address cannot be had any more. */
const gone = "unknown";

/**
 * Who asks: the peer, or, when that is a trusted proxy, the right-most address of X-Forwarded-For that is not one, since
 * each proxy appends the address it was called from and only what trusted ones wrote can be believed. When all of them are trusted, the first.
 * A header that cannot be read that far counts for nothing. Canonical text, IPv4-mapped IPv6 as IPv4.
 */
export function clientAddress(request: Pick<IncomingMessage, "socket" | "headers">, trustedProxies: BlockList): string {
  const peer = canonicalAddress((request.socket.remoteAddress ?? "").replace(/%.*$/, ""));
  if (peer === null) return gone;
  const header = request.headers["x-forwarded-for"];
  if (header === undefined || !isInRanges(peer, trustedProxies)) return peer;
  const hops = (Array.isArray(header) ? header.join(",") : header).split(",");
  let address = peer;
  for (let hop = 1; hop <= hops.length; hop++) {
    const named = forwardedAddress(hops.at(-hop) ?? "");
    if (named === null || hop > maxHops) return peer;
    address = named;
    if (!isInRanges(address, trustedProxies)) return address;
  }
  return address;
}

/**
 * What attempts are counted by: an IPv4 address as it is, an IPv6 address by its /64, since whoever has one address of a
 * /64 has all of them (RFC 6177 §2).
 *
 * @param address as clientAddress gives it
 */
export function addressGroup(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === null || parsed.family === 4) return address;
  return `${addressOf(Uint8Array.from(parsed.bytes, (byte, at) => (at < 8 ? byte : 0))).text}/64`;
}

/** Some proxies append the port: 192.0.2.1:4711, [2001:db8::1]:4711. */
function forwardedAddress(text: string): string | null {
  const word = text.trim();
  const withPort = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(word);
  return canonicalAddress(withPort?.[1] ?? withPort?.[2] ?? word);
}
