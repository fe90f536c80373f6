import { readFileSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfig } from "../config.ts";

/** Where a director that root or systemd started has its socket. */
const systemRuntimeDir = "/run/ipvs-console";

/** Flags of a verb that talks to the director, for parseArgs(). */
export const directorFlags = { "runtime-dir": { type: "string" }, "state-dir": { type: "string" } } as const;

/** What the environment says of where the socket is; a verb must not stumble over settings of the two processes. */
const ownSettings = ["RUNTIME_DIR", "RUNTIME_DIRECTORY", "STATE_DIR", "STATE_DIRECTORY"] as const;
const places = ["XDG_RUNTIME_DIR", "XDG_STATE_HOME", "HOME"] as const;

/**
 * The socket of the director that is meant: where flags or environment say, else where one that this user started
 * has it, else the system's. Throws ConfigError for a setting that cannot be used.
 */
export function directorSocket(
  flags: Partial<Record<keyof typeof directorFlags, string | undefined>>,
  env: Record<string, string | undefined>,
): string {
  const args = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  const relevant = Object.fromEntries([...ownSettings, ...places].map((name) => [name, env[name]]));
  const own = join(readConfig(args, relevant).runtimeDir, "director.sock");
  const isTold = args.length > 0 || ownSettings.some((name) => env[name]);
  return isTold ? own : socketThere(own, join(systemRuntimeDir, "director.sock"));
}

/** The user's own socket where there is one, else the system's where there is one, else the user's own all the same. */
export function socketThere(own: string, system: string): string {
  return !mayBeThere(own) && mayBeThere(system) ? system : own;
}

/** In a folder that may not be searched there may be one. */
function mayBeThere(path: string): boolean {
  const found = stat(path);
  return typeof found !== "string" || (found !== "ENOENT" && found !== "ENOTDIR");
}

/** Who may open a socket that this user may not: "root", or "root or as a member of group ipvs". */
export function whoMayOpen(socket: string, groupFile = "/etc/group"): string {
  const found = [stat(socket), stat(dirname(socket))].find((each) => typeof each !== "string");
  if (!found || typeof found === "string" || found.gid === 0) return "root";
  return `root or as a member of group ${groupName(found.gid, groupFile)}`;
}

function groupName(gid: number, groupFile: string): string {
  const lines = readFileSync(groupFile, "utf8").split("\n");
  const line = lines.map((each) => each.split(":")).find(([, , number]) => number === String(gid));
  return line?.[0] ?? String(gid);
}

/** The file's status, or the code of why there is none. */
function stat(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code ?? "";
  }
}
