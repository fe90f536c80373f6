import { parseAddress } from "#domain/address";
import { formatServiceKey, formatServiceOptions } from "#domain/rules/format";
import {
  canonicalNetmask,
  defaultPersistenceS,
  defaultScheduler,
  fullNetmask,
  type ObservedServiceSpec,
  type Protocol,
  type SchedulerFlag,
  type ServiceKey,
  serviceFamily,
} from "#domain/service";
import type { ServiceRow } from "#domain/table";
import { draft, typedNumber } from "./draft-text.ts";

/** What stands in the fields of the form for a virtual service: texts as typed, so that an emptied field stays empty. */
export interface ServiceValues {
  kind: "tcp" | "udp" | "sctp" | "fwmark" | (string & {});
  address: string;
  port: string;
  mark: string;
  family: "4" | "6";
  scheduler: string;
  schedulerFlags: SchedulerFlag[];
  persistent: boolean;
  timeoutS: string;
  netmask: string;
  onePacket: boolean;
  /** "" for none */
  engine: string;
}

export type ServiceField = keyof ServiceValues;

/** The form for a new service, with what ipvsadm takes when nothing is said. */
export function newServiceValues(): ServiceValues {
  return {
    kind: "tcp" satisfies Protocol,
    address: "",
    port: "",
    mark: "",
    family: "4",
    scheduler: defaultScheduler,
    schedulerFlags: [],
    persistent: false,
    timeoutS: String(defaultPersistenceS),
    netmask: "",
    onePacket: false,
    engine: "",
  };
}

/** The form for a service as it is. */
export function valuesOfService({ key, spec }: Pick<ServiceRow, "key" | "spec">): ServiceValues {
  const full = fullNetmask(serviceFamily(key));
  return {
    kind: key.kind === "fwmark" ? "fwmark" : key.protocol,
    address: key.kind === "fwmark" ? "" : key.address,
    port: key.kind === "fwmark" ? "" : String(key.port),
    mark: key.kind === "fwmark" ? String(key.mark) : "",
    family: serviceFamily(key) === 6 ? "6" : "4",
    scheduler: spec.scheduler,
    schedulerFlags: [...spec.schedulerFlags],
    persistent: spec.persistence !== null,
    timeoutS: String(spec.persistence?.timeoutS ?? defaultPersistenceS),
    netmask: spec.persistence && spec.persistence.netmask !== full ? spec.persistence.netmask : "",
    onePacket: spec.onePacket,
    engine: spec.engine ?? "",
  };
}

/** What the fields say, in the shape that serviceDefinitionSchema checks. */
export function serviceInput(values: ServiceValues): { service: unknown; spec: unknown } {
  return {
    service:
      values.kind === "fwmark"
        ? { kind: "fwmark", family: values.family === "6" ? 6 : 4, mark: values.mark }
        : { kind: "address", protocol: values.kind, address: values.address, port: values.port },
    spec: {
      scheduler: values.scheduler,
      schedulerFlags: flagsOf(values),
      persistence: values.persistent ? { timeoutS: values.timeoutS, netmask: values.netmask } : null,
      onePacket: values.onePacket,
      engine: values.engine,
    },
  };
}

/** The field that shows what is wrong at `path` of a service definition; null when no field does. */
export function serviceFieldAt(path: readonly (string | number)[]): ServiceField | null {
  const fields: Record<string, ServiceField> = {
    protocol: "kind",
    kind: "kind",
    address: "address",
    port: "port",
    mark: "mark",
    family: "family",
    scheduler: "scheduler",
    schedulerFlags: "schedulerFlags",
    persistence: "persistent",
    timeoutS: "timeoutS",
    netmask: "netmask",
    onePacket: "onePacket",
    engine: "engine",
  };
  return path.reduce<ServiceField | null>((found, part) => fields[String(part)] ?? found, null);
}

/** The family of the service that is being typed: an address tells, until then it is IPv4. */
export function typedFamily(values: Pick<ServiceValues, "kind" | "address" | "family">): 4 | 6 {
  if (values.kind === "fwmark") return values.family === "6" ? 6 : 4;
  return values.address.includes(":") ? 6 : 4;
}

/** The ipvsadm command that does what the fields say; what is not a value yet is written as "…". */
export function serviceCommand(verb: "add-service" | "edit-service", values: ServiceValues): string {
  const key: ServiceKey =
    values.kind === "fwmark"
      ? { kind: "fwmark", family: values.family === "6" ? 6 : 4, mark: typedNumber(values.mark) }
      : {
          kind: "address",
          protocol: values.kind,
          address: parseAddress(values.address)?.text ?? values.address.trim(),
          port: typedNumber(values.port),
        };
  const family = typedFamily(values);
  const spec: ObservedServiceSpec = {
    scheduler: values.scheduler,
    schedulerFlags: flagsOf(values),
    persistence: values.persistent
      ? {
          timeoutS: typedNumber(values.timeoutS),
          netmask: canonicalNetmask(values.netmask, family) ?? values.netmask.trim(),
        }
      : null,
    onePacket: values.onePacket,
    engine: values.engine || null,
  };
  const option = verb === "add-service" ? "-A" : "-E";
  return draft(`ipvsadm ${option} ${formatServiceKey(key)} ${formatServiceOptions(key, spec)}`);
}

/** Flags that the chosen scheduler does not know are not sent: their boxes are not on the form. */
function flagsOf(values: ServiceValues): SchedulerFlag[] {
  const known =
    values.scheduler === "sh" || values.scheduler === "mh" ? ["flag-1", "flag-2"] : ["flag-1", "flag-2", "flag-3"];
  return values.schedulerFlags.filter((flag) => known.includes(flag));
}
