import { familyOf } from "#domain/address";
import { HostFault } from "../doctor/host-reader.ts";
import { MadeUpHost } from "../doctor/made-up-host.ts";
import { networkFiles } from "../doctor/network-files.ts";
import { type Host, isMissing } from "../host/host.ts";
import { defaultHost } from "./host.ts";
import { usualTable } from "./seed-table.ts";

const sysctlFolder = "/proc/sys/net/ipv4/vs/";

/** Its packets would not be taken for the host's own: a finding to show. */
const forgotten = "198.51.100.20";

const vips = usualTable.flatMap(({ key }) => (key.kind === "address" ? [key.address] : []));
const held = [...new Set(vips)].filter((vip) => vip !== forgotten);

const network = networkFiles({
  interfaces: [
    ...defaultHost.interfaces.map((each) =>
      each.name === "eth0"
        ? { ...each, addresses: [...each.addresses, ...held.map((vip) => `${vip}/${familyOf(vip) === 4 ? 32 : 128}`)] }
        : each,
    ),
    { name: "tunl0", mtu: 1480, addresses: [], flags: 0xc1, type: 768 },
  ],
  routes: [
    { to: "0.0.0.0/0", via: "192.0.2.1", device: "eth0" },
    { to: "::/0", via: "2001:db8::1", device: "eth0" },
  ],
});

const numbers = (folder: string, values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${folder}/${name}`, `${value}\n`]));

/** The files of a host that is sound but for a few things that such hosts often have wrong. */
export const simulatedHostFiles: Readonly<Record<string, string>> = {
  ...network,
  ...numbers("/proc/sys/net/netfilter", { nf_conntrack_count: 227_604, nf_conntrack_max: 262_144 }),
  ...numbers("/proc/sys/net/ipv4/conf/all", { rp_filter: 0, send_redirects: 0, arp_ignore: 0, arp_announce: 0 }),
  ...numbers("/proc/sys/net/ipv4/conf/eth0", { rp_filter: 0, send_redirects: 0 }),
  ...numbers("/proc/sys/net/ipv4/conf/eth1", { rp_filter: 0, send_redirects: 0 }),
  ...numbers("/proc/sys/net/ipv4/conf/tunl0", { rp_filter: 1, send_redirects: 0 }),
  ...numbers("/proc/sys/net/ipv6/conf/all", { forwarding: 1, disable_ipv6: 0 }),
  ...numbers("/sys/module/ip_vs/parameters", { conn_tab_bits: 12 }),
  "/proc/sys/net/ipv4/ip_forward": "1\n",
  "/proc/sys/kernel/osrelease": "6.1.0-simulated\n",
  "/proc/cmdline": "ro quiet\n",
  "/proc/net/ip_vs": "IP Virtual Server version 1.2.1 (size=4096)\n",
  "/proc/net/ip_vs_app": "prot port    usecnt name\n",
  "/proc/net/ip_tables_names": "mangle\n",
  "/proc/modules": "",
  "/proc/self/status": "CapEff:\t000001ffffffffff\n",
  "/proc/self/ns/net": "-> net:[4026531840]",
  "/proc/1/ns/net": "-> net:[4026531840]",
  "/lib/modules/6.1.0-simulated/modules.dep": defaultHost.schedulers
    .map((name) => `kernel/net/netfilter/ipvs/ip_vs_${name}.ko: kernel/net/netfilter/ipvs/ip_vs.ko\n`)
    .join(""),
};

/** The host that a simulated director says it stands on, with the sysctls of IPVS as they are set now. */
export class SimulatedDoctorHost extends MadeUpHost {
  readonly #host: Host;

  constructor(host: Host) {
    super(simulatedHostFiles);
    this.#host = host;
  }

  override async text(path: string, maxBytes?: number): Promise<string> {
    if (!path.startsWith(sysctlFolder)) return super.text(path, maxBytes);
    try {
      return await this.#host.read(path);
    } catch (error) {
      throw new HostFault(isMissing(error) ? "missing" : "failed", path, "ENOENT");
    }
  }
}
