import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AlreadyRunning, listenOnSocket } from "./socket.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "socket-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const server = () => createServer((_request, response) => response.end("ok"));

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath: path, path: "/" }, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    }).on("error", reject);
  });
}

test("folder 0750, socket 0660, whatever the umask", async () => {
  const path = join(folder, "run", "director.sock");
  const mask = process.umask(0);
  const listening = server();
  await listenOnSocket(listening, path).finally(() => process.umask(mask));
  expect(statSync(path).mode & 0o777).toBe(0o660);
  expect(statSync(join(folder, "run")).mode & 0o777).toBe(0o750);
  expect(await ask(path)).toBe("ok");
  listening.close();
});

test("a socket that nobody answers on is replaced", async () => {
  const path = join(folder, "director.sock");
  const dead = createSocketServer();
  await new Promise<void>((resolve) => dead.listen(path, resolve));
  // What kill -9 leaves: the file without its listener. close() would remove the file, so it is put aside meanwhile.
  const { renameSync } = await import("node:fs");
  renameSync(path, `${path}.kept`);
  await new Promise((resolve) => dead.close(resolve));
  renameSync(`${path}.kept`, path);
  const listening = server();
  await listenOnSocket(listening, path);
  expect(await ask(path)).toBe("ok");
  listening.close();
});

test("a second one is refused with a sentence, and the first goes on", async () => {
  const path = join(folder, "director.sock");
  const first = server();
  await listenOnSocket(first, path);
  const second = server();
  await expect(listenOnSocket(second, path)).rejects.toThrow(AlreadyRunning);
  await expect(listenOnSocket(second, path)).rejects.toThrow(/another director already answers on/);
  expect(await ask(path)).toBe("ok");
  first.close();
});

test("a file that is not a socket is never removed", async () => {
  const path = join(folder, "director.sock");
  writeFileSync(path, "precious");
  await expect(listenOnSocket(server(), path)).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(statSync(path).isFile()).toBe(true);
});
