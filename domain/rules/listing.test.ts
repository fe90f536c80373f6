import { describe, expect, it, test } from "vitest";
import { parseRules } from "./parse.ts";
import { planRules } from "./plan.ts";
import { resolveNames } from "./resolve.ts";
import { applyPlan } from "./table-model.ts";
import { formatTable } from "./table-text.ts";

const hosts: Record<string, string> = { localhost: "127.0.0.1", "vip.example.org": "192.0.2.80" };
const ports: Record<string, number> = { "http/tcp": 80, "sip/udp": 5060 };
const names = {
  host: (name: string) => hosts[name] ?? null,
  port: (name: string, protocol: string) => ports[`${name}/${protocol}`] ?? null,
};

/** The rules that a listing comes to, and what is said of it: `line CODE`, problems with a `!`. */
function read(text: string): { rules: string; said: string[]; listing: boolean } {
  const { listing, statements, problems, warnings } = parseRules(text);
  const resolved = resolveNames(statements, names);
  const plan = planRules([], resolved.statements, "run");
  expect(plan.refusals).toEqual([]);
  const refused = [...problems, ...resolved.problems].map(({ line, code }) => `${line} ${code}!`);
  const said = [...warnings, ...resolved.warnings].map(({ line, code }) => `${line} ${code}`);
  return {
    listing,
    rules: formatTable(
      applyPlan(
        [],
        plan.changes.map(({ change }) => change),
      ),
    ),
    said: [...refused, ...said],
  };
}

const title = [
  "IP Virtual Server version 1.2.1 (size=4096)",
  "Prot LocalAddress:Port Scheduler Flags",
  "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
];
/** As ipvsadm 1.31 prints it, with the blanks at the ends of rows. */
const numeric = [
  ...title,
  "FWM  -1 none",
  "TCP  10.0.0.8:80 sh (sh-fallback,sh-port) persistent 50 mask 255.255.255.0",
  "  -> 10.1.0.1:80                  Masq    1      0          0         ",
  "  -> 10.1.0.2:80                  Route   5      12         2         ",
  "  -> 10.1.0.3:80                  Tunnel  0      0          0         ",
  "  -> [2001:db8::1]:80             Tunnel  1      0          0         ",
  "UDP  10.0.0.8:5060 rr (flag-1) persistent 60 pe sip ops",
  "SCTP [2001:db8::8]:80 rr persistent 360 mask 64",
  "  -> [2001:db8:1111:2222:3333:4444:5555:6666]:80 Route   1      0          0         ",
  "FWM  7 wlc",
  "  -> 10.9.9.9:0                   Masq    1      0          0         ",
  "FWM  7 IPv6 rr",
].join("\n");
const rules = `-A -f 4294967295 -s none
-A -t 10.0.0.8:80 -s sh -p 50 -M 255.255.255.0 -b sh-fallback,sh-port
-a -t 10.0.0.8:80 -r 10.1.0.1:80 -m -w 1
-a -t 10.0.0.8:80 -r 10.1.0.2:80 -g -w 5
-a -t 10.0.0.8:80 -r 10.1.0.3:80 -i -w 0 --tun-type ipip
-a -t 10.0.0.8:80 -r [2001:db8::1]:80 -i -w 1 --tun-type ipip
-A -u 10.0.0.8:5060 -s rr -p 60 --pe sip -o -b flag-1
-A --sctp-service [2001:db8::8]:80 -s rr -p 360 -M 64
-a --sctp-service [2001:db8::8]:80 -r [2001:db8:1111:2222:3333:4444:5555:6666]:80 -g -w 1
-A -f 7 -s wlc
-a -f 7 -r 10.9.9.9:0 -m -w 1
-A -f 7 -6 -s rr
`;

