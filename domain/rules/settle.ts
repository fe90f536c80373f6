import { endpoint } from "../endpoint.ts";
import type { Problem } from "../problem.ts";
import { type ServerSpec, serverKeySchema } from "../real-server.ts";
import { fullNetmask, type ServiceKey, type ServiceSpec, serviceFamily } from "../service.ts";
import { Definitions, type Key } from "./definitions.ts";
import type { Remarks } from "./problem.ts";
import type {
  Draft,
  DraftServer,
  DraftService,
  DraftSpec,
  HostName,
  Part,
  PortName,
  ReadyStatement,
} from "./statement.ts";

/** What names mean; asked only for those that stand in the draft. Null: nobody knows. */
export interface Names {
  /** an address, IPv4 or IPv6 */
  host(name: string): string | null;
  port(name: string, protocol: string): number | null;
}

/** Knows none. */
export const noNames: Names = { host: () => null, port: () => null };

/**
 * The statement that a draft stands for, checked by the schemas that every change is checked by; null when it is refused.
 * What ipvsadm changes silently is a warning.
 *
 * @param definitions those of the same text that were checked before
 */
export function settle(
  draft: Draft,
  names: Names,
  remarks: Remarks,
  definitions: Definitions = new Definitions(),
): ReadyStatement | null {
  const { line, column, endColumn, command } = draft;
  const known = remarks.problems.length;
  const of = serviceOf(draft.service, names, remarks, definitions);
  const server = draft.server && of ? serverOf(draft, draft.server, of.key, names, remarks) : null;
  if (!of || remarks.problems.length > known) return null;
  const service = of.key;
  switch (command) {
    case "add-service":
    case "edit-service": {
      const { value: spec, problems } = definitions.service(of, specOf(draft.spec as DraftSpec, service));
      return problems ? refuse(draft, problems, remarks) : { line, column, endColumn, command, service, spec };
    }
    case "add-server":
    case "edit-server": {
      const checked = definitions.server(of, server as ServerSpec);
      if (checked.problems) return refuse(draft, checked.problems, remarks);
      return { line, column, endColumn, command, service, server: checked.value };
    }
    case "delete-server": {
      const { address, port } = serverKeySchema.parse(server);
      return { line, column, endColumn, command, service, server: { address, port } };
    }
    case "delete-service":
    case "zero":
      return { line, column, endColumn, command, service };
  }
}

function specOf(spec: DraftSpec, service: ServiceKey): ServiceSpec {
  const { scheduler, schedulerFlags, timeoutS, netmask, onePacket, engine } = spec;
  return {
    scheduler,
    schedulerFlags,
    persistence: timeoutS === null ? null : { timeoutS, netmask: netmask ?? fullNetmask(serviceFamily(service)) },
    onePacket,
    engine,
  };
}

function serviceOf(draft: DraftService, names: Names, remarks: Remarks, definitions: Definitions): Key | null {
  if (draft.kind === "fwmark") return definitions.markKey(draft.family, draft.mark);
  const address = hostOf(draft.address, names, remarks);
  const port = portOf(draft.port, names, remarks);
  return address === null || port === null ? null : definitions.addressKey(draft, address, port);
}

function serverOf(
  draft: Draft,
  server: DraftServer,
  service: ServiceKey,
  names: Names,
  remarks: Remarks,
): ServerSpec | null {
  const address = hostOf(server.address, names, remarks);
  const written = portOf(server.port, names, remarks);
  if (address === null || written === null) return null;
  const { forward, weight, upperThreshold, lowerThreshold, tunnel } = server;
  const span = draft.spans.server ?? draft;
  const passesPort = forward !== "nat" && service.kind === "address" && draft.command !== "delete-server";
  const port = passesPort ? service.port : written;
  if (passesPort && server.portFrom === "text" && port !== written) {
    remarks.warn("SERVER_PORT_REPLACED", span, { text: endpoint(address, written), port });
  }
  if (!passesPort && server.portFrom === "nowhere" && service.kind === "address" && service.port !== 0) {
    remarks.warn("SERVER_PORT_ZERO", span, { write: endpoint(address, service.port) });
  }
  return {
    address,
    port,
    forward,
    weight,
    upperThreshold,
    lowerThreshold,
    tunnel: forward === "tunnel" ? tunnel : null,
  };
}

function hostOf(host: string | HostName, names: Names, remarks: Remarks): string | null {
  if (typeof host === "string") return host;
  const address = names.host(host.name);
  if (address === null) remarks.refuse("NAME_UNKNOWN", host, { name: host.name });
  return address;
}

function portOf(port: number | PortName, names: Names, remarks: Remarks): number | null {
  if (typeof port === "number") return port;
  const { name, protocol } = port;
  const number = names.port(name, protocol);
  if (number === null) remarks.refuse("PORT_NAME_UNKNOWN", port, { name, protocol });
  return number;
}

const serverParts: Record<string, Part> = {
  address: "server",
  port: "server",
  forward: "forward",
  weight: "weight",
  upperThreshold: "upperThreshold",
  lowerThreshold: "lowerThreshold",
  tunnel: "tunnel",
};

function refuse(draft: Draft, problems: readonly Problem[], remarks: Remarks): null {
  for (const { code, params, path } of problems) {
    const [whose, field, deeper] = path.map(String);
    const name = deeper ?? field ?? "";
    const part = whose === "server" ? serverParts[field ?? ""] : whose === "spec" ? (name as Part) : "service";
    remarks.refuse(code, (part && draft.spans[part]) ?? draft, params);
  }
  return null;
}
