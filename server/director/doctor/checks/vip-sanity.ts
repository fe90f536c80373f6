import { addressClass } from "#domain/address";
import { formatServiceKey } from "#domain/rules/format";
import { defaultPersistenceS, fullNetmask, protocols, type ServiceKey, serviceFamily } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import { type Check, type Outcome, orElse } from "../check.ts";
import { editServiceCommand } from "../ipvsadm-commands.ts";
import { mostCommands, serviceName, servicePage, several } from "../words.ts";

/** Nothing of this is checked by ip_vs_add_service() (linux ip_vs_ctl.c). */
export const vipSanity: Check<"vip-sanity"> = {
  id: "vip-sanity",
  reads: ["table"],
  link: "/services",
  run({ services }) {
    const found: Outcome<"vip-sanity">[] = [];
    const odd = services().filter(({ key }) => key.kind === "address" && !isUnicast(key.address));
    if (odd.length > 0) found.push(wrong("error", "VIP_NOT_UNICAST", odd, ({ key }) => removal(key)));
    const catchAll = services().filter(
      ({ key, spec }) => key.kind === "address" && key.port === 0 && !spec.persistence,
    );
    if (catchAll.length > 0) found.push(wrong("warning", "PORT_ZERO_NOT_PERSISTENT", catchAll, persistent));
    const strange = services().filter(({ key }) => key.kind === "address" && !isKnown(key.protocol));
    if (strange.length > 0) found.push(wrong("warning", "PROTOCOL_UNKNOWN", strange, () => []));
    return orElse(found, { code: "VIPS_SANE" });
  },
};

function wrong(
  verdict: "error" | "warning",
  code: Outcome<"vip-sanity">["code"],
  services: readonly ServiceRecord[],
  command: (service: ServiceRecord) => string[],
): Outcome<"vip-sanity"> {
  const params = several(services.map(({ key }) => serviceName(key)));
  const commands = services.slice(0, mostCommands).flatMap(command);
  const [first] = services;
  return { verdict, code, params, commands, ...(first ? { link: servicePage(first) } : {}) };
}

const isUnicast = (address: string) => /^(unicast|link-local)$/.test(addressClass(address));
const isKnown = (protocol: string) => protocols.some((known) => known === protocol);

/** ipvsadm has no words for a protocol that it does not know. */
const removal = (key: ServiceKey) =>
  key.kind === "address" && isKnown(key.protocol) ? [`ipvsadm -D ${formatServiceKey(key)}`] : [];

function persistent(service: ServiceRecord): string[] {
  if (service.key.kind === "address" && !isKnown(service.key.protocol)) return [];
  const netmask = fullNetmask(serviceFamily(service.key));
  return [editServiceCommand(service, { persistence: { timeoutS: defaultPersistenceS, netmask } })];
}
