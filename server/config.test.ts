import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const env = { HOME: "/home/op" };

const user = 1000;

describe("readConfig", () => {
  test("what nobody sets", () => {
    expect(readConfig([], env, user)).toMatchObject({
      listen: { host: "127.0.0.1", port: 3000 },
      director: "auto",
      stateDir: "/home/op/.local/state/ipvs-console",
      allowedHosts: [],
      sampleMs: 1000,
    });
    expect(readConfig([], { ...env, XDG_STATE_HOME: "/x" }, user).stateDir).toBe("/x/ipvs-console");
    expect(readConfig([], { ...env, STATE_DIRECTORY: "/var/lib/c", RUNTIME_DIRECTORY: "/run/c" }, user)).toMatchObject({
      stateDir: "/var/lib/c",
      runtimeDir: "/run/c",
    });
  });

  test("a flag wins over the environment", () => {
    expect(
      readConfig(
        ["--listen", "[::1]:80", "--sample-ms=500"],
        { ...env, LISTEN: "127.0.0.1:1", SAMPLE_MS: "900" },
        user,
      ),
    ).toMatchObject({
      listen: { host: "::1", port: 80 },
      sampleMs: 500,
    });
  });

  test("names of hosts are split and lower-cased", () => {
    expect(readConfig([], { ...env, ALLOWED_HOSTS: "LB1.example, 10.0.0.1" }, user).allowedHosts).toEqual([
      "lb1.example",
      "10.0.0.1",
    ]);
  });

  test.each([
    ["LISTEN", "3000"],
    ["LISTEN", "[::g]:3000"],
    ["LISTEN", ":3000"],
    ["LISTEN", "lb1.example:3000"],
    ["LISTEN", "127.0.0.1.example:3000"],
    ["LISTEN", "127.0.0.1:99999"],
    ["TLS_CERT", "cert.pem"],
    ["TLS_KEY", "key.pem"],
    ["TRUST_PROXY", "proxy.example"],
    ["TRUST_PROXY", "10.0.0.1/33"],
    ["TRUST_PROXY", "0.0.0.0/0"],
    ["TRUST_PROXY", ","],
    ["WEB_USER", "root"],
    ["WEB_USER", "0"],
    ["WEB_USER", "1000:0"],
    ["WEB_USER", "4294967295"],
    ["WEB_USER", "a b"],
    ["DIRECTOR", "kernal"],
    ["STATE_DIR", "state"],
    ["RUNTIME_DIR", `/${"x".repeat(100)}`],
    ["ALLOWED_HOSTS", "http://x"],
    ["SAMPLE_MS", "1"],
    ["SAMPLE_MS", "1e3"],
    ["LOG_LEVEL", "loud"],
    ["SIMULATED_TABLE", "10"],
    ["SIMULATED_CONNECTIONS", "0"],
    ["SIMULATED_ROWS_PER_SECOND", "fast"],
  ])("%s=%s is refused with the setting, its value and what would be right", (name, value) => {
    expect(() => readConfig([], { ...env, [name]: value }, user)).toThrow(ConfigError);
    // A string is looked for as it stands.
    expect(() => readConfig([], { ...env, [name]: value }, user)).toThrow(`${name} is "${value}"; it must be `);
  });

  test("root's folders are the system's: its home is closed to the user that web becomes", () => {
    const root = { ...env, XDG_STATE_HOME: "/root/state", XDG_RUNTIME_DIR: "/run/user/0" };
    expect(readConfig([], root, 0)).toMatchObject({
      stateDir: "/var/lib/ipvs-console",
      runtimeDir: "/run/ipvs-console",
    });
    expect(readConfig([], { ...root, STATE_DIR: "/s", RUNTIME_DIR: "/r" }, 0)).toMatchObject({
      stateDir: "/s",
      runtimeDir: "/r",
    });
  });

  test.each(["0.0.0.0:3000", "[::]:3000", "192.0.2.7:3000", "[2001:db8::7]:3000", "[::ffff:10.0.0.1]:3000"])(
    "%s is beyond this machine: refused in words, and allowed with TLS or a proxy in front",
    (LISTEN) => {
      expect(() => readConfig([], { ...env, LISTEN }, user)).toThrow(ConfigError);
      expect(() => readConfig(["--listen", LISTEN], env, user)).toThrow(
        `LISTEN is "${LISTEN}", which others on the network can reach, and passwords would cross it unencrypted. Give TLS_CERT and TLS_KEY, or TRUST_PROXY `,
      );
      const pair = { TLS_CERT: "/c", TLS_KEY: "/k" };
      expect(readConfig([], { ...env, LISTEN, ...pair }, user)).toMatchObject({
        listen: { port: 3000 },
        tls: { certFile: "/c", keyFile: "/k" },
      });
      expect(readConfig([], { ...env, LISTEN, TRUST_PROXY: "10.0.0.1" }, user)).toMatchObject({ tls: null });
    },
  );

  test.each(["127.0.0.1:0", "127.9.9.9:80", "localhost:80", "[::1]:80", "[0::1]:80"])("%s needs neither", (LISTEN) => {
    expect(readConfig([], { ...env, LISTEN }, user)).toMatchObject({ tls: null });
  });

  test("one file of a pair is refused with the name of the other", () => {
    expect(() => readConfig([], { ...env, TLS_CERT: "/c" }, user)).toThrow("TLS_CERT is set and TLS_KEY is not");
    expect(() => readConfig([], { ...env, TLS_KEY: "/k" }, user)).toThrow("TLS_KEY is set and TLS_CERT is not");
  });

  test("proxies of both families, as addresses and as ranges", () => {
    const { trustedProxies } = readConfig([], { ...env, TRUST_PROXY: "10.0.0.1, 172.16.0.0/12,2001:db8::/64" }, user);
    expect(trustedProxies.check("10.0.0.1", "ipv4")).toBe(true);
    expect(trustedProxies.check("10.0.0.2", "ipv4")).toBe(false);
    expect(trustedProxies.check("172.31.255.255", "ipv4")).toBe(true);
    expect(trustedProxies.check("2001:db8::9", "ipv6")).toBe(true);
    expect(trustedProxies.check("2001:db8:0:1::9", "ipv6")).toBe(false);
    expect(readConfig([], env, user).trustedProxies.rules).toEqual([]);
  });

  test("who web becomes", () => {
    const webUser = (WEB_USER: string) => readConfig([], { ...env, WEB_USER }, user).webUser;
    expect(webUser("www-data")).toEqual({ name: "www-data" });
    expect(webUser("33")).toEqual({ uid: 33, gid: null });
    expect(webUser("33:44")).toEqual({ uid: 33, gid: 44 });
    expect(readConfig([], env, user).webUser).toBeNull();
  });

  test("an unknown flag is refused", () => {
    expect(() => readConfig(["--lisen", "x"], env, user)).toThrow(ConfigError);
  });
});
