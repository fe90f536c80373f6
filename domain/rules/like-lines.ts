import type { ServiceKey } from "../service.ts";
import type { ReadyStatement } from "./statement.ts";

type AddressKey = Extract<ServiceKey, { kind: "address" }>;
type Rule = Extract<ReadyStatement, { command: "add-service" | "edit-service" | "add-server" | "edit-server" }> & {
  service: AddressKey;
};

/** A line that was read in full, as far as others are like it. */
interface Pattern {
  /** `-a -t `: everything before the service */
  head: string;
  /** everything behind the last address */
  tail: string;
  /** the first byte of each address, which is what rules look at in it (addressShape) */
  serviceByte: number;
  serverByte: number;
  /** how far the statement's end is from the line's */
  end: number;
  statement: Rule;
}

/** So many kinds of line are known at once; of the others each is read in full. */
const maxPatterns = 32;
const headLength = 6;
const between = " -r ";

/**
 * Lines that differ from one read before in nothing but plain addresses and ports, `10.0.0.1:80`: most of a long text. What
 * was read of that one holds for them, since no rule tells two such addresses of one first byte from one another, nor two
 * ports that are not 0 (definitions.ts says the same of what the schemas take).
 */
export class LikeLines {
  readonly #patterns: Pattern[] = [];
  readonly #service = new PlainEndpoint();
  readonly #server = new PlainEndpoint();
  #key: AddressKey = { kind: "address", protocol: "", address: "", port: 0 };

  /** @param statement what the line was read as; nothing was to be said of it */
  remember(text: string, statement: ReadyStatement): void {
    if (this.#patterns.length === maxPatterns || !isRule(statement)) return;
    const at = this.#read(text);
    if (at < 0 || !this.#service.isNamedBy(text, statement.service)) return;
    if ("server" in statement ? !this.#server.isNamedBy(text, statement.server) : this.#server.isRead) return;
    this.#patterns.push({
      head: text.slice(0, headLength),
      tail: text.slice(at),
      serviceByte: this.#service.firstByte,
      serverByte: this.#server.firstByte,
      end: statement.endColumn - text.length,
      statement,
    });
  }

  /** What the line says, when it is like one that was read before. */
  statement(text: string, line: number): ReadyStatement | null {
    const at = this.#read(text);
    if (at < 0) return null;
    for (const { head, tail, serviceByte, serverByte, end, statement: known } of this.#patterns) {
      if (serviceByte !== this.#service.firstByte || serverByte !== this.#server.firstByte) continue;
      if (text.length !== at + tail.length || !text.startsWith(head) || !text.endsWith(tail)) continue;
      const { command } = known;
      if (!("server" in known)) {
        const service = this.#keyIn(text, known.service);
        return { line, column: 1, endColumn: text.length + end, command, service, spec: known.spec } as ReadyStatement;
      }
      const { forward, weight, upperThreshold, lowerThreshold, tunnel } = known.server;
      const { port } = this.#server;
      if (forward !== "nat" && port !== this.#service.port) return null;
      const service = this.#keyIn(text, known.service);
      const address = this.#server.addressIn(text);
      const server = { address, port, forward, weight, upperThreshold, lowerThreshold, tunnel };
      return { line, column: 1, endColumn: text.length + end, command, service, server } as ReadyStatement;
    }
    return null;
  }

  /** Reads `-a -t 10.0.0.9:80` and, where there is one, ` -r 10.0.0.1:80`; where the rest of the line starts, or -1. */
  #read(text: string): number {
    this.#server.firstByte = 0;
    this.#server.isRead = false;
    if (text.charCodeAt(0) !== 0x2d || text.charCodeAt(3) !== 0x2d || !this.#service.read(text, headLength)) return -1;
    const { end } = this.#service;
    if (!text.startsWith(between, end)) return end;
    return this.#server.read(text, end + between.length) ? this.#server.end : -1;
  }

  /** One object for the lines of one service. */
  #keyIn(text: string, { kind, protocol }: AddressKey): AddressKey {
    if (protocol !== this.#key.protocol || !this.#service.isNamedBy(text, this.#key))
      this.#key = { kind, protocol, address: this.#service.addressIn(text), port: this.#service.port };
    return this.#key;
  }
}

function isRule(statement: ReadyStatement): statement is Rule {
  const { command } = statement;
  const sets = command === "add-service" || command === "edit-service";
  const isOne = sets || command === "add-server" || command === "edit-server";
  return isOne && statement.service.kind === "address";
}

/** A dotted quad and a port as they are written when they cannot be misread, at some place of a line; read into the same object over and over. */
class PlainEndpoint {
  isRead = false;
  firstByte = 0;
  port = 0;
  /** where the blank behind it or the line's end is */
  end = 0;
  #start = 0;
  #colon = 0;

  /** False when there is none there; nor is one whose first byte or port is 0, or whose first byte is 255. */
  read(text: string, from: number): boolean {
    let at = from;
    for (let byte = 0; byte < 4; byte++) {
      const start = at;
      let number = 0;
      for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
        if (at - start === 3 || (at > start && number === 0)) return false;
        number = number * 10 + digit;
      }
      if (at === start || number > 255) return false;
      if (byte === 0) this.firstByte = number;
      if (text.charCodeAt(at++) !== (byte === 3 ? 0x3a : 0x2e)) return false;
    }
    const start = at;
    let port = 0;
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      if (at - start === 5 || (digit === 0 && port === 0)) return false;
      port = port * 10 + digit;
    }
    if (at < text.length && text.charCodeAt(at) !== 0x20) return false;
    this.#start = from;
    this.#colon = start - 1;
    this.port = port;
    this.end = at;
    this.isRead = port > 0 && port <= 65_535 && this.firstByte !== 0 && this.firstByte !== 255;
    return this.isRead;
  }

  addressIn(text: string): string {
    return text.slice(this.#start, this.#colon);
  }

  /** Is it what was read there? */
  isNamedBy(text: string, { address, port }: { address: string; port: number }): boolean {
    const isPort = this.isRead && port === this.port;
    return isPort && address.length === this.#colon - this.#start && text.startsWith(address, this.#start);
  }
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
