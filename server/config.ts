import { BlockList } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parseAddress } from "#domain/address";
import { addressRanges, isLoopback } from "./address-ranges.ts";

/** What the two processes are told, from the environment or from a flag of the same name (LISTEN, --listen). */
export interface Config {
  listen: { host: string; port: number };
  /** the pair that web serves TLS with, PEM; null: plain HTTP */
  tls: { certFile: string; keyFile: string } | null;
  /** proxies whose X-Forwarded-For is believed; `rules` is empty when there are none */
  trustedProxies: BlockList;
  /** who web becomes when `start` runs as root; null: an account that `start` chooses */
  webUser: { name: string } | { uid: number; gid: number | null } | null;
  director: "auto" | "kernel" | "simulated";
  /** the network namespace whose table is directed; null: the one that the director is started in */
  netns: string | null;
  stateDir: string;
  runtimeDir: string;
  /** names and addresses besides loopback that browsers may use */
  allowedHosts: string[];
  sampleMs: number;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  /** seed of the simulated director, and the size of its table as SERVICESxSERVERS instead of the usual one */
  simulatedSeed: number;
  simulatedTable: { services: number; servers: number } | null;
  /** whether the simulated kernel is one with FULLNAT and local addresses */
  simulatedFullnat: boolean;
  /** about so many connections in it, and so many of them read a second; null: as its traffic makes them, as fast as it goes */
  simulatedConnections: number | null;
  simulatedRowsPerSecond: number | null;
}

/** A setting that cannot be used; `message` is a sentence for the person who wrote it. */
export class ConfigError extends Error {}

/** Every setting, as the environment calls it. */
export const settingNames = [
  "LISTEN",
  "TLS_CERT",
  "TLS_KEY",
  "TRUST_PROXY",
  "WEB_USER",
  "DIRECTOR",
  "NETNS",
  "STATE_DIR",
  "RUNTIME_DIR",
  "ALLOWED_HOSTS",
  "SAMPLE_MS",
  "LOG_LEVEL",
  "SIMULATED_SEED",
  "SIMULATED_TABLE",
  "SIMULATED_FULLNAT",
  "SIMULATED_CONNECTIONS",
  "SIMULATED_ROWS_PER_SECOND",
] as const;
type Name = (typeof settingNames)[number];

/** Numbers that chown(2) takes and that are not root's; the last one means "leave it" to the kernel. */
const isAccountNumber = (id: number) => id > 0 && id < 4_294_967_295;

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const checks = {
  LISTEN: {
    schema: z.string().transform((text, ctx) => {
      const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
      const port = Number(match?.[3]);
      const name = match?.[1] ?? match?.[2] ?? "";
      const host = name === "localhost" ? name : parseAddress(name)?.text;
      if (host === undefined || port > 65_535) {
        ctx.addIssue({ code: "custom", message: "" });
        return z.NEVER;
      }
      return { host, port };
    }),
    want: "an address of this machine and a port, such as 127.0.0.1:3000, 0.0.0.0:3000 or [::]:3000",
  },
  TLS_CERT: { schema: z.string().startsWith("/"), want: "an absolute path of a PEM file" },
  TLS_KEY: { schema: z.string().startsWith("/"), want: "an absolute path of a PEM file" },
  TRUST_PROXY: {
    schema: z.string().transform((text, ctx) => {
      const ranges = addressRanges(words(text));
      if (ranges !== null && ranges.rules.length > 0) return ranges;
      ctx.addIssue({ code: "custom", message: "" });
      return z.NEVER;
    }),
    want: "addresses or ranges of proxies, separated by commas, such as 10.0.0.1, 2001:db8::/64",
  },
  WEB_USER: {
    schema: z.string().transform((text, ctx) => {
      const numbers = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(text);
      const [uid, gid] = [numbers?.[1], numbers?.[2]].map((word) => (word === undefined ? null : Number(word)));
      if (typeof uid === "number" && isAccountNumber(uid) && (gid == null || isAccountNumber(gid)))
        return { uid, gid: gid ?? null };
      if (numbers === null && /^[A-Za-z_][\w.-]{0,31}\$?$/.test(text) && text !== "root") return { name: text };
      ctx.addIssue({ code: "custom", message: "" });
      return z.NEVER;
    }),
    want: "the name of a user other than root, or numbers as UID or UID:GID, neither of them 0",
  },
  DIRECTOR: { schema: z.enum(["auto", "kernel", "simulated"]), want: "auto, kernel or simulated" },
  NETNS: {
    schema: z.string().startsWith("/"),
    want: "an absolute path of a network namespace, such as /run/netns/NAME",
  },
  STATE_DIR: { schema: z.string().startsWith("/"), want: "an absolute path" },
  RUNTIME_DIR: {
    schema: z.string().startsWith("/").max(90),
    want: "an absolute path of at most 90 characters (a socket is made in it)",
  },
  ALLOWED_HOSTS: {
    schema: z
      .string()
      .transform(words)
      .pipe(
        z.array(
          z
            .string()
            .regex(/^[A-Za-z0-9.:_-]+$/)
            .transform((host) => host.toLowerCase()),
        ),
      ),
    want: "host names or addresses without ports, separated by commas",
  },
  SAMPLE_MS: { schema: wholeNumber(200, 60_000), want: "milliseconds from 200 to 60000" },
  LOG_LEVEL: {
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    want: "trace, debug, info, warn, error, fatal or silent",
  },
  SIMULATED_SEED: { schema: wholeNumber(0, 4_294_967_295), want: "a whole number from 0 to 4294967295" },
  SIMULATED_TABLE: {
    schema: z
      .string()
      .regex(/^\d{1,5}x\d{1,4}$/)
      .transform((text) => text.split("x").map(Number))
      .transform(([services = 0, servers = 0]) => ({ services, servers })),
    want: "services and servers for each, such as 1000x10",
  },
  SIMULATED_FULLNAT: { schema: z.enum(["0", "1"]), want: "0 or 1" },
  SIMULATED_CONNECTIONS: { schema: wholeNumber(1, 5_000_000), want: "a number of connections from 1 to 5000000" },
  SIMULATED_ROWS_PER_SECOND: { schema: wholeNumber(100, 10_000_000), want: "rows a second from 100 to 10000000" },
} as const;

