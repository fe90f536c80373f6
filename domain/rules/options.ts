/** The commands of ipvsadm 1.31. Those that change nothing are known so that they can be told apart from mistakes. */
export const commandNames = [
  "add-service",
  "edit-service",
  "delete-service",
  "clear",
  "add-server",
  "edit-server",
  "delete-server",
  "zero",
  "set",
  "start-daemon",
  "stop-daemon",
  "list",
  "save",
  "restore",
  "help",
  "version",
] as const;
export type CommandName = (typeof commandNames)[number];

/** What an option is about: each may be given once, and the matrix of commands is made of these (ipvsadm's OPT_ bits). */
export const groups = [
  "numeric",
  "connection",
  "service",
  "scheduler",
  "persistent",
  "netmask",
  "real-server",
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  "mcast-interface",
  "timeout",
  "daemon",
  "stats",
  "rate",
  "thresholds",
  "persistent-conn",
  "nosort",
  "syncid",
  "exact",
  "ops",
  "pe",
  "sched-flags",
  "mcast-group",
  "mcast-port",
  "mcast-ttl",
  "sync-maxlen",
  "tun-info",
  "tun-type",
  "tun-port",
  "tun-nocsum",
  "tun-csum",
  "tun-remcsum",
] as const;
export type Group = (typeof groups)[number];

export interface Option {
  /** without its two dashes */
  long: string;
  short: string | null;
  value: "none" | "required" | "optional";
  command: CommandName | null;
  /** null for the two that may stand anywhere and as often as one likes: -6 and --sort */
  group: Group | null;
}

function command(long: CommandName, short: string | null, value: Option["value"] = "none"): Option {
  return { long, short, value, command: long, group: null };
}

function option(long: string, short: string | null, value: Option["value"], group: Group | null): Option {
  return { long, short, value, command: null, group };
}

/** An option whose long name is its group's. */
function own(long: Group, short: string | null, value: Option["value"] = "required"): Option {
  return option(long, short, value, long);
}

/** Every option of ipvsadm 1.31, in the order of its source; `list` stands here for each of its two letters. */
export const options: readonly Option[] = [
  command("add-service", "A"),
  command("edit-service", "E"),
  command("delete-service", "D"),
  command("clear", "C"),
  command("add-server", "a"),
  command("edit-server", "e"),
  command("delete-server", "d"),
  command("zero", "Z"),
  command("set", null),
  command("start-daemon", null, "required"),
  command("stop-daemon", null, "required"),
  command("list", "L"),
  command("list", "l"),
  command("save", "S"),
  command("restore", "R"),
  command("help", "h"),
  command("version", "v"),
  option("tcp-service", "t", "required", "service"),
  option("udp-service", "u", "required", "service"),
  option("sctp-service", null, "required", "service"),
  option("fwmark-service", "f", "required", "service"),
  option("masquerading", "m", "none", "forwarding-method"),
  option("ipip", "i", "none", "forwarding-method"),
  option("gatewaying", "g", "none", "forwarding-method"),
  option("ipv6", "6", "none", null),
  option("sort", null, "none", null),
  own("scheduler", "s"),
  own("persistent", "p", "optional"),
  own("netmask", "M"),
  own("real-server", "r"),
  own("weight", "w"),
  own("u-threshold", "x"),
  own("l-threshold", "y"),
  own("numeric", "n", "none"),
  own("connection", "c", "none"),
  own("mcast-interface", null),
  own("syncid", null),
  own("timeout", null, "none"),
  own("daemon", null, "none"),
  own("stats", null, "none"),
  own("rate", null, "none"),
  own("thresholds", null, "none"),
  own("persistent-conn", null, "none"),
  own("nosort", null, "none"),
  own("exact", "X", "none"),
  own("ops", "o", "none"),
  own("pe", null),
  own("sched-flags", "b"),
  own("mcast-group", null),
  own("mcast-port", null),
  own("mcast-ttl", null),
  own("sync-maxlen", null),
  own("tun-info", null, "none"),
  own("tun-type", null),
  own("tun-port", null),
  own("tun-nocsum", null, "none"),
  own("tun-csum", null, "none"),
  own("tun-remcsum", null, "none"),
];

const byLong = new Map(options.map((each) => [each.long, each]));
/** by character code */
const byShort: (Option | undefined)[] = new Array(128).fill(undefined);
for (const each of options) if (each.short !== null) byShort[each.short.charCodeAt(0)] = each;

/** The option of this long name, without its dashes. ipvsadm takes no abbreviations. */
export function longOption(name: string): Option | null {
  return byLong.get(name) ?? null;
}

export function shortOption(letter: string): Option | null {
  return letter.length === 1 ? (byShort[letter.charCodeAt(0)] ?? null) : null;
}

/** The one option whose long name begins like this, for "did you mean"; null when there is none or more than one. */
export function optionMeant(beginning: string): Option | null {
  if (beginning.length < 3) return null;
  const fitting = options.filter(({ long }) => long.startsWith(beginning));
  return new Set(fitting.map(({ long }) => long)).size === 1 ? (fitting[0] ?? null) : null;
}
