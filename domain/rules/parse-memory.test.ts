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
