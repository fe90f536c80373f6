import type { Check } from "./check.ts";
import { arp } from "./checks/arp.ts";
import { capability } from "./checks/capability.ts";
import { connectionLimit } from "./checks/connection-limit.ts";
import { connectionTable } from "./checks/connection-table.ts";
import { conntrackNeeded } from "./checks/conntrack-needed.ts";
import { conntrackTable } from "./checks/conntrack-table.ts";
import { conntrackTimeout } from "./checks/conntrack-timeout.ts";
import { defences } from "./checks/defences.ts";
import { deletedServers } from "./checks/deleted-servers.ts";
import { directPort } from "./checks/direct-port.ts";
import { drainPersistent } from "./checks/drain-persistent.ts";
import { forwardMethod } from "./checks/forward-method.ts";
import { forwarding } from "./checks/forwarding.ts";
import { ftp } from "./checks/ftp.ts";
import { fwmarkRules } from "./checks/fwmark-rules.ts";
import { ipv6Off } from "./checks/ipv6-off.ts";
import { ipvsPresent } from "./checks/ipvs-present.ts";
import { loops } from "./checks/loops.ts";
import { mixedFamilies } from "./checks/mixed-families.ts";
import { networkNamespace } from "./checks/network-namespace.ts";
import { otherManagers } from "./checks/other-managers.ts";
import { portReuse } from "./checks/port-reuse.ts";
import { redirects } from "./checks/redirects.ts";
import { reversePath } from "./checks/reverse-path.ts";
import { savedRules } from "./checks/saved-rules.ts";
import { schedulerModules } from "./checks/scheduler-modules.ts";
import { serverRoute } from "./checks/server-route.ts";
import { statistics } from "./checks/statistics.ts";
import { syncId } from "./checks/sync-id.ts";
import { syncInterface } from "./checks/sync-interface.ts";
import { syncLength } from "./checks/sync-length.ts";
import { syncOpen } from "./checks/sync-open.ts";
import { syncPersistence } from "./checks/sync-persistence.ts";
import { syncSides } from "./checks/sync-sides.ts";
import { syncVersion } from "./checks/sync-version.ts";
import { thresholds } from "./checks/thresholds.ts";
import { tunnelMtu } from "./checks/tunnel-mtu.ts";
import { usableServers } from "./checks/usable-servers.ts";
import { vipLocal } from "./checks/vip-local.ts";
import { vipSanity } from "./checks/vip-sanity.ts";

/** Every check, in the order in which findings of one verdict are listed. */
export const checks: readonly Check[] = [
  ipvsPresent,
  capability,
  networkNamespace,
  schedulerModules,
  ipv6Off,
  forwarding,
  vipLocal,
  vipSanity,
  serverRoute,
  directPort,
  forwardMethod,
  arp,
  redirects,
  reversePath,
  tunnelMtu,
  conntrackTable,
  conntrackTimeout,
  conntrackNeeded,
  deletedServers,
  drainPersistent,
  usableServers,
  thresholds,
  portReuse,
  syncPersistence,
  syncInterface,
  syncLength,
  syncSides,
  syncId,
  syncVersion,
  syncOpen,
  mixedFamilies,
  loops,
  statistics,
  defences,
  connectionTable,
  connectionLimit,
  ftp,
  fwmarkRules,
  otherManagers,
  savedRules,
];
