import { addressOf, parseAddress } from "../address.ts";
import { isCanonicalSix, quadNumber } from "./plain-address.ts";

const atonPart = /^(?:0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/;

/** Whether the text is an IPv4 address in the one way that cannot be misread: four plain decimals. */
export function isQuad(text: string): boolean {
  return quadNumber(text) !== null;
}

/**
 * The IPv4 address that inet_aton(3) reads, as a dotted quad, or null: 1 to 4 numbers, decimal, octal (010) or hexadecimal
 * (0xa), of which the last fills what is left of the 32 bits, so that "10.9" is 10.0.0.9.
 */
export function inetAton(text: string): string | null {
  if (isQuad(text)) return text;
  if (text.length > 50) return null;
  const parts = text.split(".");
  if (parts.length > 4 || !parts.every((part) => atonPart.test(part))) return null;
  const numbers = parts.map((part) => Number(/^0\d/.test(part) ? `0o${part.slice(1)}` : part));
  const last = numbers.pop() ?? 0;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return null;
  const tail = Array.from({ length: 4 - numbers.length }, (_, at) => Math.floor(last / 256 ** at) % 256).reverse();
  return addressOf(Uint8Array.from([...numbers, ...tail])).text;
}

/** The IPv6 address that inet_pton(3) reads, in its canonical text, or null. */
export function inetPton6(text: string): string | null {
  // Two colons is the least, which a host and its port never have.
  const colon = text.indexOf(":");
  if (colon < 0 || text.length > 45 || text.indexOf(":", colon + 1) < 0) return null;
  if (isCanonicalSix(text)) return text;
  if (!/^[\da-fA-F:.]+$/.test(text)) return null;
  if (text.split(":").some((group) => !group.includes(".") && group.length > 4)) return null;
  const address = parseAddress(text);
  return address?.family === 6 ? address.text : null;
}

/** Whether a name server can be asked for it: letters, digits, dots, dashes and underscores, and not only numbers. */
export function isHostName(text: string): boolean {
  return (
    /^[a-zA-Z\d_](?:[\w.-]*[\w.])?$/.test(text) && text.length <= 253 && /[a-zA-Z_]/.test(text) && !text.includes("..")
  );
}

/** Whether it can be the name of a service in /etc/services. */
export function isPortName(text: string): boolean {
  return /^[\w.+*/-]{1,64}$/.test(text) && /[a-zA-Z]/.test(text);
}
