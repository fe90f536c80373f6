import { statSync } from "node:fs";
import { ConfigError } from "../config.ts";
import { loadAddon, type NativeAddon } from "./addon.ts";

/** This process's own (namespaces(7)). */
const own = "/proc/self/ns/net";

/** The number of the network namespace that a path names, the same for all paths to it. */
export function namespaceNumber(path = own): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * Has the process in that network namespace: when it is not there yet, its main thread enters, and its program is started
 * anew in its place, with the same id, arguments and channel to its parent, so that every thread is in it. Returns once it
 * is there. Throws ConfigError with a sentence when it cannot be.
 */
export function enterNetworkNamespace(
  path: string,
  addon: Pick<NativeAddon, "enterNetworkNamespace"> = loadAddon(),
): void {
  if (isThere(path)) return;
  const channelFd = (process.channel as { fd?: number } | undefined)?.fd;
  try {
    addon.enterNetworkNamespace(path, channelFd);
  } catch (error) {
    throw new ConfigError(`NETNS is "${path}", which cannot be entered: ${reasonOf(error as Partial<NativeFailure>)}.`);
  }
  // A second round would be one without end.
  if (process.env[entered] === path) throw new ConfigError(`NETNS is "${path}", and this process does not stay in it.`);
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...process.env,
    // Node takes what names its channel out of the environment, and this program's next life wants it again.
    ...(channelFd === undefined ? {} : { NODE_CHANNEL_FD: String(channelFd), NODE_CHANNEL_SERIALIZATION_MODE: "json" }),
    [entered]: path,
  });
  throw new Error("the director cannot enter a network namespace: this Node has no execve");
}

const entered = "IPVS_CONSOLE_ENTERED";

interface NativeFailure extends Error {
  code: string;
  step: string;
}

function isThere(path: string): boolean {
  try {
    return namespaceNumber(path) === namespaceNumber();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigError(`NETNS is "${path}", which cannot be looked at (${code}); it must be a network namespace.`);
  }
}

function reasonOf({ code = "", step = "", message = "" }: Partial<NativeFailure>): string {
  if (code === "EPERM") return "that takes root, or CAP_SYS_ADMIN";
  if (code === "EINVAL" && step === "setns") return "it is no network namespace";
  return `${step || "it"} ended with ${code || message}`;
}
