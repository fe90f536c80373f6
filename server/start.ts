import { type ChildProcess, spawn } from "node:child_process";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { type Config, ConfigError } from "./config.ts";
import { directorNodeFlags } from "./director/node-flags.ts";
import { createLog } from "./log.ts";
import { renewCertificate, type WebProcess, webProcess } from "./privileges.ts";

const restartMs = 1000;

/** A process that lived this long has started: when it ends later, that is no fault of its settings. */
const startedMs = 5000;

type Verb = "director" | "web";

/**
 * Starts director and web as two processes, prints the link, starts either again when it dies, and stops both when told to. As root
 * the director keeps its rights and web has none from its first instruction on (privileges.ts). SIGHUP makes web read its certificate anew.
 * Rejects with ConfigError when web cannot be started as somebody else.
 */
export async function runStart(config: Config, args: string[]): Promise<void> {
  const log = createLog("start", config.logLevel);
  const running = new Map<Verb, ChildProcess>();
  const haveStarted = new Set<Verb>();
  const hasTerminal = isatty(0);
  let stopping = false;

  const begin = (verb: Verb, started: ChildProcess): void => {
    const beganMs = performance.now();
    running.set(verb, started);
    started.on("message", (message) => {
      const url = (message as { listening?: unknown }).listening;
      if (typeof url === "string") process.stdout.write(`Open ${url}\n`);
      haveStarted.add(verb);
    });
    started.on("error", (error) => {
      log.error({ verb, err: error }, "cannot be run");
      if (started.pid === undefined) ended(verb, 1, null, 0);
    });
    started.on("exit", (code, signal) => ended(verb, code, signal, performance.now() - beganMs));
  };

  const ended = (verb: Verb, code: number | null, signal: NodeJS.Signals | null, livedMs: number): void => {
    running.delete(verb);
    if (stopping) return;
    if (livedMs >= startedMs) haveStarted.add(verb);
    if (code !== null && code !== 0 && !haveStarted.has(verb)) {
      // It said why on stderr; starting it again would only say so again.
      stop(code);
      return;
    }
    log.warn({ verb, code, signal }, "ended, starting it again");
    const again = () => {
      if (stopping) return;
      try {
        begin(verb, verb === "web" ? startWeb(webProcess(config, args)) : startDirector(args));
      } catch (error) {
        log.error({ verb, err: error }, "cannot be started again yet");
        setTimeout(again, restartMs);
      }
    };
    setTimeout(again, restartMs);
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

  const web = webProcess(config, args);
  const reload = (): void => {
    // A terminal that was closed sends this as well, and means the end.
    if (config.tls === null || (hasTerminal && !isatty(0))) {
      stop(0);
      return;
    }
    try {
      if (web.account) renewCertificate(config, web.account);
      running.get("web")?.kill("SIGHUP");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.error({ reason: error.message }, "the new certificate cannot be used, the former one stays");
    }
  };

  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  process.on("SIGHUP", reload);
  if (web.account) log.info({ ...web.account, code: web.cwd }, "web runs as a user of its own");
  begin("director", startDirector(args));
  begin("web", startWeb(web));
}

const output = ["ignore", "inherit", "inherit", "ipc"] as const;

function startDirector(args: string[]): ChildProcess {
  const cli = fileURLToPath(new URL("./cli.mjs", import.meta.url));
  return spawn(process.execPath, [...directorNodeFlags, cli, "director", ...args], { stdio: [...output] });
}

/** With uid and gid, libuv also drops every other group, before the program's first instruction. */
function startWeb({ program, args, cwd, env, account }: WebProcess): ChildProcess {
  return spawn(program, args, {
    ...{ cwd, env, stdio: [...output] },
    ...(account && { uid: account.uid, gid: account.gid }),
  });
}
