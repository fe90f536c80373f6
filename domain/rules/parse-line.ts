import { maxPersistenceS } from "../service.ts";
import { refuseForeignCharacters } from "./characters.ts";
import { parseDaemon } from "./daemon-options.ts";
import { draftOf } from "./draft.ts";
import { checkOptions } from "./matrix.ts";
import { wholeNumber } from "./number.ts";
import type { Remarks, Span } from "./problem.ts";
import { draftNames } from "./resolve.ts";
import { type Given, scan } from "./scan.ts";
import { noNames, settle } from "./settle.ts";
import type { Draft, ReadyStatement, Statement } from "./statement.ts";
import { type Meter, spanOf, spanOfAll, type Token } from "./tokens.ts";

/** The statement in the words of one line, which hold no prompt any more; null when there is none or it was refused. */
export function parseRule(all: readonly Token[], remarks: Remarks, meter: Meter): Statement | null {
  // ipvsadm drops its own name wherever it stands.
  const uncommented = withoutComment(all, remarks);
  const tokens = uncommented.filter(({ text }) => text !== "ipvsadm");
  const first = tokens[0];
  if (!first) return null;
  const line = spanOfAll(tokens);
  if (!tokens.some(({ text }) => /^[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/.test(text))) {
    remarks.refuse("NOT_A_RULE", line, { text: first.text });
    return null;
  }
  if (refuseForeignCharacters(tokens, remarks, meter)) return null;
  const scanned = scan(tokens, remarks, meter);
  const [command, ...options] = scanned.options;
  if (!command && remarks.problems.length === 0) remarks.refuse("NOT_A_RULE", line, { text: first.text });
  if (!command) return null;
  if (!isCommand(command, options, remarks)) return null;
  for (const each of options) {
    if (each.option.command) remarks.refuse("SECOND_COMMAND", each, { option: each.written, command: command.written });
  }
  const own = options.filter(({ option }) => option.command === null);
  checkOptions(command, own, remarks, line);
  checkSix(own, remarks);
  const words = command.option.command === "set" ? scanned.words.slice(3) : scanned.words;
  for (const word of words) {
    const code = word.text === "(null)" ? "FORWARD_WITHOUT_NAME" : "UNEXPECTED_WORD";
    remarks.refuse(code, spanOf(word), { text: word.text });
  }
  return statementOf(command, own, scanned.words, line, remarks, meter);
}

function withoutComment(tokens: readonly Token[], remarks: Remarks): readonly Token[] {
  const at = tokens.findIndex(({ text }) => text.startsWith("#"));
  if (at < 0) return tokens;
  remarks.warn("COMMENT_BEHIND_RULE", spanOfAll(tokens.slice(at)));
  return tokens.slice(0, at);
}

function isCommand(first: Given, others: readonly Given[], remarks: Remarks): boolean {
  if (first.option.command) return true;
  const command = others.find(({ option }) => option.command);
  if (command) remarks.refuse("COMMAND_FIRST", first, { option: first.written, command: command.written });
  else if (remarks.problems.length === 0) remarks.refuse("NO_COMMAND", first, { option: first.written });
  return false;
}

/** -6 goes with every command, and needs a mark before it with every one. */
function checkSix(options: readonly Given[], remarks: Remarks): void {
  const mark = options.findIndex(({ option }) => option.long === "fwmark-service");
  options.forEach((given, at) => {
    if (given.option.long !== "ipv6" || (mark >= 0 && mark < at)) return;
    remarks.refuse("SIX_NEEDS_MARK", given, { option: given.written });
  });
}

function statementOf(
  command: Given,
  options: readonly Given[],
  words: readonly Token[],
  line: Span,
  remarks: Remarks,
  meter: Meter,
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
      return statementOfDraft(draftOf(options, name, line, remarks, meter), remarks);
    case null:
      return null;
    default:
      return statementOfDraft(draftOf(options, name, line, remarks, meter), remarks);
  }
}

/** The statement when all is known, else one that waits for its names. */
export function statementOfDraft(draft: Draft | null, remarks: Remarks): Statement | null {
  if (!draft || remarks.problems.length > 0) return null;
  const { service, server } = draft;
  const own = service.kind === "address" ? [service.address, service.port] : [];
  // A port that was copied from the service is the service's name once more.
  const serverPort = server?.portFrom === "text" ? server.port : undefined;
  const names = draftNames([...own, server?.address, serverPort]);
  if (names.hosts.length === 0 && names.ports.length === 0) return settle(draft, noNames, remarks);
  const { line, column, endColumn } = draft;
  return { line, column, endColumn, command: "unresolved", draft, ...names };
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
