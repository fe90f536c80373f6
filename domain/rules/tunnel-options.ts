import type { Forward, tunnelTypes } from "../real-server.ts";
import type { Group } from "./options.ts";
import type { Remarks } from "./problem.ts";
import type { Given } from "./scan.ts";

type TunnelType = (typeof tunnelTypes)[number];

const checksums: readonly Group[] = ["tun-nocsum", "tun-csum", "tun-remcsum"];
/** tunnel_types_v_options of ipvsadm 1.31. */
const allowed: Record<TunnelType, readonly Group[]> = {
  ipip: [],
  gue: ["tun-port", ...checksums],
  gre: ["tun-nocsum", "tun-csum"],
};

/** Says which tunnel options do not go with the forwarding method, the type of the tunnel or one another. */
export function checkTunnel(given: readonly Given[], forward: Forward, type: TunnelType, remarks: Remarks): void {
  const ours = given.filter(({ option }) => option.group?.startsWith("tun-") && option.group !== "tun-info");
  const first = ours[0];
  if (forward !== "tunnel") {
    if (first) remarks.refuse("TUNNEL_NEEDS_TUNNELING", first);
    return;
  }
  // A type that is none has been said already, and the others cannot be judged without it.
  const typeGiven = ours.find(({ option }) => option.group === "tun-type");
  if (typeGiven && typeGiven.value?.text !== type) return;
  let checksum: Given | null = null;
  for (const each of ours) {
    const group = each.option.group as Group;
    if (group === "tun-type") continue;
    if (!allowed[type].includes(group)) {
      remarks.refuse("TUNNEL_OPTION_NOT_ALLOWED", each, { option: each.written, type });
    } else if (checksums.includes(group)) {
      if (checksum && checksum.option !== each.option) {
        remarks.refuse("TUNNEL_CHECKSUMS_EXCLUDE", each, { option: each.written, other: checksum.written });
      }
      checksum = each;
    }
  }
  if (type === "gue" && !ours.some(({ option }) => option.group === "tun-port")) {
    remarks.refuse("TUNNEL_OPTION_REQUIRED", typeGiven ?? { column: 1, endColumn: 2 }, { option: "--tun-port", type });
  }
}
