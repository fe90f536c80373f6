import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { type Config, ConfigError } from "./config.ts";
import { type Account, asAccount } from "./privileges-account.ts";

/** What lies in a folder of ours; one that holds anything else is not ours, and its rights are not ours to change. */
const contents = {
  STATE_DIR: ["app", "director", "run", "web"],
  RUNTIME_DIR: ["director.sock", "tls"],
};

/**
 * Makes the folders that both processes need, before web is started as another user. STATE_DIR can be passed; in it
 * `director` is root's and `web` is web's, both closed to everyone else. RUNTIME_DIR gives what is made in it to web's group
 * and lets that group in. Needs root. Throws ConfigError when web could not get there, or when it would take somebody else's folder.
 */
export function prepareFolders(config: Pick<Config, "stateDir" | "runtimeDir">, account: Account): void {
  const { stateDir, runtimeDir } = config;
  makeFolder(stateDir, 0o755);
  refuseForeignOwner("STATE_DIR", stateDir);
  if (!canEnter(stateDir, account)) {
    refuseForeign("STATE_DIR", stateDir);
    chmodSync(stateDir, 0o755);
  }
  const [own, webs] = [join(stateDir, "director"), join(stateDir, "web")];
  makeFolder(own, 0o700);
  takeFolder(own, 0o700, { uid: 0, gid: 0 });
  makeFolder(webs, 0o700);
  handOver(webs, account);
  takeFolder(webs, 0o700, account);

  makeFolder(runtimeDir, 0o750);
  refuseForeignOwner("RUNTIME_DIR", runtimeDir);
  const { gid, mode } = statSync(runtimeDir);
  if (gid !== account.gid || (mode & 0o7777) !== 0o2750) {
    refuseForeign("RUNTIME_DIR", runtimeDir);
    takeFolder(runtimeDir, 0o2750, { uid: 0, gid: account.gid });
  }
  // A director that was there first made it in its own group.
  const socket = join(runtimeDir, "director.sock");
  if (existsSync(socket)) lchownSync(socket, 0, account.gid);
  for (const [name, path] of [["STATE_DIR", stateDir] as const, ["RUNTIME_DIR", runtimeDir] as const]) {
    if (canEnter(path, account)) continue;
    throw new ConfigError(
      `${name} is "${path}"; web runs as ${account.name}, which cannot get there since a folder above it is closed to others. ` +
        "Choose a folder that everyone can reach, such as one under /var/lib or /run.",
    );
  }
}

function makeFolder(path: string, mode: number): void {
  const mask = process.umask(0o022);
  try {
    mkdirSync(path, { recursive: true, mode });
  } finally {
    process.umask(mask);
  }
}

function takeFolder(path: string, mode: number, owner: Pick<Account, "uid" | "gid">): void {
  if (!lstatSync(path).isDirectory()) throw new ConfigError(`"${path}" is not a folder but a link to one; remove it.`);
  chownSync(path, owner.uid, owner.gid);
  // After the change of owner, which takes the set-group-ID bit away.
  chmodSync(path, mode);
}

/** Whoever owns a folder can put a link where root is about to change an owner. */
function refuseForeignOwner(name: keyof typeof contents, path: string): void {
  const { uid } = statSync(path);
  if (uid === 0) return;
  throw new ConfigError(
    `${name} is "${path}", which belongs to user ${uid}; root keeps nothing there. Choose another.`,
  );
}

function refuseForeign(name: keyof typeof contents, path: string): void {
  const foreign = readdirSync(path).find((entry) => !contents[name].includes(entry));
  if (foreign === undefined) return;
  throw new ConfigError(
    `${name} is "${path}", which holds other things than this program's ("${foreign}"), so its rights are left alone. Give it a folder of its own.`,
  );
}

/** Names are looked up in it with that account's rights. */
function canEnter(path: string, account: Account): boolean {
  try {
    asAccount(account, () => statSync(`${path}/.`));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") return false;
    throw error;
  }
}

/**
 * Gives web's files to a new account of web's. Whoever had them may have left a link there for root to follow: only plain files
 * with one name, judged by what was opened and not by a path.
 */
function handOver(folder: string, { uid, gid }: Account): void {
  if (lstatSync(folder).uid === uid) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = openSync(join(folder, entry.name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { nlink } = fstatSync(file);
      if (nlink === 1) fchownSync(file, uid, gid);
    } finally {
      closeSync(file);
    }
  }
}
