import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Frame } from "#server/director/frames";
import { RemoteDirector } from "#server/director/remote";
import { inheritedEnvironment } from "./inherited.ts";
import { type RunningProcess, startProcess } from "./product.ts";

let folder: string;
let director: RunningProcess;
let remote: RemoteDirector;

const start = async () => {
  director = await startProcess("director", folder, { DIRECTOR: "simulated" });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "director-"));
  await start();
  remote = new RemoteDirector(join(folder, "run", "director.sock"));
});
afterEach(async () => {
  await remote.close();
  if (director.child.exitCode === null && director.child.signalCode === null) await director.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Frames as they come, until the test ends the stream or the director does. */
function stream(): { frames: Frame[]; failure: Promise<unknown>; end: () => void } {
  const ending = new AbortController();
  const frames: Frame[] = [];
  const failure = (async () => {
    for await (const frame of remote.samples("test", ending.signal)) frames.push(frame);
  })().catch((error: unknown) => error);
  return { frames, failure, end: () => ending.abort() };
}

async function until(what: string, happened: () => boolean): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (happened()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never happened: ${what}`);
}

async function kill(): Promise<void> {
  const ended = once(director.child, "exit");
  director.child.kill("SIGKILL");
  await ended;
}

describe("the director process", () => {
  test("samples come at once and then about one a second; the folder and the socket are for its own and web's group", async () => {
    const { frames, end } = stream();
    await until("three frames", () => frames.length >= 3);
    end();
    expect(frames[0]?.header).toMatchObject({ full: true });
    expect(frames[0]?.header.upserted.length).toBeGreaterThan(10);
    expect(frames.slice(1).every(({ header }) => !header.full && header.upserted.length === 0)).toBe(true);
    expect(statSync(join(folder, "run", "director.sock")).mode & 0o777).toBe(0o660);
    expect(statSync(join(folder, "state", "director")).mode & 0o777).toBe(0o700);
  });

  test("SIGTERM ends it with streams open, and the socket is gone", async () => {
    const streams = Array.from({ length: 50 }, stream);
    await until("every stream has the table", () => streams.every(({ frames }) => frames.length > 0));
    const ended = once(director.child, "exit");
    await director.stop();
    expect((await ended)[0]).toBe(0);
    for (const { failure } of streams) expect(await failure).toMatchObject({ code: "UNREACHABLE" });
    expect(existsSync(join(folder, "run", "director.sock"))).toBe(false);
  });

  test("SIGTERM, or a parent that goes, while it begins ends it as cleanly", async () => {
    const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));
    const socket = join(folder, "early", "director.sock");
    for (const interrupt of [
      (child: ChildProcess) => child.kill("SIGTERM"),
      (child: ChildProcess) => child.disconnect(),
    ]) {
      const args = [
        cli,
        "director",
        "--director=simulated",
        `--state-dir=${folder}/early`,
        `--runtime-dir=${folder}/early`,
      ];
      const child = spawn(process.execPath, args, {
        env: inheritedEnvironment(),
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      const ended = once(child, "exit");
      // Not a moment is given it between its socket and whatever it does next.
      const giveUpMs = performance.now() + 15_000;
      while (!existsSync(socket) && performance.now() < giveUpMs);
      interrupt(child);
      expect(await ended).toEqual([0, null]);
      expect(existsSync(socket)).toBe(false);
    }
  });

  test("a second one is refused with a sentence and ends with 1; the first goes on", async () => {
    const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));
    const env = {
      ...inheritedEnvironment(),
      DIRECTOR: "simulated",
      STATE_DIR: join(folder, "state"),
      RUNTIME_DIR: join(folder, "run"),
    };
    const second = spawn(process.execPath, [cli, "director"], { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    second.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const [status] = await once(second, "exit");
    expect(status).toBe(1);
    expect(said).toContain("another director already answers on");
    expect((await remote.status()).kind).toBe("simulated");
  });

  test("killed with -9: clients see UNREACHABLE, and a new one starts on the same socket", async () => {
    const { frames, failure } = stream();
    await until("a frame", () => frames.length > 0);
    await kill();
    expect(await failure).toMatchObject({ code: "UNREACHABLE" });
    await expect(remote.table()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await start();
    expect((await remote.table()).length).toBeGreaterThan(3);
  });
});
