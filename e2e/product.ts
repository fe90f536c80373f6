import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment } from "./inherited.ts";
import { letWebIn } from "./let-web-in.ts";

/** One `sample` line of a process's log. */
export interface SampleLine {
  busyMs: number;
  cpuMs: number;
  rows: number;
  tookMs?: number;
  mainMs?: number;
  tabs?: number;
}

export interface RunningProcess {
  child: ChildProcess;
  /** every sample logged so far */
  samples: SampleLine[];
  /** wall milliseconds from SIGTERM to the end */
  stop(): Promise<number>;
}

const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));

/** Starts `director` or `web` with state and socket in `folder`, behind the words of `wrapper` if any, and waits until it says it is ready. */
export async function startProcess(
  verb: "director" | "web",
  folder: string,
  env: Record<string, string>,
  wrapper: readonly string[] = [],
): Promise<RunningProcess> {
  if (verb === "web") letWebIn(folder);
  const [program = "", ...args] = [...wrapper, process.execPath, cli, verb];
  const child = spawn(program, args, {
    env: {
      ...inheritedEnvironment(),
      STATE_DIR: `${folder}/state`,
      RUNTIME_DIR: `${folder}/run`,
      LOG_LEVEL: "debug",
      ...env,
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const samples: SampleLine[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
    lines.on("line", (line) => {
      const entry = parse(line);
      if (entry?.["msg"] === "sample") samples.push(entry as unknown as SampleLine);
      else if (entry?.["msg"] === "directing" || entry?.["msg"] === "listening") resolve();
      else if (entry === null || Number(entry["level"]) >= 40) process.stderr.write(`${line}\n`);
    });
    child.once("exit", (code) => reject(new Error(`${verb} ended with ${code} before it was ready`)));
  });
  await ready;
  const stop = async () => {
    const startedMs = performance.now();
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    return performance.now() - startedMs;
  };
  return { child, samples, stop };
}

/** A new folder for a product's state and socket. */
export const productFolder = (): string => mkdtempSync(join(tmpdir(), "ipvs-e2e-"));

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** Two processes; when one of them does not start, the other is not left behind. */
export async function startBoth(
  ...starting: [Promise<RunningProcess>, Promise<RunningProcess>]
): Promise<[RunningProcess, RunningProcess]> {
  const started = await Promise.allSettled(starting);
  const [director, web] = started;
  if (director.status === "fulfilled" && web.status === "fulfilled") return [director.value, web.value];
  for (const outcome of started) if (outcome.status === "fulfilled") await outcome.value.stop();
  throw started.find((outcome) => outcome.status === "rejected")?.reason;
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
