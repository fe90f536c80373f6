/**
 * Where a part of IPVS is: in the kernel itself, loaded, in a module that the kernel loads when it is first asked for,
 * nowhere, or not to be told because the host's list of modules cannot be read.
 */
export type ModuleState = "built-in" | "loaded" | "loadable" | "missing" | "unknown";

export interface IpvsModule {
  /** as ipvsadm calls it: `wlc`, `sip` */
  name: string;
  /** `ip_vs_wlc` */
  module: string;
  state: ModuleState;
  /** how much uses it, while it is loaded */
  users: number | null;
}

/** A helper that rewrites what an application says of addresses, by the port that it listens to (/proc/net/ip_vs_app). */
export interface IpvsApplication {
  protocol: string;
  port: number;
  users: number;
  name: string;
}

/** What IPVS has on this host beside itself. */
export interface IpvsModules {
  schedulers: IpvsModule[];
  engines: IpvsModule[];
  /** modules of helpers: `ip_vs_ftp` is loaded by hand */
  helpers: IpvsModule[];
  applications: IpvsApplication[];
  /** uname -r */
  kernel: string;
}
