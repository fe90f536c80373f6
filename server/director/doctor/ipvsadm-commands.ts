import type { ObservedServerSpec } from "#domain/real-server";
import { formatServerKey, formatServerOptions, formatServiceKey, formatServiceOptions } from "#domain/rules/format";
import { formatHostChange } from "#domain/rules/format-host-change";
import type { ObservedServiceSpec } from "#domain/service";
import type { SyncDaemonSpec } from "#domain/sync-daemon";
import type { ServiceRecord } from "#domain/table";
import type { Pair } from "./pairs.ts";
import { shellWord } from "./words.ts";

/** `ipvsadm -E …`: the kernel wants all of a service on every edit. */
export function editServiceCommand({ key, spec }: ServiceRecord, parts: Partial<ObservedServiceSpec>): string {
  return `ipvsadm -E ${formatServiceKey(key)} ${formatServiceOptions(key, { ...spec, ...parts })}`;
}

/** `ipvsadm -e …` */
export function editServerCommand({ service, server }: Pair, parts: Partial<ObservedServerSpec>): string {
  const words = [
    formatServiceKey(service.key),
    formatServerKey(server.spec),
    formatServerOptions({ ...server.spec, ...parts }),
  ];
  return `ipvsadm -e ${words.join(" ")}`;
}

export function startDaemonCommand(daemon: SyncDaemonSpec): string {
  return formatHostChange({ verb: "start-daemon", daemon: { ...daemon, interface: shellWord(daemon.interface) } });
}

/** A daemon that runs takes no other settings: it is stopped and started. */
export function restartDaemonCommands(daemon: SyncDaemonSpec): string[] {
  return [formatHostChange({ verb: "stop-daemon", role: daemon.role }), startDaemonCommand(daemon)];
}
