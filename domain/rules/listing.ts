import { type Line, maxLineLength } from "./lines.ts";
import { listedServer, listedService } from "./listing-row.ts";
import { statementOfDraft } from "./parse-line.ts";
import { stripPreamble } from "./preamble.ts";
import { Remarks, type RuleCode, type RuleProblem, type Span } from "./problem.ts";
import type { DraftService, Statement } from "./statement.ts";
import { type Meter, spanOf, spanOfAll, type Token, tokensOf } from "./tokens.ts";

const title = /^\s*(?:IP Virtual Server version |Prot LocalAddress:Port|-> RemoteAddress:Port|IPVS connection entries)/;
const serviceRow = /^\s*(?:TCP|UDP|SCTP|FWM)\s+\S/;
const serverRow = /^\s*->\s+\S/;
/** Of the titles of --stats, --rate, --thresholds and --persistent-conn, whose rows do not say how packets are forwarded. */
const otherColumns = /\b(?:Conns|CPS|Uthreshold|PersistConn)\b/;

/** Whether the text is what `ipvsadm -L` printed, or has some of it. */
export function isListing(lines: readonly Line[], meter: Meter): boolean {
  meter.steps += lines.length;
  return lines.some(({ text }) => {
    // A rule says at once that it is none.
    if (text.charCodeAt(0) === 0x2d && text.charCodeAt(1) !== 0x3e) return false;
    const start = text.slice(0, 100);
    return title.test(start) || serviceRow.test(start) || serverRow.test(start);
  });
}

interface Listed {
  statements: Statement[];
  problems: RuleProblem[];
  warnings: RuleProblem[];
}

/** The table that a listing shows, as statements that add it; what a listing cannot carry is told. */
export function parseListing(lines: readonly Line[], meter: Meter): Listed {
  const reader = new ListingReader(meter);
  for (const line of lines) {
    reader.read(line);
    if (reader.hopeless) break;
  }
  return reader.listed;
}

class ListingReader {
  readonly listed: Listed = { statements: [], problems: [], warnings: [] };
  /** no row of this text can be read */
  hopeless = false;
  readonly #meter: Meter;
  readonly #told = new Set<RuleCode>();
  #service: DraftService | null = null;
  /** a row that names a service which could not be read has servers too */
  #serviceRefused = false;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  read({ number, text }: Line): void {
    const remarks = new Remarks(number);
    if (text.length > maxLineLength) {
      remarks.refuse(
        "LINE_TOO_LONG",
        { column: maxLineLength + 1, endColumn: text.length + 1 },
        { max: maxLineLength },
      );
    } else {
      const statement = this.#readRow(text, tokensOf(text, this.#meter), remarks);
      if (statement) this.listed.statements.push(statement);
    }
    this.listed.problems.push(...remarks.problems);
    this.listed.warnings.push(...remarks.warnings);
  }

  #readRow(text: string, tokens: Token[], remarks: Remarks): Statement | null {
    if (tokens.length === 0) return null;
    const line = spanOfAll(tokens);
    if (title.test(text)) return this.#readTitle(text, line, remarks);
    if (serviceRow.test(text)) {
      this.#once("LISTING_READ", line, remarks);
      if (/^\d+$/.test(tokens[tokens[2]?.text === "IPv6" ? 3 : 2]?.text ?? "")) return this.#giveUp(line, remarks);
      const draft = listedService(tokens, remarks, this.#meter);
      this.#service = draft?.service ?? null;
      this.#serviceRefused = draft === null;
      return statementOfDraft(draft, remarks);
    }
    if (serverRow.test(text)) {
      this.#once("LISTING_READ", line, remarks);
      if (/^\d+$/.test(tokens[2]?.text ?? "")) return this.#giveUp(line, remarks);
      if (this.#serviceRefused) return null;
      if (!this.#service) {
        remarks.refuse("LISTING_SERVER_ALONE", line);
        return null;
      }
      this.#once("LISTING_THRESHOLDS_LOST", line, remarks);
      return statementOfDraft(listedServer(tokens, this.#service, remarks), remarks);
    }
    return this.#readOther(tokens, remarks);
  }

  #readTitle(text: string, line: Span, remarks: Remarks): null {
    this.#once("LISTING_READ", line, remarks);
    if (text.includes("IPVS connection entries")) {
      remarks.refuse("LISTING_OF_CONNECTIONS", line);
      this.hopeless = true;
    }
    return otherColumns.test(text) ? this.#giveUp(line, remarks) : null;
  }

  #giveUp(line: Span, remarks: Remarks): null {
    remarks.refuse("LISTING_WITHOUT_FORWARD", line);
    this.hopeless = true;
    return null;
  }

  #readOther(all: Token[], remarks: Remarks): null {
    const { tokens, fromShell, afterHash } = stripPreamble(all);
    const first = tokens[0];
    if (!first || (!fromShell && first.text.startsWith("#"))) return null;
    // The command that printed the listing.
    if (fromShell && /^(?:-[Ll]|--list)/.test(first.text)) return null;
    const isCommand = fromShell || afterHash || first.text.startsWith("-");
    remarks.refuse(
      isCommand ? "LISTING_COMMAND_SKIPPED" : "LISTING_LINE_UNKNOWN",
      isCommand ? spanOf(first) : spanOfAll(all),
    );
    return null;
  }

  #once(code: RuleCode, span: Span, remarks: Remarks): void {
    if (this.#told.has(code)) return;
    this.#told.add(code);
    remarks.warn(code, span);
  }
}
