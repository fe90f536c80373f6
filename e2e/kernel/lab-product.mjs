/**
 * The product as README.md's two services run it, for the lab's guest: the director is a user with the one capability that IPVS asks for,
 * web another one with none, and neither is root.
 */
import { spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { checkout } from "./guest.mjs";

/** Numbers that no account has (systemd's UIDS-GIDS.md: 60706 to 61183 are unused). The socket between them is for web's group. */
const users = { director: { uid: 60918, gid: 60917 }, web: { uid: 60917, gid: 60917 } };

/** What setpriv(1) leaves of root's rights. Nobody gets any back: not by a program's file either. */
const rights = {
  director: ["--inh-caps=+net_admin", "--ambient-caps=+net_admin", "--bounding-set=-all,+net_admin"],
  web: ["--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"],
};

/**
 * Starts both with that environment, which names STATE_DIR and RUNTIME_DIR. Resolves to the link that web prints on a first run, once it
 * listens; rejects with a sentence when one of them ends before. `onEnd(name, status)` is called when one ends later.
 */
export async function startServices(env, onEnd) {
  const own = { director: { ...env, STATE_DIR: `${env.STATE_DIR}-director` }, web: env };
  makeFolder(own.director.STATE_DIR, 0o700, users.director);
  makeFolder(own.web.STATE_DIR, 0o700, users.web);
  makeFolder(env.RUNTIME_DIR, 0o750, users.director);
  const early = [];
  const start = (name, stdio) => {
    const { uid, gid } = users[name];
    const words = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--no-new-privs", ...rights[name]];
    const child = spawn("setpriv", [...words, "--", process.execPath, "server/cli.mjs", name], {
      ...{ cwd: checkout, stdio, env: { ...process.env, ...own[name], HOME: own[name].STATE_DIR } },
    });
    early.push(
      new Promise((_resolve, reject) => {
        child.on("error", (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
        child.on("exit", (code, signal) => {
          reject(new Error(`${name} ended (${signal ?? code}) before web listened`));
          onEnd(name, code ?? 1);
        });
      }),
    );
    return child;
  };
  start("director", ["ignore", "inherit", "inherit"]);
  const web = start("web", ["ignore", "inherit", "inherit", "ipc"]);
  const listening = new Promise((resolve) => web.on("message", (message) => resolve(message.listening)));
  return Promise.race([listening, ...early]);
}

function makeFolder(folder, mode, { uid, gid }) {
  mkdirSync(folder, { recursive: true });
  chownSync(folder, uid, gid);
  chmodSync(folder, mode);
}
