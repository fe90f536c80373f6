import fc from "fast-check";
import { expect, it } from "vitest";
import { parseRules } from "./parse.ts";
import { resolveNames } from "./resolve.ts";
import type { Names } from "./settle.ts";

const names: Names = {
  host: (name) => ({ web: "10.0.0.9", six: "2001:DB8:0::9", group: "224.0.0.1" })[name] ?? null,
  port: (name, protocol) => (name === "http" && protocol !== "sctp" ? 80 : null),
};
const service = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("-t", "-u", "--sctp-service"),
      fc.constantFrom(
        ...["10.0.0.9:80", "10.0.0.9", "10.9:80", "224.0.0.1:80", "0.0.0.0:80", "255.255.255.255:80", "web:http"],
        ...[
          "[2001:db8::9]:80",
          "[2001:DB8:0::9]:80",
          "[ff02::1]:80",
          "[fe80::1]:80",
          "10.0.0.9:0",
          "six:80",
          "[::]:80",
        ],
      ),
    )
    .map((words) => words.join(" ")),
  fc.constantFrom("-f 7", "-f 7 -6", "-f 0", "-f 4294967295", "-f -1"),
);
const options = fc.constantFrom(
  ...["", "-s rr", "-s sh -b sh-port", "-s sh -b flag-3", "-s mh -b flag-1,flag-2", "-s zz", "-p", "-p 300 -M 24"],
  ...["-p 300 -M 255.255.255.0", "-p 300 -M 64", "-o", "--pe sip", "--pe null", "--pe sip -p 5", "-o -s rr"],
);
const server = fc
  .tuple(
    fc.constantFrom(
      ...["10.0.0.1:80", "10.0.0.1:8080", "10.0.0.1", "10.0.0.2:80", "0.0.0.0:80", "0.0.0.1:80", "255.255.255.255:80"],
      ...[
        "224.0.0.1:80",
        "[2001:db8::1]:80",
        "[2001:0db8::1]:80",
        "[::]:80",
        "[::1]:80",
        "[::10.0.0.1]:80",
        "[ff02::1]:80",
      ],
      ...["[fe80::1]:80", "web:http", "six:http", "group:80", "10.1:80"],
    ),
    fc.constantFrom("-m", "-i", "-g", ""),
    fc.constantFrom(
      ...["", "-w 0", "-w 1", "-w 2147483647", "-x 5", "-x 5 -y 2", "-y 2", "--tun-type gue --tun-port 6080"],
      ...["--tun-type gue --tun-port 6080 --tun-csum", "--tun-type gre --tun-remcsum", "--tun-type gre"],
    ),
  )
  .map(([address, ...words]) => `-r ${address} ${words.join(" ")}`);
const command = fc.oneof(
  fc.tuple(fc.constantFrom("-A", "-E"), service, options),
  fc.tuple(fc.constantFrom("-a", "-e"), service, server),
  fc.tuple(fc.constantFrom("-D", "-Z", "-d"), service),
);
const line = fc.tuple(fc.constantFrom("", " "), command).map(([indent, words]) => indent + words.join(" "));

function read(text: string) {
  const { statements, problems, warnings } = parseRules(text);
  return { parsed: { statements, problems, warnings }, resolved: resolveNames(statements, names) };
}

it("reads each line as it would on its own, whatever was read before it", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 150, size: "max" }), (lines) => {
      const alone = lines.map((each, at) => read(`${"\n".repeat(at)}${each}`));
      const together = read(lines.join("\n"));
      for (const step of ["parsed", "resolved"] as const) {
        for (const part of ["statements", "problems", "warnings"] as const) {
          expect(together[step][part]).toEqual(alone.flatMap((each) => each[step][part] as unknown[]));
        }
      }
    }),
    { numRuns: 200 },
  );
});

it("writes what a name means as every other address, each time", () => {
  const lines = [80, 81].map((port) => `-a -t [2001:db8::1]:80 -r six:${port} -m`);
  const { statements } = read(lines.join("\n")).resolved;
  expect(statements).toMatchObject([80, 81].map((port) => ({ server: { address: "2001:db8::9", port } })));
});

/** Mostly the same, so that most lines are like one before, or like it but for one thing that matters. */
const mostly = (usual: readonly string[], odd: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
const likeServer = fc
  .tuple(
    mostly(["-a "], ["-A ", "-e ", "-E ", "-d ", "-a  ", "-at", "-a -r 10.0.0.1:80 "]),
    mostly(["-t "], ["-u ", "-t\t", "-f ", ""]),
    mostly(["10.0.0.9:80"], ["10.9.8.7:65535", "224.0.0.1:80", "10.0.0.9:0", "10.0.0.09:80", "255.255.255.255:80"]),
    mostly([" -r "], ["  -r ", " -r=", " ", "", " -r 10.0.0.1:80 -r "]),
    mostly(
      ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.255:81"],
      ["224.0.0.1:80", "0.0.0.1:80", "10.0.0.1:080", "10.0.0.1:65536", "10.0.0.1", "10.0.0.256:80", "10.0.0.1:", ""],
    ),
    mostly([" -m", " -g"], [" -i", " -m ", "", " -s rr", " -s rr -p 50"]),
    mostly([""], [" -w 2", " -w 2 -x 5", " # so", " -t 10.0.0.9:80", "x"]),
  )
  .map((parts) => parts.join(""));

const likeService = fc
  .tuple(
    mostly(["-A -t "], ["-A -u ", "-E -t ", "-A -t\t"]),
    mostly(["10.0.0.9:80", "10.0.0.8:81"], ["224.0.0.1:80", "10.0.0.9:0", "255.255.255.255:80", "10.0.0.9"]),
    mostly([" -s rr", ""], [" -s rr -p 50", " -o", " -r 10.0.0.1:80"]),
  )
  .map((parts) => parts.join(""));
const likeLine = fc.oneof({ weight: 3, arbitrary: likeServer }, { weight: 1, arbitrary: likeService });

it("reads a line that is like one before as it would on its own", () => {
  fc.assert(
    fc.property(fc.array(likeLine, { minLength: 2, maxLength: 60, size: "max" }), (lines) => {
      const alone = lines.map((each, at) => read(`${"\n".repeat(at)}${each}`));
      const together = read(lines.join("\n"));
      for (const part of ["statements", "problems", "warnings"] as const)
        expect(together.parsed[part]).toEqual(alone.flatMap((each) => each.parsed[part] as unknown[]));
    }),
    { numRuns: 300 },
  );
});
