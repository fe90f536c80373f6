import { describe, expect, it, test } from "vitest";
import { parseRules } from "./parse.ts";

/** An option of each kind, with a value that is right. */
const options = [
  ...["-s rr", "-p", "-M 255.0.0.0", "-o", "--pe sip", "-b flag-1"],
  ...["-m", "-w 1", "-x 1", "-y 0"],
  ...[
    "--mcast-interface eth0",
    "--syncid 1",
    "--mcast-group 224.0.0.9",
    "--mcast-port 9",
    "--mcast-ttl 3",
    "--sync-maxlen 9",
  ],
  ...[
    "-n",
    "-c",
    "--timeout",
    "--daemon",
    "--stats",
    "--rate",
    "--thresholds",
    "--persistent-conn",
    "--nosort",
    "-X",
    "--tun-info",
  ],
  ...["-r 10.1.0.1", "-t 10.0.0.9:80", "--sort"],
];
const serviceOptions = ["-s rr", "-p", "-M 255.0.0.0", "-o", "--pe sip", "-b flag-1", "--sort"];
const serverOptions = ["-m", "-w 1", "-x 1", "-y 0", "--sort"];
const daemonOptions = options.filter((option) => /mcast|sync/.test(option));

describe("the options of a command are those of ipvsadm's matrix", () => {
  test.each<[string, string[]]>([
    ["-A -u 10.0.0.9:53", serviceOptions],
    ["-E -u 10.0.0.9:53", serviceOptions],
    ["-D -u 10.0.0.9:53", ["--sort"]],
    ["-C", ["--sort"]],
    ["-a -u 10.0.0.9:53 -r 10.1.0.2", serverOptions],
    ["-e -u 10.0.0.9:53 -r 10.1.0.2", serverOptions],
    ["-d -u 10.0.0.9:53 -r 10.1.0.2", ["--sort"]],
    ["-Z", ["-t 10.0.0.9:80", "--sort"]],
    ["--set 1 2 3", ["--sort"]],
    ["--start-daemon master", [...daemonOptions, "--sort"]],
    ["--stop-daemon master", ["--syncid 1", "--sort"]],
    ["-S", ["-n", "--sort"]],
    [
      "-L",
      [
        ...[
          "--syncid 1",
          "-n",
          "-c",
          "--timeout",
          "--daemon",
          "--stats",
          "--rate",
          "--thresholds",
          "--persistent-conn",
        ],
        ...["--nosort", "-X", "--tun-info", "-t 10.0.0.9:80", "--sort"],
      ],
    ],
  ])("%s", (command, allowed) => {
    const taken = options.filter((option) => parseRules(`${command} ${option}`).problems.length === 0);
    expect(taken.sort()).toEqual([...allowed].sort());
  });

  test.each([
    ["-A", "OPTION_REQUIRED"],
    ["-E -s rr", "OPTION_REQUIRED"],
    ["-D", "OPTION_REQUIRED"],
    ["-a -t 10.0.0.9:80", "OPTION_REQUIRED"],
    ["-e -r 10.1.0.1", "OPTION_REQUIRED"],
    ["-d", "OPTION_REQUIRED"],
    ["-L -c --timeout", "OPTIONS_EXCLUDE"],
    ["-L -c --stats", "OPTIONS_EXCLUDE"],
    ["-L --daemon --persistent-conn", "OPTIONS_EXCLUDE"],
  ])("%s is %s", (line, code) => {
    expect(new Set(parseRules(line).problems.map((problem) => problem.code))).toEqual(new Set([code]));
  });

  it("is not asked for more where an option was misspelt", () => {
    expect(parseRules("-A --tcp-serv 10.0.0.9:80").problems.map(({ code }) => code)).toEqual(["UNKNOWN_OPTION_MEANT"]);
  });
});

describe("the options of a tunnel are those of ipvsadm's matrix", () => {
  const tunnels = ["--tun-nocsum", "--tun-csum", "--tun-remcsum", "--tun-port 6080"];
  test.each([
    ["-i", []],
    ["-i --tun-type ipip", []],
    ["-i --tun-type gre", ["--tun-nocsum", "--tun-csum"]],
    ["-i --tun-type gue --tun-port 1", ["--tun-nocsum", "--tun-csum", "--tun-remcsum"]],
    ["-i --tun-type gue", ["--tun-port 6080"]],
    ["-m", []],
    ["-g", []],
    ["", []],
  ])("%s", (forward, allowed) => {
    const line = (option: string) => `-a -t 10.0.0.9:80 -r 10.1.0.1 ${forward} ${option}`;
    expect(tunnels.filter((option) => parseRules(line(option)).problems.length === 0).sort()).toEqual(
      [...allowed].sort(),
    );
  });
});
