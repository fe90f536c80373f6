import { z } from "zod";

/** What a check found, worst first. `unknown`: it could not look, and says why. */
export const verdicts = ["error", "warning", "notice", "unknown", "ok"] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * Every check of a director's host with the codes of what it may find, as a closed set. The sentence for each code, and for each
 * check its title and why it matters, are in messages/*.json under `doctor`.
 */
export const checkCodes = {
  "ipvs-present": ["IPVS_THERE", "IPVS_MISSING", "IPVS_REFUSES"],
  capability: ["MAY_ADMINISTER", "MAY_NOT_ADMINISTER"],
  "network-namespace": ["NAMESPACE_OF_HOST", "NAMESPACE_OF_ITS_OWN"],
  "scheduler-modules": ["MODULES_THERE", "MODULES_NOT_THERE", "SCHEDULER_NOT_THERE", "SCHEDULER_NONE"],
  "ipv6-off": ["IPV6_ON", "IPV6_OFF", "IPV6_OFF_IN_USE"],
  forwarding: ["FORWARDING_ON", "FORWARDING_NOT_NEEDED", "FORWARDING_OFF_4", "FORWARDING_OFF_6"],
  "vip-local": ["VIPS_LOCAL", "VIP_NOT_LOCAL", "VIP_NOT_LOCAL_STANDBY"],
  "vip-sanity": ["VIPS_SANE", "VIP_NOT_UNICAST", "PORT_ZERO_NOT_PERSISTENT", "PROTOCOL_UNKNOWN"],
  "server-route": ["SERVERS_ROUTED", "SERVER_NOT_ROUTED"],
  "direct-port": ["DIRECT_PORTS_SAME", "DIRECT_PORT_IGNORED"],
  "forward-method": ["FORWARDS_USUAL", "FORWARD_WITHOUT_WAY", "FULLNAT_WITHOUT_ADDRESSES", "FORWARD_LOCAL"],
  arp: ["ARP_QUIET", "ARP_NOT_NEEDED", "ARP_KUBE", "ARP_STANDBY"],
  redirects: ["REDIRECTS_OFF", "REDIRECTS_NOT_NEEDED", "REDIRECTS_ONE_ARM"],
  "reverse-path": ["REVERSE_PATH_LOOSE", "REVERSE_PATH_DECAP", "REVERSE_PATH_SEVERAL"],
  "tunnel-mtu": ["TUNNELS_NONE", "TUNNEL_MTU_FITS", "TUNNEL_MTU_SMALL"],
  "conntrack-table": ["CONNTRACK_ROOM", "CONNTRACK_ABSENT", "CONNTRACK_FILLING", "CONNTRACK_FULL"],
  "conntrack-timeout": ["CONNTRACK_NOT_KEPT", "CONNTRACK_TIMEOUT_FITS", "CONNTRACK_TIMEOUT_SHORT"],
  "conntrack-needed": ["CONNTRACK_SEEN", "CONNTRACK_NOT_NEEDED", "CONNTRACK_BYPASSED"],
  "deleted-servers": ["DELETED_SERVERS_EXPIRE", "DELETED_SERVERS_NOT_URGENT", "DELETED_SERVERS_BLACK_HOLE"],
  "drain-persistent": ["DRAINS_TAKE_EFFECT", "DRAIN_NOT_PERSISTENT", "DRAIN_KEEPS_CLIENTS"],
  "usable-servers": ["ALL_USABLE", "NO_SERVER_USABLE", "NO_SERVERS"],
  thresholds: ["THRESHOLDS_FREE", "THRESHOLDS_NONE", "THRESHOLD_MOSTLY_INACTIVE"],
  "port-reuse": ["PORT_REUSE_FITS", "PORT_REUSE_SLOW", "PORT_REUSE_STICKY"],
  "sync-persistence": ["SYNC_PERSISTENCE_FITS", "SYNC_TEMPLATES_WITHOUT_SLOPPY"],
  "sync-interface": ["SYNC_NONE", "SYNC_INTERFACE_READY", "SYNC_DOWN", "SYNC_NO_MULTICAST", "SYNC_NO_ADDRESS"],
  "sync-length": ["SYNC_NONE", "SYNC_LENGTH_FITS", "SYNC_LENGTH_TOO_LONG"],
  "sync-sides": ["SYNC_NONE", "SYNC_SIDES_AGREE", "SYNC_ONE_SIDE", "SYNC_SIDES_DIFFER"],
  "sync-id": ["SYNC_NONE", "SYNC_ID_SET", "SYNC_ID_ZERO"],
  "sync-version": ["SYNC_NONE", "SYNC_VERSION_NEW", "SYNC_VERSION_OLD"],
  "sync-open": ["SYNC_NONE", "SYNC_NOT_LISTENING", "SYNC_UNAUTHENTICATED"],
  "mixed-families": ["FAMILIES_SAME", "FAMILIES_MIXED"],
  loops: ["LOOPS_NOT_POSSIBLE", "LOOPS_PREVENTED", "LOOPS_POSSIBLE", "BACKUP_DOES_NOT_BALANCE"],
  statistics: ["STATISTICS_RUN", "STATISTICS_FROZEN", "STATISTICS_NO_CPU"],
  defences: ["DEFENCES_RESTING", "DEFENCE_ACTIVE", "DEFENCE_ALWAYS", "DEFENCE_DROPS_ALL"],
  "connection-table": ["BUCKETS_ENOUGH", "BUCKETS_FEW"],
  "connection-limit": ["CONNECTIONS_UNLIMITED", "CONNECTIONS_BELOW_LIMIT", "CONNECTIONS_NEAR_LIMIT"],
  ftp: ["FTP_NONE", "FTP_READY", "FTP_WITHOUT_HELPER", "FTP_NOT_PERSISTENT"],
  "fwmark-rules": ["MARKS_NONE", "MARKS_CANNOT_BE_SET", "MARKS_NOT_LOOKED_UP"],
  "other-managers": ["MANAGERS_NONE", "MANAGERS_FOUND"],
  "saved-rules": ["SAVED_RULES_NONE", "SAVED_RULES_SAME", "SAVED_RULES_DIFFER", "SAVED_RULES_BROKEN"],
} as const;

