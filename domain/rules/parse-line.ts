import { maxPersistenceS } from "../service.ts";
import { refuseForeignCharacters } from "./characters.ts";
import { parseDaemon } from "./daemon-options.ts";
import type { Definitions } from "./definitions.ts";
import { draftOf } from "./draft.ts";
import type { Known } from "./known.ts";
import { checkOptions } from "./matrix.ts";
import { wholeNumber } from "./number.ts";
import type { Remarks, Span } from "./problem.ts";
import { draftNames } from "./resolve.ts";
import { type Given, scan } from "./scan.ts";
import { noNames, settle } from "./settle.ts";
import type { Draft, ReadyStatement, Statement } from "./statement.ts";
import { type Meter, spanOf, spanOfAll, type Token, type Words } from "./tokens.ts";

/** What is the same for all lines of a text. */
export interface Reading {
  meter: Meter;
  known: Known;
}

/** The statement in the words of one line, which hold no prompt any more; null when there is none or it was refused. */
export function parseRule(words: Words, remarks: Remarks, reading: Reading): Statement | null {
  const tokens = withoutName(withoutComment(words.tokens, remarks));
  const first = tokens[0];
  if (!first) return null;
  const line = spanOfAll(tokens);
  if (!tokens.some(({ text }) => startsWithDash(text))) {
    remarks.refuse("NOT_A_RULE", line, { text: first.text });
    return null;
  }
  if (!words.isPlain && refuseForeignCharacters(tokens, remarks, reading.meter)) return null;
  const scanned = scan(tokens, remarks, reading.meter);
  const command = scanned.options[0];
  if (!command && remarks.problems.length === 0) remarks.refuse("NOT_A_RULE", line, { text: first.text });
  if (!command) return null;
  if (!isCommand(command, scanned.options, remarks)) return null;
  const own: Given[] = [];
  for (let at = 1; at < scanned.options.length; at++) {
    const each = scanned.options[at] as Given;
    if (each.option.command === null) own.push(each);
    else remarks.refuse("SECOND_COMMAND", each, { option: each.written, command: command.written });
  }
  checkOptions(command, own, remarks, line);
  checkSix(own, remarks);
  for (let at = command.option.command === "set" ? 3 : 0; at < scanned.words.length; at++) {
    const word = scanned.words[at] as Token;
    const code = word.text === "(null)" ? "FORWARD_WITHOUT_NAME" : "UNEXPECTED_WORD";
    remarks.refuse(code, spanOf(word), { text: word.text });
  }
  return statementOf(command, own, scanned.words, line, remarks, reading);
}

function startsWithDash(text: string): boolean {
  const code = text.charCodeAt(0);
  return code === 0x2d || (code > 0x7f && /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/.test(text));
}

function withoutComment(tokens: readonly Token[], remarks: Remarks): readonly Token[] {
  const at = tokens.findIndex(({ text }) => text.startsWith("#"));
  if (at < 0) return tokens;
  remarks.warn("COMMENT_BEHIND_RULE", spanOfAll(tokens.slice(at)));
  return tokens.slice(0, at);
}

/** ipvsadm drops its own name wherever it stands. */
function withoutName(tokens: readonly Token[]): readonly Token[] {
  const isName = ({ text }: Token) => text === "ipvsadm";
  return tokens.some(isName) ? tokens.filter((token) => !isName(token)) : tokens;
}

function isCommand(first: Given, all: readonly Given[], remarks: Remarks): boolean {
  if (first.option.command) return true;
  const command = all.find(({ option }) => option.command);
  if (command) remarks.refuse("COMMAND_FIRST", first, { option: first.written, command: command.written });
  else if (remarks.problems.length === 0) remarks.refuse("NO_COMMAND", first, { option: first.written });
  return false;
}

/** -6 goes with every command, and needs a mark before it with every one. */
function checkSix(options: readonly Given[], remarks: Remarks): void {
  let hasMark = false;
  for (const given of options) {
    const { long } = given.option;
    if (long === "fwmark-service") hasMark = true;
    else if (long === "ipv6" && !hasMark) remarks.refuse("SIX_NEEDS_MARK", given, { option: given.written });
  }
}

function statementOf(
  command: Given,
  options: readonly Given[],
  words: readonly Token[],
  line: Span,
  remarks: Remarks,
  { meter, known }: Reading,
): Statement | null {
  const at = { ...line, line: remarks.line };
  const name = command.option.command;
  const ready = (rule: ReadyStatement | null) => (remarks.problems.length > 0 ? null : rule);
  switch (name) {
    case "list":
    case "save":
      if (remarks.problems.length === 0) remarks.warn("ONLY_LISTS", line, { command: command.written });
      return null;
    case "help":
    case "version":
      remarks.refuse("COMMAND_ENDS_RESTORE", command, { command: command.written });
      return null;
    case "restore":
      remarks.refuse("RESTORE_INSIDE", command, { command: command.written });
      return null;
    case "clear":
      return ready({ ...at, command: "clear" });
    case "set":
      return ready(parseTimeouts(words, command, at, remarks));
    case "start-daemon":
    case "stop-daemon":
      return ready(parseDaemon(name, command, options, at, remarks));
    case "zero":
      if (!options.some(({ option }) => option.group === "service"))
        return ready({ ...at, command: "zero", service: null });
      return statementOfDraft(draftOf(options, name, line, remarks, meter, known), remarks, known.definitions);
    case null:
      return null;
    default:
      return statementOfDraft(draftOf(options, name, line, remarks, meter, known), remarks, known.definitions);
  }
}

/**
 * The statement when all is known, else one that waits for its names.
 *
 * @param definitions those of the same text that were checked before
 */
export function statementOfDraft(draft: Draft | null, remarks: Remarks, definitions?: Definitions): Statement | null {
  if (!draft || remarks.problems.length > 0) return null;
  const { service, server } = draft;
  const isNamed =
    service.kind === "address" && (typeof service.address === "object" || typeof service.port === "object");
  if (!isNamed && typeof server?.address !== "object" && typeof server?.port !== "object") {
    return settle(draft, noNames, remarks, definitions);
  }
  const own = service.kind === "address" ? [service.address, service.port] : [];
  // A port that was copied from the service is the service's name once more.
  const serverPort = server?.portFrom === "text" ? server.port : undefined;
  const { line, column, endColumn } = draft;
  return {
    line,
    column,
    endColumn,
    command: "unresolved",
    draft,
    ...draftNames([...own, server?.address, serverPort]),
  };
}

function parseTimeouts(
  words: readonly Token[],
  command: Given,
  at: Span & { line: number },
  remarks: Remarks,
): ReadyStatement | null {
  const [tcp, fin, udp] = words;
  if (!tcp || !fin || !udp) {
    if (remarks.problems.length === 0) remarks.refuse("TIMEOUTS_NEED_THREE", command, { option: command.written });
    return null;
  }
  const seconds = (word: Token) => {
    const number = wholeNumber(word.text);
    if (number !== null && number >= 0 && number <= maxPersistenceS) return number;
    const params = { text: word.text, option: command.written, min: 0, max: maxPersistenceS };
    remarks.refuse("NUMBER_INVALID", spanOf(word), params);
    return 0;
  };
  return { ...at, command: "set", timeouts: { tcpS: seconds(tcp), tcpFinS: seconds(fin), udpS: seconds(udp) } };
}
