import { type Check, NotKnown } from "../check.ts";
import type { HostReader } from "../host-reader.ts";
import { ifThere, readNumber } from "../read.ts";

const bitsPath = "/sys/module/ip_vs/parameters/conn_tab_bits";
const statusPath = "/proc/net/ip_vs_status";
/** So many connections to a bucket are slow to walk. */
const manyEach = 8;
/** What every kernel takes (Kconfig, IP_VS_TAB_BITS). */
const maxBits = 20;

/** Where the table grows by itself the kernel tells its size now, elsewhere it has the size that the module was loaded with. */
export const connectionTable: Check<"connection-table"> = {
  id: "connection-table",
  reads: [bitsPath, statusPath, "table"],
  link: null,
  async run({ host, connections }) {
    const buckets = await bucketsOf(host);
    const params = { connections: connections(), buckets, each: Math.floor(connections() / buckets) };
    if (params.each < manyEach) return { verdict: "ok", code: "BUCKETS_ENOUGH", params };
    const bits = Math.min(maxBits, Math.ceil(Math.log2(params.connections)));
    const commands = [`echo 'options ip_vs conn_tab_bits=${bits}' > /etc/modprobe.d/ip_vs.conf`];
    return { verdict: "warning", code: "BUCKETS_FEW", params, commands };
  },
};

async function bucketsOf(host: HostReader): Promise<number> {
  const status = await ifThere(host.text(statusPath), null);
  const now = /^Conn buckets:\s+(\d{1,10}) /m.exec(status ?? "")?.[1];
  if (now !== undefined && Number(now) > 0) return Number(now);
  const bits = await readNumber(host, bitsPath);
  if (bits < 1 || bits > 31) throw new NotKnown("NOT_UNDERSTOOD", { path: bitsPath });
  return 2 ** bits;
}
