import { type ConnectionProtocol, connectionProtocols } from "#domain/connection-query";
import { endpoint } from "#domain/endpoint";
import type { ServiceKey } from "#domain/service";
import type { TableRow } from "#domain/table";
import { serviceHref } from "../services/row-name.ts";

/** Where on a service's page its connections stand. */
export const serviceConnectionsId = "service-connections";

/** What tells a row's connections from others in the table of connections, in words of the page's URL. */
export interface RowFilter {
  protocol?: ConnectionProtocol;
  virtual?: string;
  server?: string;
}

type NamedRow =
  | Pick<Extract<TableRow, { kind: "service" }>, "kind" | "id">
  | Pick<Extract<TableRow, { kind: "server" }>, "kind" | "id" | "serviceId" | "spec">;

/**
 * What the connections of a service, or of a real server within its service, have in common. Null for a firewall mark: its
 * connections carry the address that the client asked for, so that only its servers are known.
 */
export function rowFilter(row: NamedRow): RowFilter | null {
  const service = serviceFilter(row.kind === "server" ? row.serviceId : row.id);
  if (row.kind === "service") return service;
  const { address, port } = row.spec;
  return { ...service, server: port === 0 ? address : endpoint(address, port) };
}

/** The page of the connections of a row; a firewall mark's own stand on its service's page, by server. */
export function connectionsHref(row: NamedRow): string {
  const filter = rowFilter(row);
  if (filter === null) return `${serviceHref(row.id)}#${serviceConnectionsId}`;
  return filteredHref({ ...filter });
}

/** The page of connections with filters set. */
export function filteredHref(filter: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(filter).toString();
  return search === "" ? "/connections" : `/connections?${search}`;
}

function serviceFilter(id: string): RowFilter | null {
  const at = id.indexOf(":");
  const protocol = id.slice(0, at);
  if (protocol.startsWith("fwmark")) return null;
  // Port 0 takes clients of any port, and the table says which one it was.
  const virtual = id.slice(at + 1).replace(/:0$/, "");
  const known = connectionProtocols.find((name) => name === protocol);
  return known ? { protocol: known, virtual } : { virtual };
}

/** What persistence remembers of the clients of a service. */
export function templatesHref(key: ServiceKey): string {
  if (key.kind === "fwmark") return markTemplatesHref(key);
  const { protocol, address, port } = key;
  // A template of FTP stands for the data connections too, and carries no port: ip_vs_sched_persist().
  const virtual = port === 0 || port === ftpPort ? address : endpoint(address, port);
  return filteredHref({ kind: "templates", protocol, virtual });
}

const ftpPort = 21;

/** What persistence remembers of the clients of a firewall mark stands under the mark's number, written as an address. */
function markTemplatesHref({ family, mark }: { family: 4 | 6; mark: number }): string {
  const high = Math.floor(mark / 65_536);
  const low = mark % 65_536;
  const virtual =
    family === 4
      ? [high >> 8, high & 255, low >> 8, low & 255].join(".")
      : `${high.toString(16)}:${low.toString(16)}::`;
  return filteredHref({ kind: "templates", protocol: "ip", virtual });
}

/** The firewall mark that the virtual address of a template of protocol IP stands for; null when it is no such template. */
export function markOf({ protocol, address }: { protocol: string; address: string }): number | null {
  if (protocol !== "ip") return null;
  if (!address.includes(":")) return address.split(".").reduce((mark, part) => mark * 256 + Number(part), 0);
  const [head = ""] = address.split("::");
  const [high = "0", low = "0"] = head === "" ? [] : head.split(":");
  return Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
}
