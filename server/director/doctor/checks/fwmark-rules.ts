import type { Check } from "../check.ts";
import type { HostReader } from "../host-reader.ts";
import { ifThere, readRelease } from "../read.ts";
import { serviceName, several } from "../words.ts";

const tables = ["/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"];
/** Modules that can mark packets on their way in, whatever their rules. */
const markers = ["nf_tables", "act_skbedit", "act_bpf", "cls_bpf"];

const maxListBytes = 4 * 1024 * 1024;

/** The rules themselves can be read over netlink only, by who knows every kind of them; whether there can be any is told by files. */
export const fwmarkRules: Check<"fwmark-rules"> = {
  id: "fwmark-rules",
  reads: [...tables, "/sys/module", "/lib/modules/RELEASE/modules.builtin", "table"],
  link: "/services",
  async run({ host, services }) {
    const marked = services().filter(({ key }) => key.kind === "fwmark");
    if (marked.length === 0) return { verdict: "ok", code: "MARKS_NONE" };
    const params = several(marked.map(({ key }) => serviceName(key)));
    if (!(await canMark(host))) return { verdict: "warning", code: "MARKS_CANNOT_BE_SET", params };
    const commands = ["nft list ruleset | grep -n 'mark set'", "iptables-save -t mangle | grep MARK"];
    return { verdict: "unknown", code: "MARKS_NOT_LOOKED_UP", params, commands };
  },
};

/** False only where it is certain: what is built into the kernel is no module that could be seen. */
async function canMark(host: HostReader): Promise<boolean> {
  const modules = await host.names("/sys/module");
  if (markers.some((name) => modules.includes(name))) return true;
  const lists = await Promise.all(tables.map((path) => ifThere(host.text(path), "")));
  if (lists.some((list) => list.split("\n").includes("mangle"))) return true;
  const { release } = await readRelease(host);
  const builtIn = await ifThere(host.text(`/lib/modules/${release}/modules.builtin`, maxListBytes), null);
  return builtIn === null || markers.some((name) => builtIn.includes(`/${name}.ko`));
}
