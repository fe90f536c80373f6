import { serverId } from "../real-server.ts";
import { serviceId } from "../service.ts";
import { isSetting, type Step } from "./command.ts";

/** What a step is about: the id of its row, `timeouts`, `daemon:master`, or "" for the whole table. */
export function stepName(step: Step): string {
  if (step.command === "set-timeouts") return "timeouts";
  if (isSetting(step)) return `daemon:${step.command === "stop-daemon" ? step.role : step.daemon.role}`;
  if (!("service" in step) || step.service === null) return "";
  return "server" in step ? serverId(step.service, step.server) : serviceId(step.service);
}
