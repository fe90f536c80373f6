import { problemsOf } from "../problem.ts";
import { syncDaemonSchema, syncRoles } from "../sync-daemon.ts";
import { numberOf } from "./number.ts";
import type { Remarks, Span } from "./problem.ts";
import type { Given } from "./scan.ts";
import type { At, ReadyStatement } from "./statement.ts";
import { spanOf } from "./tokens.ts";

/** ipvsadm's when --mcast-interface is left out. */
const defaultInterface = "eth0";

const partOf: Record<string, string> = {
  "mcast-interface": "interface",
  syncid: "syncId",
  "sync-maxlen": "maxLength",
  "mcast-group": "group",
  "mcast-port": "port",
  "mcast-ttl": "ttl",
};
const ranges: Record<string, [number, number]> = {
  syncId: [0, 255],
  maxLength: [1, 65_507],
  port: [1, 65_535],
  ttl: [1, 255],
};

/** The daemon that --start-daemon or --stop-daemon is about; null when it was refused. */
export function parseDaemon(
  name: "start-daemon" | "stop-daemon",
  command: Given,
  options: readonly Given[],
  at: At,
  remarks: Remarks,
): ReadyStatement | null {
  const role = syncRoles.find((known) => known === command.value?.text);
  if (command.value && !role) {
    remarks.refuse("ROLE_UNKNOWN", spanOf(command.value), { text: command.value.text, option: command.written });
  }
  const settings: Record<string, unknown> = { interface: defaultInterface, syncId: 0 };
  const spans: Record<string, Span> = {};
  for (const given of options) {
    const part = partOf[given.option.long];
    if (part === undefined || !given.value) continue;
    spans[part] = spanOf(given.value);
    const range = ranges[part];
    if (range) settings[part] = numberOf(given, ...range, remarks) ?? undefined;
    else if (given.value.text !== "") settings[part] = given.value.text;
    else remarks.warn("VALUE_EMPTY", given, { option: given.written });
  }
  if (!role || remarks.problems.length > 0) return null;
  if (name === "stop-daemon") return { ...at, command: name, role };
  const parsed = syncDaemonSchema.safeParse({ role, ...settings });
  if (parsed.success) return { ...at, command: name, daemon: parsed.data };
  for (const { code, params, path } of problemsOf(parsed.error)) {
    remarks.refuse(code, spans[String(path[0])] ?? at, params);
  }
  return null;
}
