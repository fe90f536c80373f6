import { describe, expect, test } from "vitest";
import { parseEndpointPattern } from "./endpoint-pattern.ts";

const textOf = (text: string) => parseEndpointPattern(text)?.text ?? null;

describe("addresses and ports to look for", () => {
  test.each([
    ["10.0.0.1", "10.0.0.1"],
    [" 10.0.0.1 ", "10.0.0.1"],
    ["10.0.0.1/32", "10.0.0.1"],
    ["10.0.3.9/22", "10.0.0.0/22"],
    ["10.0.0.9/0", "0.0.0.0/0"],
    ["10.0.0.1:80", "10.0.0.1:80"],
    ["10.0.0.9/24:80", "10.0.0.0/24:80"],
    [":443", ":443"],
    ["2001:DB8::1", "2001:db8::1"],
    ["2001:db8::1/33", "2001:db8::/33"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["[2001:db8::1]:80", "[2001:db8::1]:80"],
    ["[2001:db8:ffff::1]/36:80", "[2001:db8:f000::/36]:80"],
    ["[2001:db8:f000::/36]:80", "[2001:db8:f000::/36]:80"],
    ["::", "::"],
  ])("%s is %s", (text, canonical) => expect(textOf(text)).toBe(canonical));

  test.each([
    "",
    " ",
    ":",
    "10.0.0",
    "10.0.0.1:",
    "10.0.0.1:65536",
    "10.0.0.1/33",
    "::1/129",
    "[]:80",
    "[::1",
    "::1]",
    "host",
    "10.0.0.1/8/8",
    "10.0.0.1/x",
    "[10.0.0.1]x",
    ":99999",
  ])("%j is none", (text) => expect(textOf(text)).toBeNull());

  test("what is canonical stays as it is", () => {
    for (const text of ["10.0.0.0/22", "[2001:db8::1]:80", "[2001:db8:f000::/36]:80", ":443"])
      expect(textOf(textOf(text) ?? "")).toBe(text);
  });

  test("the network's bytes and prefix", () => {
    expect(parseEndpointPattern("10.1.255.1/20:8080")).toEqual({
      network: { family: 4, bytes: Uint8Array.of(10, 1, 240, 0), prefix: 20 },
      port: 8080,
      text: "10.1.240.0/20:8080",
    });
  });
});
