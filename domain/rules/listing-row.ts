import { type TunnelChecksum, tunnelTypes } from "../real-server.ts";
import type { Protocol } from "../service.ts";
import { parseHostPort } from "./host-port.ts";
import { wholeNumber } from "./number.ts";
import type { Remarks } from "./problem.ts";
import { flagsNamed } from "./scheduler-flags.ts";
import type { Draft, DraftServer, DraftService, DraftSpec } from "./statement.ts";
import { type Meter, spanOf, spanOfAll, type Token } from "./tokens.ts";

/** ipvsadm cuts a row's name, port and all, at so many characters, unless it is an IPv6 address. */
const nameWidth = 28;
const forwardOf: Record<string, DraftServer["forward"]> = {
  Masq: "nat",
  Route: "direct",
  Local: "direct",
  Tunnel: "tunnel",
};
const checksumOf: Record<string, TunnelChecksum> = { "-c": "none", "+c": "checksum", "r+c": "remote-checksum" };

/** `TCP  192.0.2.1:80 wrr (flag-1) persistent 360 mask 255.255.255.0 pe sip ops`; null when it cannot be read, which is said. */
export function listedService(tokens: readonly Token[], remarks: Remarks, meter: Meter): Draft | null {
  const line = spanOfAll(tokens);
  const [kind, name, ...following] = tokens;
  const six = kind?.text === "FWM" && following[0]?.text === "IPv6" ? following.shift() : null;
  const service = kind && name ? serviceOf(kind.text, name, six ? 6 : 4, remarks) : null;
  const scheduler = following.shift();
  if (!service || !scheduler) {
    if (service) remarks.refuse("LISTING_LINE_UNKNOWN", line);
    return null;
  }
  const spec: DraftSpec = {
    scheduler: scheduler.text,
    ...{ schedulerFlags: [], timeoutS: null, netmask: null, onePacket: false, engine: null },
  };
  while (following.length > 0) {
    meter.steps++;
    if (takeSetting(spec, following, remarks)) continue;
    remarks.refuse("LISTING_LINE_UNKNOWN", spanOfAll(following));
    return null;
  }
  const udp = service.kind === "fwmark" || service.protocol === "udp";
  if (udp && spec.timeoutS === null) remarks.warn("LISTING_ENGINE_LOST", line);
  return { ...line, line: remarks.line, command: "add-service", service, spec, server: null, spans: {} };
}

/** Takes one setting off the front of the words behind the scheduler. */
function takeSetting(spec: DraftSpec, words: Token[], remarks: Remarks): boolean {
  const [first, second] = words;
  const { text } = first as Token;
  if (text.startsWith("(") && text.endsWith(")")) {
    const names = text
      .slice(1, -1)
      .split(",")
      .filter((name) => name !== "");
    spec.schedulerFlags = flagsNamed(names, spec.scheduler, (code, name) =>
      remarks.refuse(code, spanOf(first as Token), { text: name, scheduler: spec.scheduler }),
    );
    words.shift();
    return true;
  }
  if (text === "ops") {
    spec.onePacket = true;
    words.shift();
    return true;
  }
  if (!second) return false;
  if (text === "persistent") spec.timeoutS = wholeNumber(second.text) ?? 0;
  else if (text === "mask") spec.netmask = second.text;
  else if (text === "pe") spec.engine = second.text;
  else return false;
  words.splice(0, 2);
  return true;
}

function serviceOf(kind: string, name: Token, family: 4 | 6, remarks: Remarks): DraftService | null {
  if (kind === "FWM") {
    const mark = wholeNumber(name.text);
    // Printed as a signed number.
    if (mark) return { kind: "fwmark", family, mark: mark < 0 ? mark + 2 ** 32 : mark };
    remarks.refuse("MARK_INVALID", spanOf(name), { text: name.text, max: 2 ** 32 - 1 });
    return null;
  }
  const protocol = kind.toLowerCase() as Protocol;
  const read = listedHostPort(name, protocol, remarks);
  return read && { kind: "address", protocol, ...read, portWritten: true };
}

/** `-> 10.0.0.1:80 Masq 1 0 0`, with --tun-info `-> 10.0.0.1:80 Tunnel gue:6080:+c 1 0 0`; null when it cannot be read, which is said. */
export function listedServer(tokens: readonly Token[], service: DraftService, remarks: Remarks): Draft | null {
  const line = spanOfAll(tokens);
  const [, name, forward, ...columns] = tokens;
  const info = columns.length === 4 ? columns.shift() : null;
  const weight = wholeNumber(columns[0]?.text ?? "");
  if (!name || !forward || columns.length !== 3 || weight === null) {
    remarks.refuse("LISTING_LINE_UNKNOWN", line);
    return null;
  }
  const method = Object.hasOwn(forwardOf, forward.text) ? forwardOf[forward.text] : undefined;
  if (!method) {
    remarks.refuse("FORWARD_WITHOUT_NAME", spanOf(forward), { text: forward.text });
    return null;
  }
  if (forward.text === "Local") remarks.warn("LISTING_LOCAL", spanOf(forward));
  if (method === "tunnel" && !info) remarks.warn("LISTING_TUNNEL_LOST", spanOf(forward));
  const read = listedHostPort(name, service.kind === "fwmark" ? "tcp" : service.protocol, remarks);
  if (!read) return null;
  const server: DraftServer = {
    ...read,
    portFrom: "text",
    forward: method,
    weight,
    ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: tunnelOf(info?.text ?? "ipip") },
  };
  const spans = { server: spanOf(name), weight: spanOf(columns[0] as Token) };
  return { ...line, line: remarks.line, command: "add-server", service, spec: null, server, spans };
}

function tunnelOf(info: string): DraftServer["tunnel"] {
  const words = info.split(":");
  const type = tunnelTypes.find((known) => known === words[0]) ?? "ipip";
  return {
    type,
    port: type === "gue" ? (wholeNumber(words[1] ?? "") ?? 0) : 0,
    checksum: checksumOf[words.at(-1) ?? ""] ?? "none",
  };
}

function listedHostPort(name: Token, protocol: Protocol, remarks: Remarks) {
  const { text } = name;
  if (/^[\dA-F]{8}:[\dA-F]{4}$/.test(text) || /^\[[\da-f:]{39}\]:[\dA-F]{4}$/.test(text)) {
    remarks.refuse("LISTING_OF_PROC", spanOf(name));
    return null;
  }
  if (text.length >= nameWidth && !text.startsWith("[")) {
    remarks.refuse("LISTING_NAME_CUT", spanOf(name), { text });
    return null;
  }
  const read = parseHostPort(name, protocol, remarks);
  if (!read) return null;
  if (read.port !== null) return { address: read.address, port: read.port };
  remarks.refuse("LISTING_LINE_UNKNOWN", spanOf(name));
  return null;
}
