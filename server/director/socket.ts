import { chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";

/** Someone answers on the socket already; `message` says so to the person who started a second one. */
export class AlreadyRunning extends Error {}

/**
 * Listens on a unix socket: folder 0750, socket 0660, so that only the director's user and web's group reach it.
 * A socket that nobody answers on is a dead director's and is replaced. Rejects with AlreadyRunning when one answers.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  if (isSocket(path)) {
    if (await answers(path))
      throw new AlreadyRunning(
        `another director already answers on ${path}; stop it first, or give this one a RUNTIME_DIR of its own`,
      );
    rmSync(path);
  }
  const mask = process.umask(0o117);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o660);
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
