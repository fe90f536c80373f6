import { expect, test } from "vitest";
import { endpoint } from "../endpoint.ts";
import { serviceId } from "../service.ts";
import { parseRules } from "./parse.ts";
import { type PlanMode, planRules, type RulePlan } from "./plan.ts";
import { applyPlan } from "./table-model.ts";

/** Every part of a row alone makes it another row. */
const onePartChanged: [string, string][] = [
  ["-A -f 1 -s rr", "-A -f 1 -s wrr"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr -p 5"],
  ["-A -f 1 -s rr -p 5", "-A -f 1 -s rr -p 6"],
  ["-A -f 1 -s rr -p 5", "-A -f 1 -s rr -p 5 -M 255.0.0.0"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr -o"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr --pe sip"],
  ["-A -f 1 -s rr", "-A -f 1 -s rr -b flag-1"],
  ["-A -f 1 -s rr -b flag-2", "-A -f 1 -s rr -b flag-1"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -m", "-A -f 1\n-a -f 1 -r 10.1.0.1 -g"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1", "-A -f 1\n-a -f 1 -r 10.1.0.1 -w 2"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1", "-A -f 1\n-a -f 1 -r 10.1.0.1 -x 2"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -x 2", "-A -f 1\n-a -f 1 -r 10.1.0.1 -x 2 -y 1"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -i", "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gre"],
  ["-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gre", "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gre --tun-csum"],
  [
    "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gue --tun-port 1",
    "-A -f 1\n-a -f 1 -r 10.1.0.1 -i --tun-type gue --tun-port 2",
  ],
];

const changesOf = (plan: RulePlan) => plan.changes.map(({ change }) => change);

/** A plan of rule text in short: each change with its line, and the rest. */
function planOf(now: string, text: string, mode: PlanMode) {
  const ready = (rules: string) => {
    const { statements, problems } = parseRules(rules);
    expect(problems).toEqual([]);
    return statements.filter((statement) => statement.command !== "unresolved");
  };
  const table = applyPlan([], changesOf(planRules([], ready(now), "run")));
  const { changes, zeros, settings, refusals, kept } = planRules(table, ready(text), mode);
  const rest = {
    zeros: zeros.map(({ service, line }) => `${line} ${service ? serviceId(service) : "all"}`),
    settings: settings.map(({ setting, line }) => `${line} ${setting.command}`),
    refusals: refusals.map(({ line, code }) => `${line} ${code}`),
    kept,
  };
  const spoken = Object.entries(rest).filter(([, list]) => list.length > 0);
  return {
    changes: changes.map(({ change, line }) => {
      const server = "server" in change ? `>${endpoint(change.server.address, change.server.port)}` : "";
      return `${line} ${change.verb} ${serviceId(change.service)}${server}${"expected" in change ? " expected" : ""}`;
    }),
    ...Object.fromEntries(spoken),
  };
}

const now = [
  "-A -t 10.0.0.9:80 -s rr",
  "-a -t 10.0.0.9:80 -r 10.1.0.1:80 -m",
  "-a -t 10.0.0.9:80 -r 10.1.0.2:80 -m",
  "-A -f 7 -s rr",
].join("\n");

test.each<[string, PlanMode, string, unknown]>([
  [
    "run refuses what is there and what is not",
    "run",
    "-A -t 10.0.0.9:80\n-a -t 10.0.0.9:80 -r 10.1.0.1 -m\n-e -t 10.0.0.9:80 -r 10.1.0.3 -m\n-D -f 8\n-d -f 8 -r 10.1.0.1\n-Z -f 8",
    {
      changes: [],
      refusals: [
        "1 SERVICE_EXISTS",
        "2 SERVER_EXISTS",
        "3 NO_SUCH_SERVER",
        "4 NO_SUCH_SERVICE",
        "5 NO_SUCH_SERVICE",
        "6 NO_SUCH_SERVICE",
      ],
    },
  ],
  [
    "run clears what is there at that line",
    "run",
    "-A -f 8\n-C\n-A -f 7",
    {
      changes: [
        "1 add-service fwmark:8",
        "2 remove-service tcp:10.0.0.9:80 expected",
        "2 remove-service fwmark:7 expected",
        "2 remove-service fwmark:8",
        "3 add-service fwmark:7",
      ],
    },
  ],
  [
    "counters are last, and all of them are all",
    "run",
    "-Z -f 7\n-Z\n--set 1 2 3\n--stop-daemon master",
    { changes: [], zeros: ["2 all"], settings: ["3 set", "4 stop-daemon"] },
  ],
  [
    "counters of a service that goes are forgotten",
    "run",
    "-Z -f 7\n-D -f 7",
    { changes: ["2 remove-service fwmark:7 expected"] },
  ],
  [
    "merge adds, edits, keeps and says what it keeps",
    "merge",
    "-C\n-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -r 10.1.0.1 -m -w 5\n-a -t 10.0.0.9:80 -r 10.1.0.3 -m\n-d -t 10.0.0.9:80 -r 10.1.0.2\n-D -f 7\n-D -f 9",
    {
      changes: ["3 edit-server tcp:10.0.0.9:80>10.1.0.1:80 expected", "4 add-server tcp:10.0.0.9:80>10.1.0.3:80"],
      kept: [1, 5, 6],
    },
  ],
  [
    "merge needs a service for a server, in the table or above",
    "merge",
    "-a -f 7 -r 10.1.0.1 -m\n-a -f 8 -r 10.1.0.1 -m\n-A -f 8",
    { changes: ["1 add-server fwmark:7>10.1.0.1:0", "3 add-service fwmark:8"], refusals: ["2 NO_SUCH_SERVICE"] },
  ],
  [
    "replace brings what is to come before what is to go goes",
    "replace",
    "-C\n-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -r 10.1.0.3 -m\n-A -f 8\n-Z -f 7\n-Z -f 8",
    {
      changes: [
        "3 add-server tcp:10.0.0.9:80>10.1.0.3:80",
        "null remove-server tcp:10.0.0.9:80>10.1.0.1:80 expected",
        "null remove-server tcp:10.0.0.9:80>10.1.0.2:80 expected",
        "4 add-service fwmark:8",
        "null remove-service fwmark:7 expected",
      ],
      zeros: ["6 fwmark:8"],
      refusals: ["5 NO_SUCH_SERVICE"],
    },
  ],
  [
    "merge clears what was wanted above",
    "merge",
    "-A -f 9\n-C\n-A -f 8",
    { changes: ["3 add-service fwmark:8"], kept: [2] },
  ],
  [
    "replace sees each part of a server",
    "replace",
    `${now.replace("10.1.0.1:80 -m", "10.1.0.1:80 -m -x 9 -y 0").replace("10.1.0.2:80 -m", "10.1.0.2:80 -m -x 9 -y 9")}`,
    {
      changes: [
        "2 edit-server tcp:10.0.0.9:80>10.1.0.1:80 expected",
        "3 edit-server tcp:10.0.0.9:80>10.1.0.2:80 expected",
      ],
    },
  ],
  ["replace with what is there does nothing", "replace", now, { changes: [] }],
])("%s", (_what, mode, text, plan) => {
  expect(planOf(now, text, mode)).toEqual(plan);
});

test.each(onePartChanged)("%j becomes %j by one edit, and back", (one, other) => {
  expect(planOf(one, other, "replace").changes).toHaveLength(1);
  expect(planOf(other, one, "replace").changes).toHaveLength(1);
  expect(planOf(one, other, "replace").changes[0]).toContain(" edit-");
});
