import type { CommandName, Group } from "./options.ts";
import type { Remarks, Span } from "./problem.ts";
import type { Given } from "./scan.ts";

interface Row {
  required: readonly Group[];
  allowed: readonly Group[];
  /** at most one of these, which are allowed too */
  oneOf?: readonly Group[];
}

const serviceSettings: readonly Group[] = ["scheduler", "persistent", "netmask", "ops", "pe", "sched-flags"];
const tunnelSettings: readonly Group[] = ["tun-type", "tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"];
const serverSettings: readonly Group[] = [
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  ...tunnelSettings,
];
const nothing: Row = { required: [], allowed: [] };

/** Which options go with which command: commands_v_options of ipvsadm 1.31. */
const matrix: Record<CommandName, Row> = {
  "add-service": { required: ["service"], allowed: serviceSettings },
  "edit-service": { required: ["service"], allowed: serviceSettings },
  "delete-service": { required: ["service"], allowed: [] },
  clear: nothing,
  "add-server": { required: ["service", "real-server"], allowed: serverSettings },
  "edit-server": { required: ["service", "real-server"], allowed: serverSettings },
  "delete-server": { required: ["service", "real-server"], allowed: [] },
  zero: { required: [], allowed: ["service"] },
  set: nothing,
  "start-daemon": {
    required: [],
    allowed: ["mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen"],
  },
  "stop-daemon": { required: [], allowed: ["syncid"] },
  list: {
    required: [],
    allowed: ["numeric", "nosort", "exact", "stats", "rate", "thresholds", "persistent-conn", "syncid", "tun-info"],
    oneOf: ["connection", "service", "timeout", "daemon"],
  },
  save: { required: [], allowed: ["numeric"] },
  restore: nothing,
  help: nothing,
  version: nothing,
};

/** How the options that can be asked for are written. */
const writtenAs: Partial<Record<Group, string>> = { service: "-t, -u, --sctp-service, -f", "real-server": "-r" };

/** Says which options are given twice, are missing, or do not go with the command or with one another. */
export function checkOptions(command: Given, options: readonly Given[], remarks: Remarks, line: Span): void {
  // An option that was misspelt is not missing too.
  const complete = remarks.problems.length === 0;
  const row = matrix[command.option.command ?? "list"];
  const seen = new Map<Group, Given>();
  let chosen: Given | null = null;
  for (const given of options) {
    const { group } = given.option;
    if (group === null) continue;
    const first = seen.get(group);
    if (first) {
      const code = first.option === given.option ? "OPTION_TWICE" : "OPTIONS_EXCLUDE";
      remarks.refuse(code, given, { option: given.written, other: first.written });
      continue;
    }
    seen.set(group, given);
    if (row.oneOf?.includes(group)) {
      if (chosen) remarks.refuse("OPTIONS_EXCLUDE", given, { option: given.written, other: chosen.written });
      chosen ??= given;
    } else if (!row.required.includes(group) && !row.allowed.includes(group)) {
      remarks.refuse("OPTION_NOT_ALLOWED", given, { option: given.written, command: command.written });
    }
  }
  for (const group of complete ? row.required : []) {
    if (seen.has(group)) continue;
    remarks.refuse("OPTION_REQUIRED", line, { option: writtenAs[group] ?? group, command: command.written });
  }
  if (command.option.command === "list") checkList(seen, remarks);
}

const listings: readonly Group[] = ["stats", "rate", "thresholds", "persistent-conn"];

/** process_options(): connections, timeouts and daemons have no statistics, the last two no persistent connections. */
function checkList(seen: ReadonlyMap<Group, Given>, remarks: Remarks): void {
  const other = seen.get("connection") ?? seen.get("timeout") ?? seen.get("daemon");
  if (!other) return;
  for (const group of listings) {
    const given = seen.get(group);
    if (!given || (group === "persistent-conn" && other.option.group === "connection")) continue;
    remarks.refuse("OPTIONS_EXCLUDE", given, { option: given.written, other: other.written });
  }
}
