import { addressClass, parseAddress } from "./address.ts";
import { INT_MAX, UINT_MAX } from "./numbers.ts";
import { forwards, observedForwards, possibleChecksums, tunnelTypes } from "./real-server.ts";
import { isCanonicalSix, quadNumber } from "./rules/plain-address.ts";
import { canonicalNetmask, engines, maxPersistenceS, protocols, schedulerFlags, schedulers } from "./service.ts";

type Fields = Record<string, unknown>;

/**
 * Whether a value of plain JSON is a change that changeSchema takes just as it is: nothing wrong, nothing to make canonical,
 * nothing in it that does not belong there. False says nothing: the schema has to look. It makes no object, which is what
 * the schema spends its time on when it looks at ten thousand changes.
 */
export function isSoundChange(value: unknown): boolean {
  if (!isFields(value)) return false;
  switch (value["verb"]) {
    case "add-service":
      return hasFields(value, 3) && isDefinedService(value["service"], value["spec"]);
    case "edit-service":
      return isSeen(value, 3, isObservedService) && isDefinedService(value["service"], value["spec"]);
    case "remove-service":
      return isSeen(value, 2, isObservedService) && isKey(value["service"]);
    case "add-server":
      return hasFields(value, 3) && isDefinedServer(value["service"], value["server"]);
    case "edit-server":
      return isSeen(value, 3, isObservedServer) && isDefinedServer(value["service"], value["server"]);
    case "remove-server":
      return isSeen(value, 3, isObservedServer) && isKey(value["service"]) && isServerKey(value["server"]);
    default:
      return false;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasFields(value: Fields, count: number): boolean {
  let found = 0;
  for (const _ in value) found++;
  return found === count;
}

/** With so many fields, or with one more that holds what the person saw. */
function isSeen(value: Fields, count: number, isObserved: (seen: unknown) => boolean): boolean {
  const { expected } = value;
  return expected === undefined ? hasFields(value, count) : hasFields(value, count + 1) && isObserved(expected);
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

const isPort = (value: unknown): value is number => isWhole(value, 0, 65_535);
const isOneOf = (list: readonly unknown[], value: unknown) => list.includes(value);

function isText(value: unknown, longest: number): boolean {
  return typeof value === "string" && value.length <= longest;
}

function isAddress(value: unknown): value is string {
  if (typeof value !== "string") return false;
  if (quadNumber(value) !== null || isCanonicalSix(value)) return true;
  return value.includes(":") && value.includes(".") && parseAddress(value)?.text === value;
}

function familyOf(key: Fields): 4 | 6 {
  if (key["kind"] === "fwmark") return key["family"] as 4 | 6;
  return (key["address"] as string).includes(":") ? 6 : 4;
}

function isKey(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  const { kind, protocol, address, port, family, mark } = value;
  if (kind === "fwmark") return hasFields(value, 3) && (family === 4 || family === 6) && isWhole(mark, 1, UINT_MAX);
  const isNamed = kind === "address" && hasFields(value, 4);
  return isNamed && isOneOf(protocols, protocol) && isAddress(address) && isPort(port);
}

function isServerKey(value: unknown): boolean {
  return isFields(value) && hasFields(value, 2) && isAddress(value["address"]) && isPort(value["port"]);
}

function isDefinedService(key: unknown, value: unknown): boolean {
  if (!isKey(key) || !isFields(value) || !hasFields(value, 5)) return false;
  const { scheduler, schedulerFlags: flags, persistence, onePacket, engine } = value;
  if (!isOneOf(schedulers, scheduler) || !areFlags(flags) || typeof onePacket !== "boolean") return false;
  if ((scheduler === "sh" || scheduler === "mh") && flags.includes("flag-3")) return false;
  if (engine !== null && !isOneOf(engines, engine)) return false;
  if (persistence !== null && !isPersistence(persistence, familyOf(key))) return false;
  if (key["kind"] === "fwmark") return true;
  if (onePacket && key["protocol"] !== "udp") return false;
  return (key["port"] !== 0 || persistence !== null) && isVirtual(key["address"] as string);
}

/** Each once and in the order of their bits. */
function areFlags(value: unknown): value is unknown[] {
  if (!Array.isArray(value)) return false;
  let last = -1;
  for (const flag of value) {
    const bit = schedulerFlags.indexOf(flag);
    if (bit <= last) return false;
    last = bit;
  }
  return true;
}

function isPersistence(value: unknown, family: 4 | 6): boolean {
  if (!isFields(value) || !hasFields(value, 2)) return false;
  const { timeoutS, netmask } = value;
  if (!isWhole(timeoutS, 1, maxPersistenceS) || typeof netmask !== "string") return false;
  return netmask.length <= 20 && canonicalNetmask(netmask, family) === netmask;
}

function isVirtual(address: string): boolean {
  const kind = addressClass(address);
  return kind === "unicast" || kind === "link-local";
}

function isDefinedServer(key: unknown, value: unknown): boolean {
  if (!isKey(key) || !isFields(value) || !hasFields(value, 7)) return false;
  const { address, port, forward, weight, upperThreshold, lowerThreshold, tunnel } = value;
  if (!isAddress(address) || addressClass(address) !== "unicast" || !isPort(port)) return false;
  if (!isOneOf(forwards, forward) || !isWhole(weight, 0, INT_MAX)) return false;
  if (!isWhole(upperThreshold, 0, INT_MAX) || !isWhole(lowerThreshold, 0, upperThreshold)) return false;
  if (forward === "tunnel" ? !isTunnel(tunnel) : tunnel !== null) return false;
  if (key["kind"] === "address" && forward !== "nat" && port !== key["port"]) return false;
  return forward === "tunnel" || address.includes(":") === (familyOf(key) === 6);
}

function isTunnel(value: unknown): boolean {
  if (!isFields(value) || !hasFields(value, 3)) return false;
  const { type, port, checksum } = value;
  const known = tunnelTypes.find((name) => name === type);
  if (!known || !isPort(port) || (known === "gue") !== port > 0) return false;
  return isOneOf(possibleChecksums[known], checksum);
}

function isObservedService(value: unknown): boolean {
  if (!isFields(value) || !hasFields(value, 5)) return false;
  const { scheduler, schedulerFlags: flags, persistence, onePacket, engine } = value;
  if (!isText(scheduler, 16) || !areFlags(flags) || typeof onePacket !== "boolean") return false;
  if (engine !== null && !isText(engine, 16)) return false;
  if (persistence === null) return true;
  if (!isFields(persistence) || !hasFields(persistence, 2)) return false;
  return Number.isSafeInteger(persistence["timeoutS"]) && isText(persistence["netmask"], 20);
}

function isObservedServer(value: unknown): boolean {
  if (!isFields(value) || !hasFields(value, 7)) return false;
  const { address, port, forward, weight, upperThreshold, lowerThreshold, tunnel } = value;
  if (!isAddress(address) || !isPort(port) || !isOneOf(observedForwards, forward)) return false;
  if (![weight, upperThreshold, lowerThreshold].every(Number.isSafeInteger)) return false;
  if (tunnel === null) return true;
  if (!isFields(tunnel) || !hasFields(tunnel, 3)) return false;
  return isText(tunnel["type"], 16) && Number.isSafeInteger(tunnel["port"]) && isText(tunnel["checksum"], 20);
}
