import { DirectorError } from "#domain/errors";
import {
  canonicalSysctl,
  factsOf,
  isSameSetting,
  type Sysctl,
  sysctlChangeSchema,
  sysctlFacts,
  sysctlPrefix,
} from "#domain/sysctl";
import { valid } from "../valid.ts";
import { bootSysctls } from "./boot-sysctls.ts";
import { type Host, isMissing } from "./host.ts";

const folder = "/proc/sys/net/ipv4/vs";
const known = Object.keys(sysctlFacts);

/** Every sysctl of IPVS that this kernel has; those that nobody here knows come last, by name. NOT_AVAILABLE without IPVS. */
export async function readSysctls(host: Host): Promise<Sysctl[]> {
  const [names, boot] = await Promise.all([listed(host), bootSysctls(host)]);
  const place = (name: string) => (factsOf(name) ? known.indexOf(name) : known.length);
  const sorted = names.toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  return Promise.all(sorted.map((name) => readOne(host, name, boot.get(name) ?? null)));
}

async function readOne(host: Host, name: string, atBoot: string | null): Promise<Sysctl> {
  const path = `${folder}/${name}`;
  const [value, mode] = await Promise.all([
    host.read(path).then(canonicalSysctl, () => null),
    host.mode(path).catch(() => 0),
  ]);
  return { name, value, readOnly: (mode & 0o222) === 0, atBoot };
}

/**
 * Sets one and answers it read back. INVALID for what the kernel would refuse, NO_SUCH_SYSCTL for a name that its folder
 * does not list, CONFLICT with the sysctl as it is when it is not at `expected` any more, SYSCTL_READ_ONLY, SYSCTL_REFUSED when
 * the kernel refuses it after all, SYSCTL_NOT_PERMITTED.
 */
export async function writeSysctl(host: Host, asked: unknown): Promise<Sysctl> {
  const { name, value, expected } = valid(sysctlChangeSchema, asked);
  // Listed, so that no name leads to a file elsewhere.
  if (!(await listed(host)).includes(name)) throw new DirectorError("NO_SUCH_SYSCTL", { params: about(name) });
  const now = await readOne(host, name, (await bootSysctls(host)).get(name) ?? null);
  const { readOnly, atBoot } = now;
  if (expected !== undefined && (now.value === null || !isSameSetting(name, expected, now.value)))
    throw new DirectorError("CONFLICT", { current: now });
  if (readOnly) throw new DirectorError("SYSCTL_READ_ONLY", { params: about(name) });
  try {
    // An empty list of processors is a line as well: nothing at all would not reach the kernel.
    await host.write(`${folder}/${name}`, `${value}\n`);
  } catch (error) {
    throw refusalOf(error as NodeJS.ErrnoException, name);
  }
  return readOne(host, name, atBoot);
}

async function listed(host: Host): Promise<string[]> {
  try {
    return await host.list(folder);
  } catch (error) {
    if (isMissing(error)) throw new DirectorError("NOT_AVAILABLE", {}, error);
    throw error;
  }
}

function refusalOf(error: NodeJS.ErrnoException, name: string): DirectorError {
  const { code = "" } = error;
  if (code === "EINVAL" || code === "ERANGE") {
    return new DirectorError("SYSCTL_REFUSED", { params: about(name), field: "value" }, error);
  }
  if (code === "EROFS") return new DirectorError("SYSCTL_READ_ONLY", { params: about(name) }, error);
  if (code === "EACCES" || code === "EPERM")
    return new DirectorError("SYSCTL_NOT_PERMITTED", { params: about(name) }, error);
  if (isMissing(error)) return new DirectorError("NO_SUCH_SYSCTL", { params: about(name) }, error);
  return new DirectorError("INTERNAL", { params: { detail: `${code}: ${error.message}` } }, error);
}

const about = (name: string) => ({ detail: `${sysctlPrefix}.${name}` });