export type CheckId = keyof typeof checkCodes;
export const checkIds = Object.keys(checkCodes) as CheckId[];

/** Why a check could not look. */
export const unknownCodes = [
  "NOT_THERE",
  "NOT_READABLE",
  "NOT_UNDERSTOOD",
  "TOO_LARGE",
  "NO_TABLE",
  "TOOK_TOO_LONG",
  "CHECK_FAILED",
] as const;
export type UnknownCode = (typeof unknownCodes)[number];
export type FindingCode = (typeof checkCodes)[CheckId][number] | UnknownCode;
export const findingCodes: readonly FindingCode[] = [
  ...new Set([...Object.values(checkCodes).flat(), ...unknownCodes]),
];

/** One thing that a check of the host found. */
export const findingSchema = z.object({
  check: z.enum(checkIds as [CheckId, ...CheckId[]]),
  verdict: z.enum(verdicts),
  code: z.enum(findingCodes as [FindingCode, ...FindingCode[]]),
  /** the figures that were read, for the code's sentence */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** the files it looked at, and `table`, `status`, `daemons` or `timeouts` for what the kernel told over netlink */
  reads: z.array(z.string()),
  /** shell commands that would mend it, with this host's own names; nothing here runs them. Empty where there is none. */
  commands: z.array(z.string()),
  /** route of the console where it can be seen or mended */
  link: z.string().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

export const doctorReportSchema = z.object({
  /** when it was looked, milliseconds since the epoch */
  atMs: z.number(),
  /** worst first; every check has at least one */
  findings: z.array(findingSchema),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** Programs that write IPVS tables themselves. */
export const managerNames = ["keepalived", "ldirectord", "kube-proxy", "docker"] as const;

/** Another program that writes IPVS tables on this host. */
export const foundManagerSchema = z.object({
  manager: z.enum(managerNames),
  /** what gave it away: a file of the host, or `/proc/PID/comm` */
  evidence: z.string(),
  /** in the network namespace of this table; true as well where that cannot be seen */
  here: z.boolean(),
});
export type FoundManager = z.infer<typeof foundManagerSchema>;

/** Worst first; within a verdict in the order of the checks. */
export function byVerdict(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((one, other) => verdicts.indexOf(one.verdict) - verdicts.indexOf(other.verdict));
}
