/**
 * The product as a careful host runs it, for the lab's guest: director and web as two services, each a user of its own. The director holds
 * the one capability that IPVS asks for and no other, web holds none, and neither is root.
 */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./guest.mjs";

/** Numbers that no account has (systemd's UIDS-GIDS.md: 60706 to 61183 are unused). A user's own group has the same. */
export const users = { director: 60918, web: 60917 };

/** Only what lies in the checkout has to be open to both: this is another way to it, past folders that are not. */
const app = "/run/lab/app";

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
  prepareFolders(env);
  mkdirSync(app, { recursive: true });
  execFileSync("mount", ["--bind", checkout, app]);
  const early = [];
  const start = (name, stdio) => {
    const { [name]: user } = users;
    const words = [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--no-new-privs", ...rights[name]];
    const child = spawn("setpriv", [...words, "--", process.execPath, "server/cli.mjs", name], {
      ...{ cwd: app, stdio, env: { ...process.env, ...env, HOME: join(env.STATE_DIR, name) } },
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

/** As the package of a distribution makes them: each user's own state, and a folder for the socket that web's group may enter. */
function prepareFolders({ STATE_DIR, RUNTIME_DIR }) {
  mkdirSync(STATE_DIR, { recursive: true, mode: 0o755 });
  for (const name of ["director", "web"]) make(join(STATE_DIR, name), 0o700, users[name], users[name]);
  make(RUNTIME_DIR, 0o2750, users.director, users.web);
}

function make(folder, mode, user, group) {
  mkdirSync(folder, { recursive: true });
  chownSync(folder, user, group);
  chmodSync(folder, mode);
}
