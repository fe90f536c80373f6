import type { Protocol } from "../service.ts";
import { parseHostPort } from "./host-port.ts";
import type { Known } from "./known.ts";
import { wholeNumber } from "./number.ts";
import type { Remarks } from "./problem.ts";
import type { Given } from "./scan.ts";
import type { DraftService } from "./statement.ts";
import { spanOf } from "./tokens.ts";

const protocolOf: Record<string, Protocol> = { "tcp-service": "tcp", "udp-service": "udp", "sctp-service": "sctp" };
const maxMark = 4_294_967_295;

/** The service behind -t, -u, --sctp-service or -f; null when it is none, which is refused. */
export function draftService(given: Given, remarks: Remarks, known: Known): DraftService | null {
  if (!given.value) return null;
  const protocol = protocolOf[given.option.long];
  if (protocol === undefined) {
    const span = spanOf(given.value);
    const mark = wholeNumber(given.value.text);
    if (mark !== null && mark >= 1 && mark <= maxMark) return { kind: "fwmark", family: 4, mark };
    if (mark !== null && mark < 0 && mark >= -(2 ** 31)) {
      remarks.refuse("MARK_NEGATIVE", span, { text: given.value.text, write: String(mark + 2 ** 32) });
      return null;
    }
    remarks.refuse("MARK_INVALID", span, { text: given.value.text, max: maxMark });
    return null;
  }
  const { text } = given.value;
  const before = known.services[protocol].get(text);
  if (before) return before;
  const read = parseHostPort(given.value, protocol, remarks);
  if (!read) return null;
  const { address, port } = read;
  const service: DraftService = { kind: "address", protocol, address, port: port ?? 0, portWritten: port !== null };
  const isNamed = typeof address === "object" || typeof port === "object";
  if (!isNamed && remarks.problems.length + remarks.warnings.length === 0) known.services[protocol].set(text, service);
  return service;
}

/** The family of a service as far as it is known while its line is read; names are IPv4 to ipvsadm. */
export function draftFamily(service: DraftService | null): 4 | 6 {
  if (service?.kind === "fwmark") return service.family;
  return typeof service?.address === "string" && service.address.includes(":") ? 6 : 4;
}
