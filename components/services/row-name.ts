import type { TableRow } from "#domain/table";

/** What a row is called: `10.0.0.1:80`, a mark's number, or a server's address and port. Ids carry it ready. */
export function rowName({ id, kind }: Pick<TableRow, "id" | "kind">): string {
  return kind === "server" ? id.slice(id.indexOf(">") + 1) : id.slice(id.indexOf(":") + 1);
}

/** The word in front of a service's name: `TCP`, `IP-47`; null for a firewall mark, which has a word of the page's language. */
export function protocolWord(id: string): string | null {
  const protocol = id.slice(0, id.indexOf(":"));
  return protocol.startsWith("fwmark") ? null : protocol.toUpperCase();
}

export function serviceHref(id: string): string {
  return `/services/${encodeURIComponent(id)}`;
}
