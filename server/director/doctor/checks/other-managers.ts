import type { Check } from "../check.ts";
import { printable } from "../words.ts";

/** One in another network namespace writes another table, and is told of all the same. */
export const otherManagers: Check<"other-managers"> = {
  id: "other-managers",
  reads: ["/proc/PID/comm", "/run", "/sys/class/net/kube-ipvs0", "/run/docker/netns/ingress_sbox"],
  link: null,
  async run({ managers }) {
    const found = await managers();
    if (found.length === 0) return { verdict: "ok", code: "MANAGERS_NONE" };
    const names = found.map(({ manager, evidence }) => `${manager} (${printable(evidence)})`).join(", ");
    const verdict = found.some(({ here }) => here) ? "warning" : "notice";
    return { verdict, code: "MANAGERS_FOUND", params: { count: found.length, names } };
  },
};
