import type { Check } from "../check.ts";
import { printable } from "../words.ts";

const own = "/proc/self/ns/net";
const first = "/proc/1/ns/net";

/** Process 1 is in the host's namespace, or in its container's. */
export const networkNamespace: Check<"network-namespace"> = {
  id: "network-namespace",
  reads: [own, first],
  link: null,
  async run({ host }) {
    const [ours, theirs] = await Promise.all([host.link(own), host.link(first)]);
    if (ours === theirs) return { verdict: "ok", code: "NAMESPACE_OF_HOST" };
    const params = { own: printable(ours), host: printable(theirs) };
    return {
      verdict: "notice",
      code: "NAMESPACE_OF_ITS_OWN",
      params,
      commands: [`nsenter --net=${first} ipvs-console start`],
    };
  },
};
