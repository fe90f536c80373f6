import { endpoint } from "#domain/endpoint";
import type { ServiceKey } from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";

/** So many are named in a sentence; the rest is counted. */
const mostNames = 3;
/** So many commands stand under one finding. */
export const mostCommands = 10;
const longestText = 80;

/** For a sentence about several: how many, the first few by name, and how many more there are. */
export function several(names: readonly string[]): { count: number; names: string; more: number } {
  const named = names.slice(0, mostNames).map(printable);
  return { count: names.length, names: named.join(", "), more: names.length - named.length };
}

/** `TCP 192.0.2.10:80`, `fwmark 7` */
export function serviceName(key: ServiceKey): string {
  if (key.kind === "fwmark") return `fwmark ${key.mark}${key.family === 6 ? " IPv6" : ""}`;
  return `${key.protocol.toUpperCase()} ${endpoint(key.address, key.port)}`;
}

/** `10.0.0.1:80 (TCP 192.0.2.10:80)` */
export function serverName({ key }: ServiceRecord, { spec }: ServerRecord): string {
  return `${endpoint(spec.address, spec.port)} (${serviceName(key)})`;
}

/** The console's page of a service. */
export function servicePage({ id }: ServiceRecord): string {
  return `/services/${encodeURIComponent(id)}`;
}

/** What came from a file of the host, fit for a line of a terminal and no longer than one. */
export function printable(text: string): string {
  // Everything but ASCII that can be seen: what was read is bytes, in nobody's encoding.
  const plain = text.replace(/[^ -~]/g, "?");
  return plain.length > longestText ? `${plain.slice(0, longestText - 3)}...` : plain;
}

/** A word of a shell command that means itself, whatever it holds: one line, all of it to be seen. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (/^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
  return `$'${bytes.join("")}'`;
}

/** The command that sets the sysctl behind a file of /proc/sys. */
export function sysctlCommand(path: string, value: string | number): string {
  const name = path.replace(/^\/proc\/sys\//, "");
  // An interface such as eth0.100 has a dot of its own: sysctl(8) takes slashes as well.
  return `sysctl -w ${shellWord(`${name.includes(".") ? name : name.replaceAll("/", ".")}=${value}`)}`;
}
