import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const env = { HOME: "/home/op" };

describe("readConfig", () => {
  test("what nobody sets", () => {
    expect(readConfig([], env)).toMatchObject({
      listen: { host: "127.0.0.1", port: 3000 },
      director: "auto",
      stateDir: "/home/op/.local/state/ipvs-console",
      allowedHosts: [],
      sampleMs: 1000,
    });
    expect(readConfig([], { ...env, XDG_STATE_HOME: "/x" }).stateDir).toBe("/x/ipvs-console");
    expect(readConfig([], { ...env, STATE_DIRECTORY: "/var/lib/c", RUNTIME_DIRECTORY: "/run/c" })).toMatchObject({
      stateDir: "/var/lib/c",
      runtimeDir: "/run/c",
    });
  });

  test("a flag wins over the environment", () => {
    expect(
      readConfig(["--listen", "[::1]:80", "--sample-ms=500"], { ...env, LISTEN: "127.0.0.1:1", SAMPLE_MS: "900" }),
    ).toMatchObject({
      listen: { host: "::1", port: 80 },
      sampleMs: 500,
    });
  });

  test("names of hosts are split and lower-cased", () => {
    expect(readConfig([], { ...env, ALLOWED_HOSTS: "LB1.example, 10.0.0.1" }).allowedHosts).toEqual([
      "lb1.example",
      "10.0.0.1",
    ]);
  });

  test.each([
    ["LISTEN", "3000"],
    ["LISTEN", "0.0.0.0:3000"],
    ["LISTEN", "[::]:3000"],
    ["LISTEN", "127.0.0.1.example:3000"],
    ["LISTEN", "127.0.0.1:99999"],
    ["DIRECTOR", "kernal"],
    ["STATE_DIR", "state"],
    ["RUNTIME_DIR", `/${"x".repeat(100)}`],
    ["ALLOWED_HOSTS", "http://x"],
    ["SAMPLE_MS", "1"],
    ["SAMPLE_MS", "1e3"],
    ["LOG_LEVEL", "loud"],
    ["SIMULATED_TABLE", "10"],
  ])("%s=%s is refused with the setting, its value and what would be right", (name, value) => {
    expect(() => readConfig([], { ...env, [name]: value })).toThrow(ConfigError);
    // A string is looked for as it stands.
    expect(() => readConfig([], { ...env, [name]: value })).toThrow(`${name} is "${value}"; it must be `);
  });

  test("an unknown flag is refused", () => {
    expect(() => readConfig(["--lisen", "x"], env)).toThrow(ConfigError);
  });
});
