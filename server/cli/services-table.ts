import { stripVTControlCharacters, styleText } from "node:util";
import { endpoint } from "#domain/endpoint";
import { formatServerOptions, formatServiceOptions } from "#domain/rules/format";
import type { Measured, ServerEntry, ServiceEntry, ServicesDocument } from "#domain/services-document";
import type { ServerState, ServiceState } from "#domain/state";
import { countText, type Quantity, shortText } from "#domain/units";
import messages from "../../messages/en.json" with { type: "json" };

const { columns, states, forwards, mark, noServices } = messages.list;

/** In this order; all but the last are as wide as their widest text. */
const heads = [
  { title: columns.name, align: "left" },
  { title: columns.state, align: "left" },
  { title: columns.method, align: "left" },
  { title: columns.weight, align: "right" },
  { title: columns.active, align: "right" },
  { title: columns.inactive, align: "right" },
  { title: columns.connectionsPerSecond, align: "right" },
  { title: columns.inPacketsPerSecond, align: "right" },
  { title: columns.outPacketsPerSecond, align: "right" },
  { title: columns.inBytesPerSecond, align: "right" },
  { title: columns.outBytesPerSecond, align: "right" },
  { title: columns.options, align: "left" },
] as const;
const stateColumn = 1;

type Colour = Parameters<typeof styleText>[0];

const colours: Record<ServiceState | ServerState, Colour> = {
  up: "green",
  degraded: "yellow",
  full: "yellow",
  down: "red",
  draining: "cyan",
  off: "dim",
  empty: "dim",
};

interface Line {
  cells: string[];
  /** of the state's word; the head's is of the whole line */
  colour?: Colour;
}

/**
 * The document as a table for a terminal: a line a service and under it a line a real server, as `ipvsadm -Ln` lists
 * them, with rates as the pages write them and `-` for a gap. Numbers are right-aligned, addresses never cut.
 *
 * @param colour with escape sequences for colours
 */
export function servicesTable(document: ServicesDocument, colour: boolean): string {
  const { services, totals } = document;
  const title = titleOf(document);
  if (services.length === 0) return `${title}\n${noServices}`;
  const lines: Line[] = [{ cells: heads.map((head) => head.title) }];
  for (const service of services) {
    lines.push(serviceLine(service), ...service.servers.map(serverLine));
  }
  lines.push({ cells: ["Total", "", "", "", ...measuredCells(totals), ""] });
  const widths = heads.map((_, column) => Math.max(...lines.map(({ cells }) => cells[column]?.length ?? 0)));
  const paint = (style: Colour, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const [head = "", ...rows] = lines.map((line) => layOut(line, widths, paint));
  return [title, paint("bold", head), ...rows].join("\n");
}

function titleOf({ director, sampledAt }: ServicesDocument): string {
  if (!director) return sampledAt;
  const { kind, version, connectionTableSize, host, kernel } = director;
  const made = kind === "simulated" ? `${messages.shell.simulated}: ${messages.shell.simulatedWhat}\n` : "";
  const title = `${made}IP Virtual Server version ${version} (size=${connectionTableSize}) on ${host}, kernel ${kernel}, ${sampledAt}`;
  return stripVTControlCharacters(title);
}

function serviceLine({ key, spec, state, servers, ...measured }: ServiceEntry): Line {
  const name =
    key.kind === "fwmark"
      ? `${mark} ${key.mark}${key.family === 6 ? " IPv6" : ""}`
      : `${key.protocol.toUpperCase().padEnd(4)} ${endpoint(key.address, key.port)}`;
  const usable = servers.filter((server) => server.state === "up").length;
  const word = servers.length === 0 ? states[state] : `${states[state]} ${usable}/${servers.length}`;
  // What ipvsadm -Sn writes after `-s wlc`.
  const options = formatServiceOptions(key, spec).split(" ").slice(2).join(" ");
  return { cells: [name, word, spec.scheduler, "", ...measuredCells(measured), options], colour: colours[state] };
}

function serverLine({ spec, state, ...measured }: ServerEntry): Line {
  // What ipvsadm -Sn writes after `-m -w 1`.
  const options = formatServerOptions(spec).split(" ").slice(3).join(" ");
  const name = `  -> ${endpoint(spec.address, spec.port)}`;
  const cells = [name, states[state], forwards[spec.forward], String(spec.weight), ...measuredCells(measured), options];
  return { cells, colour: colours[state] };
}

function measuredCells({ gauges, rates }: Measured): string[] {
  const rate = (value: number | null, quantity: Quantity) =>
    value === null ? "-" : shortText(value, quantity, "bits");
  return [
    countText(gauges.active),
    countText(gauges.inactive),
    rate(rates.connectionsPerSecond, "connectionsPerSecond"),
    rate(rates.inPacketsPerSecond, "packetsPerSecond"),
    rate(rates.outPacketsPerSecond, "packetsPerSecond"),
    rate(rates.inBytesPerSecond, "traffic"),
    rate(rates.outBytesPerSecond, "traffic"),
  ];
}

function layOut({ cells, colour }: Line, widths: number[], paint: (style: Colour, text: string) => string): string {
  const padded = heads.map(({ align }, column) => {
    const text = cells[column] ?? "";
    const width = column === heads.length - 1 ? 0 : (widths[column] ?? 0);
    const placed = align === "right" ? text.padStart(width) : text.padEnd(width);
    return colour && column === stateColumn ? paint(colour, placed) : placed;
  });
  return padded.join("  ").trimEnd();
}