describe("a listing of ipvsadm -L", () => {
  it("comes to the rules of the table that it shows, and says what it cannot carry", () => {
    expect(read(numeric)).toEqual({
      listing: true,
      rules,
      said: [
        "1 LISTING_READ",
        "4 LISTING_ENGINE_LOST",
        "6 LISTING_THRESHOLDS_LOST",
        "8 LISTING_TUNNEL_LOST",
        "9 LISTING_TUNNEL_LOST",
        "13 LISTING_ENGINE_LOST",
        "15 LISTING_ENGINE_LOST",
      ],
    });
  });

  it.each([
    [
      "quoted with a prompt and the command above, and one below",
      `[root@lb1 ~]# ipvsadm -L -n\n${numeric}\n[root@lb1 ~]#`,
    ],
    [
      "indented, without its title",
      numeric
        .split("\n")
        .slice(3)
        .map((row) => `    ${row}`)
        .join("\r\n"),
    ],
  ])("is read %s", (_how, text) => {
    expect(read(text).rules).toBe(rules);
  });

  it("of --tun-info says what the tunnels are", () => {
    const text = [
      ...title.slice(0, 2),
      "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn",
      "TCP  10.0.0.8:80 rr",
      "  -> 10.1.0.1:80                  Masq    n/a           1      0          0         ",
      "  -> 10.1.0.3:80                  Tunnel  gue:6080:+c   1      0          0         ",
      "  -> 10.1.0.4:80                  Tunnel  gue:6080:r+c  1      0          0         ",
      "  -> 10.1.0.5:80                  Tunnel  gre:-c        1      0          0         ",
      "  -> 10.1.0.6:80                  Tunnel  ipip          1      0          0         ",
    ].join("\n");
    expect(read(text)).toEqual({
      listing: true,
      rules: [
        "-A -t 10.0.0.8:80 -s rr",
        "-a -t 10.0.0.8:80 -r 10.1.0.1:80 -m -w 1",
        "-a -t 10.0.0.8:80 -r 10.1.0.3:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum",
        "-a -t 10.0.0.8:80 -r 10.1.0.4:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum",
        "-a -t 10.0.0.8:80 -r 10.1.0.5:80 -i -w 1 --tun-type gre --tun-nocsum",
        "-a -t 10.0.0.8:80 -r 10.1.0.6:80 -i -w 1 --tun-type ipip",
        "",
      ].join("\n"),
      said: ["1 LISTING_READ", "5 LISTING_THRESHOLDS_LOST"],
    });
  });

  it("with names has them resolved", () => {
    const text = [
      ...title,
      "TCP  vip.example.org:http rr",
      "  -> localhost:http               Local   1      0          0         ",
      "UDP  [2001:db8::8]:sip rr persistent 360",
    ].join("\n");
    expect(read(text)).toEqual({
      listing: true,
      rules:
        "-A -t 192.0.2.80:80 -s rr\n-a -t 192.0.2.80:80 -r 127.0.0.1:80 -g -w 1\n-A -u [2001:db8::8]:5060 -s rr -p 360\n",
      said: ["1 LISTING_READ", "5 LISTING_THRESHOLDS_LOST", "5 LISTING_LOCAL"],
    });
  });

  test.each<[string, string[], string[]]>([
    [
      "of --stats has no forwarding method",
      [
        title[0] ?? "",
        "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
        "TCP  10.0.0.8:80   0 0 0 0 0",
      ],
      ["2 LISTING_WITHOUT_FORWARD!", "1 LISTING_READ"],
    ],
    [
      "of --thresholds has none either",
      ["TCP  10.0.0.8:80 rr", "  -> 10.1.0.1:80                  10         5          0          0         "],
      ["2 LISTING_WITHOUT_FORWARD!", "1 LISTING_READ"],
    ],
    [
      "of the kernel is in hexadecimal",
      ["FWM  7 rr", "  -> 0A090909:0000      Masq    1      0          0"],
      ["2 LISTING_OF_PROC!"],
    ],
    [
      "of connections is none",
      ["IPVS connection entries", "pro expire state"],
      ["1 LISTING_OF_CONNECTIONS!", "1 LISTING_READ"],
    ],
    [
      "with a command beside it",
      ["FWM  7 rr", "# ipvsadm -C", "-C"],
      ["2 LISTING_COMMAND_SKIPPED!", "3 LISTING_COMMAND_SKIPPED!"],
    ],
    [
      "with other words",
      ["FWM  7 rr", "that is all", "FWM  8 rr", "  -> 10.1.0.1:80 Masq 1"],
      ["2 LISTING_LINE_UNKNOWN!", "4 LISTING_LINE_UNKNOWN!"],
    ],
    ["with a method that has no name", ["FWM  7 rr", "  -> 10.1.0.1:0  (null)  1  0  0"], ["2 FORWARD_WITHOUT_NAME!"]],
    [
      "with a name that may be cut",
      ["FWM  7 rr", "  -> backend-number-seventeen.exa Masq 1 0 0"],
      ["2 LISTING_NAME_CUT!"],
    ],
    ["with a server above every service", ["  -> 10.1.0.1:80 Masq 1 0 0", "FWM  7 rr"], ["1 LISTING_SERVER_ALONE!"]],
    [
      "with a service that cannot be read, which is told once",
      ["TCP  10.0.0.8 rr", "  -> 10.1.0.1:80 Masq 1 0 0"],
      ["1 LISTING_LINE_UNKNOWN!"],
    ],
  ])("%s", (_what, lines, said) => {
    expect(read(lines.join("\n")).said).toEqual(expect.arrayContaining(said));
    const problems = (list: string[]) => list.filter((each) => each.endsWith("!"));
    expect(problems(read(lines.join("\n")).said)).toEqual(problems(said));
  });

  it("is not suspected in rules", () => {
    expect(parseRules("# TCP 10.0.0.8:80\n-A -t 10.0.0.8:80 -s rr\n").listing).toBe(false);
  });
});
