/** The ways between host and guest, tried without a guest. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askForCommand, serveCommands } from "./command-server.mjs";
import { relay } from "./relay.mjs";

let folder;
const servers = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "relay-"));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A command server on loopback, behind a relay from a unix socket, as the lab has it. Resolves to the socket's path. */
async function commandPath() {
  const server = await serveCommands("127.0.0.1", 0);
  const path = join(folder, "command.sock");
  servers.push(server, await relay(path, `127.0.0.1:${server.address().port}`));
  return path;
}

test("a command's output, input and status come back", async () => {
  const request = { command: "sh", args: ["-c", 'cat; echo "$1" >&2; exit 7', "sh", "it's ünï"], input: "in\n" };
  expect(await askForCommand(await commandPath(), request)).toEqual({
    status: 7,
    stdout: "in\n",
    stderr: "it's ünï\n",
  });
});

test("a command that is not there or takes too long has no status", async () => {
  const path = await commandPath();
  expect(await askForCommand(path, { command: join(folder, "absent") })).toMatchObject({
    status: null,
    stderr: expect.stringContaining("ENOENT"),
  });
  expect(await askForCommand(path, { command: "sleep", args: ["60"], timeoutS: 0.2 })).toMatchObject({ status: null });
});

test("bytes that the far end sends after the near end has closed its half still arrive", async () => {
  const far = createServer({ allowHalfOpen: true }, async (socket) => socket.end((await text(socket)).toUpperCase()));
  await new Promise((resolve) => far.listen(0, "127.0.0.1", resolve));
  servers.push(far, await relay(join(folder, "far.sock"), `127.0.0.1:${far.address().port}`));
  const near = connect({ path: join(folder, "far.sock"), allowHalfOpen: true });
  near.end("x".repeat(200_000));
  expect(await text(near)).toBe("X".repeat(200_000));
});

test("a far end that nobody listens on closes the near one", async () => {
  servers.push(await relay(join(folder, "far.sock"), join(folder, "nobody.sock")));
  const near = connect({ path: join(folder, "far.sock") });
  near.on("error", () => {});
  expect(await new Promise((resolve) => near.on("close", () => resolve("closed")).resume())).toBe("closed");
});
