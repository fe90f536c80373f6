import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { maxLineLength, maxLines, maxTextBytes } from "./lines.ts";
import { parseRules } from "./parse.ts";
import { type RuleCode, type RuleProblem, type RuleTranslate, ruleCodes, ruleSentence } from "./problem.ts";
import { resolveNames } from "./resolve.ts";
import { noNames } from "./settle.ts";

const translate = createTranslator({
  locale: "en",
  messages,
  onError: (error) => {
    throw error;
  },
}) as RuleTranslate;

const listing = (...rows: string[]) => ["TCP  10.0.0.9:80 rr", ...rows].join("\n");
const server = "-a -t 10.0.0.9:80 -r 10.0.0.1:80";

/** For every code a text of which it is said. */
const examples: Record<RuleCode, string> = {
  TEXT_TOO_LONG: " ".repeat(maxTextBytes + 1),
  TOO_MANY_LINES: "\n".repeat(maxLines),
  LINE_TOO_LONG: "-".repeat(maxLineLength + 1),
  DASH: "–A -t 10.0.0.9:80",
  BLANK: "-A -t 10.0.0.9:80\u00a0-s rr",
  FULLWIDTH: "-A -t 10.0.0.9：80",
  QUOTES: '-A -t "10.0.0.9:80"',
  CONTROL_CHARACTER: "-A -t 10.0.0.9:80 -s\u0001 rr",
  SHELL_VARIABLE: "-A -t $VIP:80",
  SHELL_CONTINUATION: "-A -t 10.0.0.9:80 \\",
  SHELL_OPERATOR: "-A -t 10.0.0.9:80 -s rr; echo",
  NOT_A_RULE: "service ipvsadm save",
  NO_COMMAND: "-t 10.0.0.9:80",
  COMMAND_FIRST: "-t 10.0.0.9:80 -A",
  SECOND_COMMAND: "-A -t 10.0.0.9:80 -D",
  COMMAND_ENDS_RESTORE: "-h",
  RESTORE_INSIDE: "-R",
  UNKNOWN_OPTION: "-A -t 10.0.0.9:80 -q",
  UNKNOWN_OPTION_MEANT: "-A --tcp-serv 10.0.0.9:80",
  OPTION_TWICE: "-A -t 10.0.0.9:80 -s rr -s rr",
  OPTION_REQUIRED: "-a -t 10.0.0.9:80",
  OPTION_NOT_ALLOWED: "-D -t 10.0.0.9:80 -s rr",
  OPTIONS_EXCLUDE: `${server} -m -g`,
  VALUE_MISSING: "-A -t",
  VALUE_NOT_WANTED: "--clear=all",
  UNEXPECTED_WORD: "-C all",
  FORWARD_WITHOUT_NAME: `${server} (null) -w 1`,
  PROTOCOL_WITHOUT_OPTION: "-A --xxx-service 10.0.0.9:80 -s rr",
  NUMBER_INVALID: `${server} -w five`,
  MARK_INVALID: "-A -f 0x10",
  MARK_NEGATIVE: "-A -f -1",
  HOST_INVALID: "-A -t 300.0.0.1:80",
  HOST_IS_NUMBER: "-A -t 7",
  ADDRESS_WITH_ZONE: "-A -t [fe80::1%eth0]:80",
  BRACKETS_NEED_PORT: "-a -t [2001:db8::9]:80 -r [2001:db8::1]",
  BRACKETS_NOT_CLOSED: "-A -t [2001:db8::9:80",
  PORT_MISSING: "-A -t 10.0.0.9 -s rr",
  PORT_INVALID: "-A -t 10.0.0.9:65536",
  PORT_NAME_TOO_EARLY: "-a -r 10.0.0.1:http -t 10.0.0.9:80 -m",
  SIX_NEEDS_MARK: "-A -6 -f 7",
  NETMASK_UNREADABLE: "-A -t 10.0.0.9:80 -p -M 255.255.255.256",
  FLAG_OF_OTHER_SCHEDULER: "-A -t 10.0.0.9:80 -s mh -b sh-port",
  FLAGS_CRASH: "-A -t 10.0.0.9:80 -b ,",
  ROLE_UNKNOWN: "--start-daemon slave",
  TIMEOUTS_NEED_THREE: "--set 900 120",
  TUNNEL_OPTION_REQUIRED: `${server} -i --tun-type gue`,
  TUNNEL_OPTION_NOT_ALLOWED: `${server} -i --tun-type gre --tun-port 6080`,
  TUNNEL_CHECKSUMS_EXCLUDE: `${server} -i --tun-type gre --tun-csum --tun-nocsum`,
  NAME_UNKNOWN: "-A -t www.example.org:80",
  PORT_NAME_UNKNOWN: "-A -t 10.0.0.9:nonesuch",
  COMMENT_BEHIND_RULE: "-C # all of it",
  COMMENT_LIKE_RULE: "-C\n# ipvsadm -A -t 10.0.0.9:80",
  ROOT_PROMPT: "# ipvsadm -A -t 10.0.0.9:80",
  ONLY_LISTS: "-L -n",
  ADDRESS_SHORT: "-A -t 10.9:80",
  BRACKETS_LOSE_PORT: "-A -t [10.0.0.9]:80 -p",
  NETMASK_SHORT: "-A -t 10.0.0.9:80 -p -M 24",
  NETMASK_LOST: "-A -M 64 -t [2001:db8::9]:80 -p",
  NETMASK_UNUSED: "-A -t 10.0.0.9:80 -M 255.255.255.0",
  PREFIX_CUT: "-A -t [2001:db8::9]:80 -p -M 64/",
  SCHEDULER_EMPTY: "-A -t 10.0.0.9:80 -s=",
  VALUE_EMPTY: "-A -t 10.0.0.9:80 --pe=",
  SERVER_PORT_REPLACED: "-a -t 10.0.0.9:80 -r 10.0.0.1:81 -g",
  SERVER_PORT_ZERO: "-a -r 10.0.0.1 -t 10.0.0.9:80 -m",
  LISTING_READ: listing(),
  LISTING_WITHOUT_FORWARD: "TCP  10.0.0.9:80                    0        0        0        0        0",
  LISTING_OF_PROC: "TCP  0A000009:0050 rr",
  LISTING_OF_CONNECTIONS: "IPVS connection entries",
  LISTING_LINE_UNKNOWN: listing("and so on"),
  LISTING_SERVER_ALONE: "  -> 10.0.0.1:80                  Masq    1      0          0",
  LISTING_COMMAND_SKIPPED: listing("ipvsadm -C"),
  LISTING_THRESHOLDS_LOST: listing("  -> 10.0.0.1:80                  Masq    1      0          0"),
  LISTING_TUNNEL_LOST: listing("  -> 10.0.0.1:80                  Tunnel  1      0          0"),
  LISTING_ENGINE_LOST: "UDP  10.0.0.9:5060 rr",
  LISTING_LOCAL: listing("  -> 127.0.0.1:80                 Local   1      0          0"),
  LISTING_NAME_CUT: listing("  -> backend-number-seventeen.exa Masq    1      0          0"),
};

