import { hostname, uptime } from "node:os";
import type { HostInterface } from "#domain/host-interface";
import type { IpvsModules } from "#domain/modules";
import {
  type SyncDaemon,
  type SyncDaemonSpec,
  type SyncRole,
  syncDaemonSchema,
  syncRoleSchema,
} from "#domain/sync-daemon";
import type { Sysctl } from "#domain/sysctl";
import { type Timeouts, timeoutsSchema } from "#domain/timeouts";
import { type Host, RootHost } from "./host/host.ts";
import { readInterfaces } from "./host/interfaces.ts";
import { readModules } from "./host/modules.ts";
import { readSysctls, writeSysctl } from "./host/sysctls.ts";
import type { Ipvs } from "./ipvs.ts";
import { SimulatedHostFiles } from "./simulated/host-files.ts";
import { asked, valid } from "./valid.ts";
import { WriterLock } from "./writer-lock.ts";

/** What a director tells about the host it stands on. */
export interface HostFacts {
  host: string;
  /** as it was asked for, a path */
  networkNamespace: string | null;
  /** uname -r */
  kernel: string;
  uptimeS: number;
}

/** @param kernel which is not this machine's where a simulated one stands in for it */
export function factsOfHost(networkNamespace: string | null, kernel: string): HostFacts {
  return { host: hostname(), networkNamespace, kernel, uptimeS: Math.floor(uptime()) };
}

/** What each service has loaded: its scheduler, and its persistence engine. */
async function modulesOf(ipvs: Ipvs): Promise<string[]> {
  const { rows } = await ipvs.snapshot();
  return rows.flatMap((row) => {
    if (row.kind !== "service") return [];
    const { scheduler, engine } = row.spec;
    return engine === null ? [scheduler] : [scheduler, `pe_${engine}`];
  });
}

/**
 * What a director of this process does that is about no row of the table: timeouts, synchronisation daemons, and what the
 * host has around the kernel. What writes waits its turn behind everything else that does.
 */
export class LocalHost {
  protected readonly lock = new WriterLock();
  readonly #ipvs: Ipvs;
  protected readonly host: Host;

  /** @param host without it this machine's files, or made-up ones for a simulated kernel */
  constructor(ipvs: Ipvs, host: Host | undefined) {
    this.#ipvs = ipvs;
    this.host =
      host ??
      (ipvs.kind === "simulated" ? new SimulatedHostFiles({ modulesInUse: () => modulesOf(ipvs) }) : new RootHost());
  }

  timeouts(): Promise<Timeouts> {
    return asked("timeouts", this.#ipvs.timeouts());
  }

  async setTimeouts(timeouts: Timeouts): Promise<Timeouts> {
    const checked = valid(timeoutsSchema, timeouts);
    return this.lock.run(async () => {
      await asked("set-timeouts", this.#ipvs.setTimeouts(checked));
      return this.timeouts();
    });
  }

  daemons(): Promise<SyncDaemon[]> {
    return asked("daemons", this.#ipvs.daemons());
  }

  async startDaemon(daemon: SyncDaemonSpec): Promise<SyncDaemon[]> {
    const checked = valid(syncDaemonSchema, daemon);
    return this.lock.run(async () => {
      await asked("start-daemon", this.#ipvs.startDaemon(checked));
      return this.daemons();
    });
  }

  async stopDaemon(role: SyncRole): Promise<SyncDaemon[]> {
    const checked = valid(syncRoleSchema, role);
    return this.lock.run(async () => {
      await asked("stop-daemon", this.#ipvs.stopDaemon(checked));
      return this.daemons();
    });
  }

  interfaces(): Promise<HostInterface[]> {
    return asked("interfaces", readInterfaces(this.host));
  }

  sysctls(): Promise<Sysctl[]> {
    return asked("sysctls", readSysctls(this.host));
  }

  setSysctl(name: string, value: string, expected?: string): Promise<Sysctl> {
    return this.lock.run(() => asked("set-sysctl", writeSysctl(this.host, { name, value, expected })));
  }

  modules(): Promise<IpvsModules> {
    return asked("modules", readModules(this.host));
  }
}
