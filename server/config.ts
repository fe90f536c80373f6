import { isIPv4 } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

/** What the two processes are told, from the environment or from a flag of the same name (LISTEN, --listen). */
export interface Config {
  listen: { host: string; port: number };
  director: "auto" | "kernel" | "simulated";
  stateDir: string;
  runtimeDir: string;
  /** names and addresses besides loopback that browsers may use */
  allowedHosts: string[];
  sampleMs: number;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  /** seed of the simulated director, and the size of its table as SERVICESxSERVERS instead of the usual one */
  simulatedSeed: number;
  simulatedTable: { services: number; servers: number } | null;
}

/** A setting that cannot be used; `message` is a sentence for the person who wrote it. */
export class ConfigError extends Error {}

const names = [
  "LISTEN",
  "DIRECTOR",
  "STATE_DIR",
  "RUNTIME_DIR",
  "ALLOWED_HOSTS",
  "SAMPLE_MS",
  "LOG_LEVEL",
  "SIMULATED_SEED",
  "SIMULATED_TABLE",
] as const;
type Name = (typeof names)[number];

const isLoopback = (host: string) =>
  host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const checks = {
  LISTEN: {
    schema: z.string().transform((text, ctx) => {
      const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
      const port = Number(match?.[3]);
      const host = match?.[1] ?? match?.[2] ?? "";
      // Nobody logs in yet: whoever reaches the port may do everything.
      if (!isLoopback(host) || port > 65_535) {
        ctx.addIssue({ code: "custom", message: "" });
        return z.NEVER;
      }
      return { host, port };
    }),
    want: "a loopback address and a port, such as 127.0.0.1:3000 or [::1]:3000 (nobody logs in yet, so it listens no further)",
  },
  DIRECTOR: { schema: z.enum(["auto", "kernel", "simulated"]), want: "auto, kernel or simulated" },
  STATE_DIR: { schema: z.string().startsWith("/"), want: "an absolute path" },
  RUNTIME_DIR: {
    schema: z.string().startsWith("/").max(90),
    want: "an absolute path of at most 90 characters (a socket is made in it)",
  },
  ALLOWED_HOSTS: {
    schema: z
      .string()
      .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ""))
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
} as const;

/** Reads flags and environment. Throws ConfigError naming the setting, what it was and what it should be. */
export function readConfig(args: string[], env: Record<string, string | undefined>): Config {
  const given = { ...env, ...flagsOf(args) };
  const get = <N extends Name>(name: N): z.infer<(typeof checks)[N]["schema"]> | undefined => {
    const text = given[name];
    if (text === undefined || text === "") return undefined;
    const parsed = checks[name].schema.safeParse(text);
    if (parsed.success) return parsed.data as z.infer<(typeof checks)[N]["schema"]>;
    throw new ConfigError(`${name} is "${text}"; it must be ${checks[name].want}.`);
  };
  const stateDir = get("STATE_DIR") ?? env["STATE_DIRECTORY"] ?? stateHome(env);
  return {
    listen: get("LISTEN") ?? { host: "127.0.0.1", port: 3000 },
    director: get("DIRECTOR") ?? "auto",
    stateDir,
    runtimeDir: get("RUNTIME_DIR") ?? env["RUNTIME_DIRECTORY"] ?? runtimeHome(env, stateDir),
    allowedHosts: get("ALLOWED_HOSTS") ?? [],
    sampleMs: get("SAMPLE_MS") ?? 1000,
    logLevel: get("LOG_LEVEL") ?? "info",
    simulatedSeed: get("SIMULATED_SEED") ?? 1,
    simulatedTable: get("SIMULATED_TABLE") ?? null,
  };
}

function flagsOf(args: string[]): Partial<Record<Name, string>> {
  const flagName = (name: Name) => name.toLowerCase().replaceAll("_", "-");
  const options = Object.fromEntries(names.map((name) => [flagName(name), { type: "string" as const }]));
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
  return Object.fromEntries(
    names.flatMap((name) => (values[flagName(name)] === undefined ? [] : [[name, String(values[flagName(name)])]])),
  );
}

function stateHome(env: Record<string, string | undefined>): string {
  return join(env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state"), "ipvs-console");
}

function runtimeHome(env: Record<string, string | undefined>, stateDir: string): string {
  if (process.getuid?.() === 0) return "/run/ipvs-console";
  return env["XDG_RUNTIME_DIR"] ? join(env["XDG_RUNTIME_DIR"], "ipvs-console") : join(stateDir, "run");
}
