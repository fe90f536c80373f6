import type { ObservedServerSpec, ServerKey } from "../real-server.ts";
import type { ObservedServiceSpec, ServiceKey } from "../service.ts";
import type { SyncDaemonSpec, SyncRole } from "../sync-daemon.ts";
import type { Timeouts } from "../timeouts.ts";

/** One command to the kernel's table. */
export type Command =
  | { command: "new-service" | "set-service"; service: ServiceKey; spec: ObservedServiceSpec }
  | { command: "delete-service"; service: ServiceKey }
  | { command: "new-server" | "set-server"; service: ServiceKey; server: ObservedServerSpec }
  | { command: "delete-server"; service: ServiceKey; server: ServerKey }
  /** null: every service and the table's totals */
  | { command: "zero"; service: ServiceKey | null }
  | { command: "flush" };

/** One command about what stands beside the table. */
export type SettingCommand =
  /** 0 keeps a value */
  | { command: "set-timeouts"; timeouts: Timeouts }
  | { command: "start-daemon"; daemon: SyncDaemonSpec }
  | { command: "stop-daemon"; role: SyncRole };

/** What a batch is made of. */
export type Step = Command | SettingCommand;

export function isSetting(step: Step): step is SettingCommand {
  return step.command === "set-timeouts" || step.command === "start-daemon" || step.command === "stop-daemon";
}
