import { engineShift, protocolNumber, rowAt, rowBit } from "./packed-row.ts";

/** More than the kernel ever prints of either. */
const longestState = 15;
const longestEngine = 272;
const longestLine = 1024;
const maxStates = 64;

/** Numbers for texts, given out as they come. */
export class NumberedTexts {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #most: number;

  /** @param most how many there can be: a field of a row has room for so many */
  constructor(most: number) {
    this.#most = most;
  }

  /** Its number, from 0; null when there is no room for another one. */
  numberOf(text: string): number | null {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.texts.length >= this.#most) return null;
    this.#numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** The names that rows of one read point to. */
export interface ReadNames {
  states: NumberedTexts;
  engines: NumberedTexts;
}

export const newReadNames = (): ReadNames => ({
  states: new NumberedTexts(maxStates),
  engines: new NumberedTexts(0xff_ffff),
});

const address = "([0-9A-Fa-f]{8}|[0-9A-Fa-f]{4}(?::[0-9A-Fa-f]{4}){7})";
const port = "([0-9A-Fa-f]{4})";
const ends = `^ *([^ ]{1,16}) +${address} +${port} +${address} +${port} +${address} +${port} +([^ ]{1,${longestState}}) +`;
/** `Pro FromIP FPrt ToIP TPrt DestIP DPrt State Expires PEName PEData` */
const plainRow = new RegExp(`${ends}(\\d+)(?: (.{0,${longestEngine}}))?$`, "s");
/** `… State Origin Expires` */
const syncRow = new RegExp(`${ends}(LOCAL|SYNC) +(\\d+) ?$`);

/**
 * Packs one line of /proc/net/ip_vs_conn, or of ip_vs_conn_sync when `hasOrigin`, into `row` (64 bytes, all of which are
 * written); the line has no newline. False for what is no row: the titles, or something else. Never throws.
 *
 * A template is a row in state ASSURED, or in state NONE with client port 0; connections of FTP data whose client port is
 * not known yet have client port 0 too, but a state of TCP (ip_vs_conn_seq_show, ip_vs_state_name, linux net/netfilter/ipvs/).
 */
export function readConnectionLine(line: string, hasOrigin: boolean, names: ReadNames, row: DataView): boolean {
  const found = line.length > longestLine ? null : (hasOrigin ? syncRow : plainRow).exec(line);
  if (!found) return false;
  const [, protocol = "", client = "", clientPort = "", virtual = "", virtualPort = "", server = "", serverPort = ""] =
    found;
  const [stateName = "", ninth = "", tenth] = found.slice(8);
  if (client.length > 8 !== virtual.length > 8) return false;
  const expiresS = Number(hasOrigin ? tenth : ninth);
  const state = names.states.numberOf(stateName);
  const engine = hasOrigin || !tenth ? -1 : names.engines.numberOf(tenth);
  if (state === null || engine === null || expiresS > 0xffff_ffff) return false;
  const isTemplate = stateName === "ASSURED" || (stateName === "NONE" && clientPort === "0000");
  putAddress(row, rowAt.client, client);
  putAddress(row, rowAt.virtual, virtual);
  putAddress(row, rowAt.server, server);
  row.setUint16(rowAt.clientPort, Number.parseInt(clientPort, 16), true);
  row.setUint16(rowAt.virtualPort, Number.parseInt(virtualPort, 16), true);
  row.setUint16(rowAt.serverPort, Number.parseInt(serverPort, 16), true);
  row.setUint8(rowAt.protocol, protocolNumber(protocol));
  row.setUint8(rowAt.state, state);
  row.setUint32(rowAt.expires, expiresS, true);
  const bits =
    (client.length > 8 ? rowBit.ipv6 : 0) |
    (server.length > 8 ? rowBit.ipv6Server : 0) |
    (isTemplate ? rowBit.template : 0) |
    (hasOrigin ? rowBit.originKnown : 0) |
    (hasOrigin && ninth === "SYNC" ? rowBit.synced : 0) |
    ((engine + 1) << engineShift);
  row.setUint32(rowAt.bits, bits, true);
  return true;
}

/** IPv4 as eight digits in the first four bytes, the rest 0; IPv6 as eight groups of four digits. */
function putAddress(row: DataView, at: number, digits: string): void {
  if (digits.length === 8) {
    row.setUint32(at, Number.parseInt(digits, 16));
    for (let word = 1; word < 4; word++) row.setUint32(at + 4 * word, 0);
    return;
  }
  for (let group = 0; group < 8; group++) {
    row.setUint16(at + 2 * group, Number.parseInt(digits.slice(5 * group, 5 * group + 4), 16));
  }
}
