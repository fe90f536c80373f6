import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Config } from "./config.ts";
import { createLog } from "./log.ts";

const restartMs = 1000;

/** Starts director and web as two processes, prints the link, starts either again when it dies, and stops both when told to. */
export async function runStart(config: Config, args: string[]): Promise<void> {
  const log = createLog("start", config.logLevel);
  const running = new Map<string, ChildProcess>();
  let stopping = false;

  const begin = (verb: "director" | "web"): void => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [fileURLToPath(new URL("./cli.mjs", import.meta.url)), verb, ...args], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    running.set(verb, child);
    child.on("message", (message) => {
      const url = (message as { listening?: unknown }).listening;
      if (typeof url === "string") process.stdout.write(`Open ${url}\n`);
    });
    child.on("exit", (code, signal) => {
      running.delete(verb);
      if (stopping) return;
      if (code !== null && code !== 0 && performance.now() - startedMs < 5000) {
        // It said why on stderr; starting it again would only say so again.
        stop(code);
        return;
      }
      log.warn({ verb, code, signal }, "ended, starting it again");
      setTimeout(() => !stopping && begin(verb), restartMs);
    });
  };

  const stop = (status: number): void => {
    if (stopping) return;
    stopping = true;
    for (const child of running.values()) child.kill("SIGTERM");
    const waiting = setInterval(() => running.size === 0 && process.exit(status), 20);
    setTimeout(() => {
      clearInterval(waiting);
      for (const child of running.values()) child.kill("SIGKILL");
      process.exit(status || 1);
    }, 1900);
  };

  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  begin("director");
  begin("web");
}
