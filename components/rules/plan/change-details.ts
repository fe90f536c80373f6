import type { Change } from "#domain/change";
import { formatServerOptions, formatServiceOptions } from "#domain/rules/format";
import { formatHostChange } from "#domain/rules/format-host-change";
import { type Difference, differences } from "../../changes/differences.ts";
import { type ServerField, valuesOfServer } from "../../forms/server-values.ts";
import { type ServiceField, valuesOfService } from "../../forms/service-values.ts";

const serviceFields = [
  "scheduler",
  "schedulerFlags",
  "persistent",
  "timeoutS",
  "netmask",
  "onePacket",
  "engine",
] as const satisfies ServiceField[];
const serverFields = [
  "forward",
  "weight",
  "upperThreshold",
  "lowerThreshold",
  "tunnelType",
  "tunnelPort",
  "tunnelChecksum",
] as const satisfies ServerField[];

/** What a change does to its row: its settings as ipvsadm's options, or field by field what they were and become. */
export type ChangeDetails =
  | { kind: "options"; text: string }
  | { kind: "fields"; fields: Difference<(typeof serviceFields)[number] | (typeof serverFields)[number]>[] }
  | { kind: "none" };

export function changeDetails(change: Change): ChangeDetails {
  switch (change.verb) {
    case "add-service":
      return { kind: "options", text: formatServiceOptions(change.service, change.spec) };
    case "add-server":
      return { kind: "options", text: formatServerOptions(change.server) };
    case "edit-service": {
      if (!change.expected) return { kind: "options", text: formatServiceOptions(change.service, change.spec) };
      const was = valuesOfService({ key: change.service, spec: change.expected });
      const is = valuesOfService({ key: change.service, spec: change.spec });
      return { kind: "fields", fields: differences(serviceFields, was, was, is) };
    }
    case "edit-server": {
      if (!change.expected) return { kind: "options", text: formatServerOptions(change.server) };
      const was = valuesOfServer(change.expected);
      return { kind: "fields", fields: differences(serverFields, was, was, valuesOfServer(change.server)) };
    }
    case "set-timeouts":
    case "start-daemon":
    case "stop-daemon":
      return { kind: "options", text: formatHostChange(change).replace(/^ipvsadm /, "") };
    default:
      return { kind: "none" };
  }
}
