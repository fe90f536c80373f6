import type { Protocol } from "../service.ts";
import { inetAton, inetPton6, isHostName, isPortName } from "./address-text.ts";
import { areDigits, wholeNumber } from "./number.ts";
import type { Remarks, Span } from "./problem.ts";
import type { HostName, PortName } from "./statement.ts";
import { spanOf, type Token } from "./tokens.ts";

export interface HostPort {
  address: string | HostName;
  /** null: none was given */
  port: number | PortName | null;
}

/**
 * An address with or without a port as parse_service() of ipvsadm reads it, with what it reads otherwise than it looks as
 * warnings; null when it is none, which is refused.
 *
 * @param protocol of the service, for the name of a port; null while no service was named yet, when ipvsadm knows none
 */
export function parseHostPort(token: Token, protocol: Protocol | null, remarks: Remarks): HostPort | null {
  const { text } = token;
  if (areDigits(text)) return refuse(remarks, text === "" ? "HOST_INVALID" : "HOST_IS_NUMBER", spanOf(token), text);
  if (text.startsWith("[")) return inBrackets(token, protocol, remarks);
  const address6 = inetPton6(text);
  if (address6 !== null) return { address: address6, port: null };
  const colon = text.lastIndexOf(":");
  const host = parseHost(colon < 0 ? text : text.slice(0, colon), token, remarks);
  if (host === null) return null;
  return colon < 0 ? { address: host, port: null } : withPort(host, token, colon + 1, protocol, remarks);
}

function inBrackets(token: Token, protocol: Protocol | null, remarks: Remarks): HostPort | null {
  const { text } = token;
  const span = spanOf(token);
  const close = text.indexOf("]");
  if (close < 0) return refuse(remarks, "BRACKETS_NOT_CLOSED", span, text);
  const inside = text.slice(1, close);
  const address6 = inetPton6(inside);
  if (text[close + 1] !== ":") {
    if (close + 1 < text.length || address6 === null) return refuse(remarks, "HOST_INVALID", span, text);
    remarks.refuse("BRACKETS_NEED_PORT", span, { text, address: address6 });
    return null;
  }
  if (address6 !== null) return withPort(address6, token, close + 2, protocol, remarks);
  // ipvsadm looks for a port only behind what stood in the brackets, so that the one written is gone.
  const host = parseHost(inside, token, remarks);
  if (host === null) return null;
  remarks.warn("BRACKETS_LOSE_PORT", span, { text, write: `${inside}${text.slice(close + 1)}` });
  return { address: host, port: null };
}

function parseHost(text: string, token: Token, remarks: Remarks): string | HostName | null {
  const address = inetAton(text);
  if (address === text) return address;
  const span = spanOf(token);
  if (address !== null) {
    remarks.warn("ADDRESS_SHORT", span, { text, address });
    return address;
  }
  if (isHostName(text)) return { ...span, name: text };
  return refuse(remarks, token.text.includes("%") ? "ADDRESS_WITH_ZONE" : "HOST_INVALID", span, token.text);
}

function withPort(
  address: string | HostName,
  token: Token,
  from: number,
  protocol: Protocol | null,
  remarks: Remarks,
): HostPort | null {
  const text = token.text.slice(from);
  const number = wholeNumber(text);
  if (number !== null && number >= 0 && number <= 65_535) return { address, port: number };
  const span = spanOf({ text, column: token.column + from });
  if (number !== null || !isPortName(text)) return refuse(remarks, "PORT_INVALID", span, text);
  if (protocol === null) return refuse(remarks, "PORT_NAME_TOO_EARLY", span, text);
  return { address, port: { ...span, name: text, protocol } };
}

function refuse(remarks: Remarks, code: Parameters<Remarks["refuse"]>[0], span: Span, text: string): null {
  remarks.refuse(code, span, { text });
  return null;
}
