import { endpoint } from "../endpoint.ts";
import { Drafting } from "./drafting.ts";
import type { Known } from "./known.ts";
import type { Remarks, Span } from "./problem.ts";
import type { Given } from "./scan.ts";
import { parseSchedulerFlags } from "./scheduler-flags.ts";
import type { Draft } from "./statement.ts";
import type { Meter } from "./tokens.ts";
import { checkTunnel } from "./tunnel-options.ts";

/** What the options of one line ask of a service or a server; null when something was refused that it cannot be without. */
export function draftOf(
  given: readonly Given[],
  command: Draft["command"],
  line: Span,
  remarks: Remarks,
  meter: Meter,
  known: Known,
): Draft | null {
  const drafting = new Drafting(remarks, known);
  for (const each of given) drafting.take(each);
  const { service, spec, spans } = drafting;
  const { column, endColumn } = line;
  if (command === "add-service" || command === "edit-service") {
    if (drafting.flags) spec.schedulerFlags = parseSchedulerFlags(drafting.flags, spec.scheduler, remarks, meter);
    if (drafting.shortNetmask && spans.netmask) remarks.warn("NETMASK_SHORT", spans.netmask, drafting.shortNetmask);
    if (spec.netmask !== null && !spans.timeoutS && spans.netmask) remarks.warn("NETMASK_UNUSED", spans.netmask);
    if (service?.kind === "address" && !service.portWritten && !spans.timeoutS) {
      const text = typeof service.address === "string" ? service.address : service.address.name;
      remarks.refuse("PORT_MISSING", spans.service ?? line, { text, write: endpoint(text, 80) });
    }
    return service && { line: remarks.line, column, endColumn, command, spans, service, spec, server: null };
  }
  if (command === "delete-service" || command === "zero") {
    return service && { line: remarks.line, column, endColumn, command, spans, service, spec: null, server: null };
  }
  if (command !== "delete-server") checkTunnel(given, drafting.forward, drafting.tunnel.type, remarks);
  const { server: named, forward, weight, upperThreshold, lowerThreshold, tunnel } = drafting;
  if (!service || !named) return null;
  const { address, port, portFrom } = named;
  const server = { address, port, portFrom, forward, weight, upperThreshold, lowerThreshold, tunnel };
  return { line: remarks.line, column, endColumn, command, spans, service, spec: null, server };
}
