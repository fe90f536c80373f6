import { NotKnown } from "./check.ts";
import { HostFault, type HostReader } from "./host-reader.ts";

const vsFolder = "/proc/sys/net/ipv4/vs";

/** Where the sysctl of IPVS with this name is. */
export const vsPath = (name: string) => `${vsFolder}/${name}`;

/** What was made of a host, by what made it. A reader is of one run. */
const made = new WeakMap<HostReader, Map<unknown, Promise<unknown>>>();

/** What `read` makes of a host, made once a run however many checks ask: routing tables take a while to parse. */
export function onceARun<T>(host: HostReader, read: (host: HostReader) => Promise<T>): Promise<T> {
  const known = made.get(host) ?? new Map<unknown, Promise<unknown>>();
  made.set(host, known);
  const answer = known.get(read) ?? read(host);
  known.set(read, answer);
  return answer as Promise<T>;
}

/** `reading`, or `otherwise` when what it reads is not there. */
export async function ifThere<T, O>(reading: Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HostFault && error.kind === "missing") return otherwise;
    throw error;
  }
}

/** Whether there is a file or folder of this name. */
export async function isThere(host: HostReader, path: string): Promise<boolean> {
  const slash = path.lastIndexOf("/");
  const names = await ifThere<string[], string[]>(host.names(path.slice(0, slash) || "/"), []);
  return names.includes(path.slice(slash + 1));
}

/** A file that holds one whole number. Throws NotKnown when it holds anything else. */
export async function readNumber(host: HostReader, path: string): Promise<number> {
  const text = (await host.text(path)).trim();
  const number = /^-?\d{1,20}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new NotKnown("NOT_UNDERSTOOD", { path });
  return number;
}

/** A file that holds one whole number; null when it is not there. */
export function readOptionalNumber(host: HostReader, path: string): Promise<number | null> {
  return ifThere(readNumber(host, path), null);
}

/** uname -r, with the two numbers that tell kernels apart. */
export async function readRelease(host: HostReader): Promise<{ release: string; major: number; minor: number }> {
  const path = "/proc/sys/kernel/osrelease";
  const release = (await host.text(path)).trim();
  const match = /^(\d{1,4})\.(\d{1,4})[\w.+~-]{0,80}$/.exec(release);
  if (!match) throw new NotKnown("NOT_UNDERSTOOD", { path });
  return { release, major: Number(match[1]), minor: Number(match[2]) };
}

/** A name that an interface may have, as far as a file tells it without doubt. */
export const isInterface = (name: string) => /^[!-.0-~]{1,15}$/.test(name) && name !== "." && name !== "..";

/** Names of the network interfaces. */
export async function readInterfaces(host: HostReader): Promise<string[]> {
  const names = await host.names("/sys/class/net");
  // bonding leaves a file of its own among the interfaces.
  return names.filter((name) => name !== "bonding_masters" && isInterface(name));
}
