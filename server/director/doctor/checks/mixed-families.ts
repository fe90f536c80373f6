import { familyOf } from "#domain/address";
import { serviceFamily } from "#domain/service";
import type { Check } from "../check.ts";
import { pairsOf } from "../pairs.ts";
import { serverName, servicePage, several } from "../words.ts";

/** ip_vs_genl_new_daemon() refuses with EINVAL while mixed_address_family_dests is not 0 (linux ip_vs_ctl.c). */
export const mixedFamilies: Check<"mixed-families"> = {
  id: "mixed-families",
  reads: ["table"],
  link: "/services",
  run({ services }) {
    const mixed = pairsOf(services()).filter(
      ({ service, server }) => familyOf(server.spec.address) !== serviceFamily(service.key),
    );
    const [first] = mixed;
    if (!first) return { verdict: "ok", code: "FAMILIES_SAME" };
    const params = several(mixed.map(({ service, server }) => serverName(service, server)));
    return { verdict: "notice", code: "FAMILIES_MIXED", params, link: servicePage(first.service) };
  },
};
