import { lineAddresses } from "./rules-corpus-addresses.ts";
import { lineSettings } from "./rules-corpus-settings.ts";
import { lineWords } from "./rules-corpus-words.ts";

/**
 * Lines for `ipvsadm -R`, good and bad, a few for each thing that it does with one. They are run on the table that `base`
 * makes, which mixes no families, or no daemon would start beside it; which of them ipvsadm takes is what ipvsadm says, not what stands here.
 */
export const base = `-A -t 10.0.0.8:80 -s rr
-a -t 10.0.0.8:80 -r 10.1.0.1:80 -m
-A -t 10.0.0.7:0 -s rr -p 60
-A -u 10.0.0.8:53 -s rr -o
-A -t [2001:db8::8]:80 -s sh -p 60 -M 64 -b sh-port
-a -t [2001:db8::8]:80 -r [2001:db8:1::1]:80 -g -w 3
-A -f 7 -s rr
-a -f 7 -r 10.1.0.1:80 -m
-A -f 7 -6 -s rr
`;

const add = "-A -t 10.0.0.9:80";
const master = "--start-daemon master --mcast-interface eth0";

/** Every option behind every command: whether they go together is ipvsadm's matrix. */
const commands = [
  "-A -t 10.0.0.9:80",
  "-E -t 10.0.0.8:80",
  "-D -t 10.0.0.8:80",
  "-C",
  "-a -t 10.0.0.8:80 -r 10.1.0.2",
  "-e -t 10.0.0.8:80 -r 10.1.0.1",
  "-d -t 10.0.0.8:80 -r 10.1.0.1",
  "-Z",
  "--set 1 2 3",
  master,
  "--stop-daemon master",
  "-S",
];
const options = [
  ...["-t 10.0.0.8:80", "-s rr", "-p", "-M 255.0.0.0", "-r 10.1.0.1", "-m", "-w 1", "-x 1", "-y 0", "-n", "-c"],
  ...["--mcast-interface eth0", "--syncid 1", "--timeout", "--daemon", "--stats", "--rate", "--thresholds"],
  ...["--persistent-conn", "--nosort", "--sort", "-X", "-6", "-o", "--pe sip", "-b flag-1", "--mcast-group 224.0.0.9"],
  ...["--mcast-port 9000", "--mcast-ttl 3", "--sync-maxlen 1000", "--tun-info", "--tun-type ipip", "--tun-port 6080"],
  ...["--tun-nocsum", "--tun-csum", "--tun-remcsum"],
];

const sections = [lineWords, lineAddresses, lineSettings];
const written = sections.flatMap((section) => Object.values(section)).flatMap((lines) => lines.split("\n").slice(1));
/** Every line once: of the combinations a third, another one with each seed, because each refusal costs a process. */
export function corpusOf(seed: number): string[] {
  const combined = commands.flatMap((command, at) =>
    options.filter((_option, number) => (at + number + seed) % 3 === 0).map((option) => `${command} ${option}`),
  );
  return [...new Set([...written, ...combined])];
}

const convenience = "people paste it, and what is meant is plain; ipvsadm refuses it";
const unicast =
  "a virtual service needs a unicast address of its own, or packets never reach it; the kernel does not check";
const elsewhere =
  "the text is right, and only the host can tell: the plan does not know its modules, interfaces and daemons";
const leaves = "ipvsadm prints and leaves with status 0, and the rules below are lost";

/** Lines that are judged differently on purpose, each with the reason. */
export const differences: readonly (readonly [line: string, reason: string])[] = [
  ["# a comment", "ipvsadm-restore and the init scripts drop comments; ipvsadm itself ends the whole restore at one"],
  ["#-A -t 10.0.0.9:80", "a comment"],
  [`${add} # the web`, convenience],
  [`sudo ipvsadm ${add}`, convenience],
  [`/sbin/ipvsadm ${add}`, convenience],
  [`/usr/sbin/ipvsadm ${add}`, convenience],
  [`$ ipvsadm ${add}`, convenience],
  [`# ipvsadm ${add}`, convenience],
  [`[root@lb1 ~]# ipvsadm ${add}`, convenience],
  [`root@lb1:~# ipvsadm ${add}`, convenience],
  [`\ufeff${add}`, "a byte order mark is no part of the text"],
  ["-A -t 0.0.0.0:80", unicast],
  ["-A -t [::]:80", unicast],
  ["-A -t 224.0.0.9:80", unicast],
  ["-A -t 255.255.255.255:80", unicast],
  ["-A -t [ff02::1]:80", unicast],
  [`${add} -s sh -b flag-3`, "sh has no third flag; ipvsadm -S would write an empty -b, which it does not read back"],
  [`${add} -s mh -b flag-3`, "mh has no third flag either"],
  [`${add} -p -M localhost`, "a host name is no mask"],
  [`${add} -s twos`, elsewhere],
  ["--start-daemon master --mcast-interface eth9", elsewhere],
  ["--stop-daemon master", elsewhere],
  ["--stop-daemon backup --syncid 3", elsewhere],
  [
    `${" ".repeat(5_000)}${add}`,
    "a line is at most 4,096 characters, so that a word cannot be longer: ipvsadm would cut it in two",
  ],
  [`${add} -p \u000b5`, "strtol skips a vertical tab that nobody can see"],
  ["-h", leaves],
  ["--help", leaves],
  ["-v", leaves],
];
