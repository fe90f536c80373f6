import { addressOf, type Family, parseAddress } from "./address.ts";

/** Addresses that share a prefix, with one port or with any. */
export interface EndpointPattern {
  /** null: any address of either family */
  network: { family: Family; bytes: Uint8Array; prefix: number } | null;
  /** null: any port */
  port: number | null;
  /** as it is written here: `10.0.0.0/24`, `[2001:db8::1]:80`, `:443` */
  text: string;
}

/**
 * What `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1:80`, `[2001:db8::1]:80`, `2001:db8::/32`, `[2001:db8::]/32` or `:443` means, or
 * null. Bits past the prefix are cleared.
 */
export function parseEndpointPattern(text: string): EndpointPattern | null {
  const parts = splitPort(text.trim());
  if (!parts) return null;
  const port = parts.port === null ? null : Number(parts.port);
  if (port !== null && port > 65_535) return null;
  if (parts.network === "") return port === null ? null : { network: null, port, text: `:${port}` };
  const [address = "", digits, ...more] = parts.network.split("/");
  const known = parseAddress(address);
  if (!known || more.length > 0 || (digits !== undefined && !/^\d{1,3}$/.test(digits))) return null;
  const widest = known.bytes.length * 8;
  const prefix = digits === undefined ? widest : Number(digits);
  if (prefix > widest) return null;
  const bytes = known.bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - at * 8))));
  const network = `${addressOf(bytes).text}${prefix < widest ? `/${prefix}` : ""}`;
  const bracketed = known.family === 6 && port !== null ? `[${network}]` : network;
  return {
    network: { family: known.family, bytes, prefix },
    port,
    text: port === null ? network : `${bracketed}:${port}`,
  };
}

/** `A`, `A:P`, `[A]`, `[A]:P`, `[A]/N`, `:P`; IPv6 without brackets has no port. */
function splitPort(text: string): { network: string; port: string | null } | null {
  const bracketed = /^\[([^\]]*)\](\/\d{1,3})?(?::(\d{1,5}))?$/.exec(text);
  if (bracketed) {
    const [, address = "", prefix = "", port] = bracketed;
    return address === "" ? null : { network: address + prefix, port: port ?? null };
  }
  if (/[[\]]/.test(text)) return null;
  if (text.split(":").length > 2) return { network: text, port: null };
  const [network = "", port] = text.split(":");
  if (port !== undefined && !/^\d{1,5}$/.test(port)) return null;
  return { network, port: port ?? null };
}
