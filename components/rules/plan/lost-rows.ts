/** What a plan takes out of the table. */
export interface LostRows {
  services: number;
  /** real servers, those of services that go among them */
  servers: number;
  /** ids of the rows whose connections break: services that go, and servers that go by themselves */
  ids: string[];
}

/** Rows of the one table that the other does not have. Both are text as the table is written, a row a line. */
export function lostRows(before: string, after: string): LostRows {
  const left = new Set(rowsOf(after));
  const gone = rowsOf(before).filter((id) => !left.has(id));
  const services = new Set(gone.filter((id) => !id.includes(">")));
  const servers = gone.filter((id) => id.includes(">"));
  const alone = servers.filter((id) => !services.has(id.slice(0, id.indexOf(">"))));
  return { services: services.size, servers: servers.length, ids: [...services, ...alone] };
}

/** The rows that a table's text makes, by serviceId() and serverId(), in its order. */
export function rowsOf(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const words = line.split(" ");
    const [command, option, name, six] = words;
    if ((command !== "-A" && command !== "-a") || option === undefined || name === undefined) return [];
    const service = serviceIdOf(option, name, six === "-6");
    if (command === "-A") return [service];
    const server = words[words.indexOf("-r") + 1];
    return server === undefined ? [] : [`${service}>${server}`];
  });
}

const protocols: Record<string, string> = { "-t": "tcp", "-u": "udp", "--sctp-service": "sctp" };

function serviceIdOf(option: string, name: string, six: boolean): string {
  if (option === "-f") return `${six ? "fwmark6" : "fwmark"}:${name}`;
  return `${protocols[option] ?? option.replace(/^--|-service$/g, "")}:${name}`;
}
