import { type Check, NotKnown } from "../check.ts";

const path = "/proc/self/status";
/** CAP_NET_ADMIN, capabilities(7) */
const netAdmin = 12n;

/** Every command of IPVS wants it (GENL_UNS_ADMIN_PERM, linux ip_vs_ctl.c). */
export const capability: Check<"capability"> = {
  id: "capability",
  reads: [path],
  link: null,
  async run({ host }) {
    const digits = /^CapEff:\s*([\da-f]{1,16})$/m.exec(await host.text(path))?.[1];
    if (digits === undefined) throw new NotKnown("NOT_UNDERSTOOD", { path });
    return (BigInt(`0x${digits}`) >> netAdmin) & 1n
      ? { verdict: "ok", code: "MAY_ADMINISTER" }
      : { verdict: "error", code: "MAY_NOT_ADMINISTER", commands: ["sudo ipvs-console start"] };
  },
};
