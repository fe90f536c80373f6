import type { ConnectionProtocol } from "#domain/connection-query";

/**
 * States as /proc names them: tcp_state_name_table, udp_state_name_table and sctp_state_name_table of linux
 * net/netfilter/ipvs/ip_vs_proto_{tcp,udp,sctp}.c; of templates those of ip_vs_conn.c.
 */
export const statesOf: Readonly<Record<ConnectionProtocol, readonly string[]>> = {
  tcp: [
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "SYNACK",
    "FIN_WAIT",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "NONE",
  ],
  udp: ["UDP"],
  sctp: [
    "ESTABLISHED",
    "INIT1",
    "INIT",
    "C-SENT",
    "C-REPLIED",
    "C-WAIT",
    "COOKIE",
    "C-ECHOED",
    "S-SENT",
    "S-RECEIVED",
    "S-ACK-SENT",
    "REJECTED",
    "CLOSED",
    "NONE",
  ],
  ip: [],
};

/** Of templates: whether their connections were seen to get through. */
export const templateStates: readonly string[] = ["NONE", "ASSURED"];

/** States to choose from when these protocols are looked at (none: all of them), each once; those that are chosen already among them. */
export function offeredStates(protocols: readonly ConnectionProtocol[], chosen: readonly string[]): string[] {
  const looked = protocols.length > 0 ? protocols : (["tcp", "udp", "sctp"] as const);
  return [...new Set([...looked.flatMap((protocol) => statesOf[protocol]), ...chosen])];
}