/**
 * Reads flags and environment. Throws ConfigError naming the setting, what it was and what it should be.
 *
 * @param uid of who runs this: root's folders are the system's
 */
export function readConfig(
  args: string[],
  env: Record<string, string | undefined>,
  uid: number | undefined = process.getuid?.(),
): Config {
  const given = { ...env, ...flagsOf(args) };
  const get = <N extends Name>(name: N): z.infer<(typeof checks)[N]["schema"]> | undefined => {
    const text = given[name];
    if (text === undefined || text === "") return undefined;
    const parsed = checks[name].schema.safeParse(text);
    if (parsed.success) return parsed.data as z.infer<(typeof checks)[N]["schema"]>;
    throw new ConfigError(`${name} is "${text}"; it must be ${checks[name].want}.`);
  };
  const stateDir = get("STATE_DIR") ?? env["STATE_DIRECTORY"] ?? stateHome(env, uid);
  const listen = get("LISTEN") ?? { host: "127.0.0.1", port: 3000 };
  const tls = tlsPair(get("TLS_CERT"), get("TLS_KEY"));
  const trustedProxies = get("TRUST_PROXY");
  if (!isLoopback(listen.host) && tls === null && trustedProxies === undefined) {
    throw new ConfigError(
      `LISTEN is "${given["LISTEN"]}", which others on the network can reach, and passwords would cross it unencrypted. ` +
        "Give TLS_CERT and TLS_KEY, or TRUST_PROXY with the address of the proxy in front that speaks TLS, or listen on 127.0.0.1.",
    );
  }
  return {
    listen,
    tls,
    trustedProxies: trustedProxies ?? new BlockList(),
    webUser: get("WEB_USER") ?? null,
    director: get("DIRECTOR") ?? "auto",
    netns: get("NETNS") ?? null,
    stateDir,
    runtimeDir: get("RUNTIME_DIR") ?? env["RUNTIME_DIRECTORY"] ?? runtimeHome(env, stateDir, uid),
    allowedHosts: get("ALLOWED_HOSTS") ?? [],
    sampleMs: get("SAMPLE_MS") ?? 1000,
    logLevel: get("LOG_LEVEL") ?? "info",
    simulatedSeed: get("SIMULATED_SEED") ?? 1,
    simulatedTable: get("SIMULATED_TABLE") ?? null,
    simulatedFullnat: get("SIMULATED_FULLNAT") === "1",
    simulatedConnections: get("SIMULATED_CONNECTIONS") ?? null,
    simulatedRowsPerSecond: get("SIMULATED_ROWS_PER_SECOND") ?? null,
  };
}

function flagsOf(args: string[]): Partial<Record<Name, string>> {
  const flagName = (name: Name) => name.toLowerCase().replaceAll("_", "-");
  const options = Object.fromEntries(settingNames.map((name) => [flagName(name), { type: "string" as const }]));
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  return Object.fromEntries(
    settingNames.flatMap((name) =>
      values[flagName(name)] === undefined ? [] : [[name, String(values[flagName(name)])]],
    ),
  );
}

function tlsPair(certFile: string | undefined, keyFile: string | undefined): Config["tls"] {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile === undefined && keyFile === undefined) return null;
  const [there, missing] = certFile === undefined ? ["TLS_KEY", "TLS_CERT"] : ["TLS_CERT", "TLS_KEY"];
  throw new ConfigError(`${there} is set and ${missing} is not; TLS needs both, or neither for plain HTTP.`);
}

/** Root's own home is closed to others, and web, which runs as another user then, has a folder in it. */
function stateHome(env: Record<string, string | undefined>, uid: number | undefined): string {
  if (uid === 0) return "/var/lib/ipvs-console";
  return join(env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state"), "ipvs-console");
}

function runtimeHome(env: Record<string, string | undefined>, stateDir: string, uid: number | undefined): string {
  if (uid === 0) return "/run/ipvs-console";
  return env["XDG_RUNTIME_DIR"] ? join(env["XDG_RUNTIME_DIR"], "ipvs-console") : join(stateDir, "run");
}
