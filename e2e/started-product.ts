import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const checkout = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** What /proc/PID/status says of a process's rights. */
export interface Rights {
  uids: number[];
  gids: number[];
  groups: number[];
  /** permitted, effective and ambient, as hexadecimal digits */
  capabilities: string[];
}

/** `ipvs-console start`, and what it has printed. */
export interface StartedProduct {
  child: ChildProcess;
  /** standard output and standard error */
  output(): string;
  /** pid of one of its two processes, once there is one that has become it */
  pid(verb: "director" | "web"): number | null;
  /** wall milliseconds from SIGTERM to the end, and how it ended */
  stop(): Promise<{ tookMs: number; status: number | null }>;
}

/** Starts the product from a checkout with nothing in its environment but PATH and `env`. */
export function startProduct(env: Record<string, string>, from: string = checkout): StartedProduct {
  const child = spawn(process.execPath, [`${from}/server/cli.mjs`, "start"], {
    env: { NODE_ENV: "production", PATH: process.env["PATH"], DIRECTOR: "simulated", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return {
    child,
    output: () => output,
    pid: (verb) => childrenOf(child.pid ?? 0).find((pid) => verbOf(pid) === verb) ?? null,
    stop: async () => {
      const fromMs = performance.now();
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      }
      return { tookMs: performance.now() - fromMs, status: child.exitCode };
    },
  };
}

/** Who a process is and what it may do; null when it is gone. */
export function rightsOf(pid: number): Rights | null {
  const status = readIfThere(`/proc/${pid}/status`);
  if (status === "") return null;
  const row = (name: string) =>
    (new RegExp(`^${name}:(.*)$`, "m").exec(status)?.[1] ?? "").split(/\s+/).filter((word) => word !== "");
  return {
    ...{ uids: row("Uid").map(Number), gids: row("Gid").map(Number), groups: row("Groups").map(Number) },
    capabilities: ["CapPrm", "CapEff", "CapAmb"].flatMap(row),
  };
}

/** What follows the program's own file: in front of it Node may have words of its own. */
function verbOf(pid: number): string | undefined {
  const line = words(pid);
  return line[line.findIndex((word) => word.endsWith("/server/cli.mjs")) + 1];
}

/** The command line of a process; empty when it is gone. */
export function words(pid: number): string[] {
  return readIfThere(`/proc/${pid}/cmdline`).split("\0");
}

/** Waits until `look` finds something, up to 20 s, or until `inVain` says why it never will. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false,
  inVain: () => string | false = () => false,
): Promise<T> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 5) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    const reason = inVain();
    if (reason !== false) throw new Error(reason);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never happened: ${what}`);
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => readIfThere(`/proc/${pid}/task/${thread}/children`).split(" ").map(Number));
  } catch {
    return [];
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