function saidOf(text: string): RuleProblem[] {
  const { statements, problems, warnings } = parseRules(text);
  const resolved = resolveNames(statements, noNames);
  return [...problems, ...warnings, ...resolved.problems, ...resolved.warnings];
}

describe("the catalogue of rule text", () => {
  it.each(ruleCodes)("has a sentence for %s that uses only what comes with it", (code) => {
    const said = saidOf(examples[code]);
    const problem = said.find((each) => each.code === code);
    expect(said.map((each) => each.code)).toContain(code);
    if (!problem) return;
    const sentence = ruleSentence(problem, translate);
    expect(sentence).toMatch(/^[A-Z“0-9{(-]|^ipvsadm /u);
    expect(sentence).toMatch(/\.$/);
    expect(sentence).not.toMatch(/[{}]|undefined/);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.endColumn).toBeGreaterThan(problem.column);
  });

  it("has no sentence for a code that is none", () => {
    expect(Object.keys(messages.rules).sort()).toEqual([...ruleCodes].sort());
  });

  it("says what is wrong with any change in the words of any change", () => {
    const [problem] = saidOf("-A -t 224.0.0.1:80");
    expect(problem && ruleSentence(problem, translate)).toBe(
      messages.problem.VIP_MULTICAST.replace("{text}", "224.0.0.1"),
    );
  });
});
