import { canonicalSysctl, factsOf, sysctlChangeSchema, sysctlFacts } from "#domain/sysctl";
import type { Host } from "../host/host.ts";
import { defaultHost, type SimulatedHost } from "./host.ts";

/** The kernel that the simulated one follows. */
const release = "6.1.0-simulated";
const sysctlFolder = "/proc/sys/net/ipv4/vs";
const notYet = ["est_cpulist", "est_nice", "conn_max", "conn_lfactor", "svc_lfactor", "debug_level"];
/** Pages that a made-up host of 1 GiB has free, now and always. */
const freePages = 150_000;
const defaults: Record<string, string> = { sync_qlen_max: "8192" };
const upFlags = { lo: "0x9", other: "0x1003" } as const;

export interface SimulatedHostFilesOptions {
  host?: SimulatedHost;
  /** `wrr`, `pe_sip`: of each service of the table at this moment */
  modulesInUse?: () => Promise<readonly string[]>;
}

/**
 * The files around a simulated kernel: those of /proc and /sys that a director reads, with the sysctls of Linux 6.1 by its
 * rules. An automatic defence goes to work while the host has fewer free pages than amemthresh (update_defense_level()).
 */
export class SimulatedHostFiles implements Host {
  readonly hasBootFiles = true;
  readonly #host: SimulatedHost;
  readonly #modulesInUse: () => Promise<readonly string[]>;
  readonly #loaded = new Set<string>();
  readonly #sysctls = new Map<string, string>();

  constructor({ host = defaultHost, modulesInUse = async () => [] }: SimulatedHostFilesOptions = {}) {
    this.#host = host;
    this.#modulesInUse = modulesInUse;
    for (const [name, { usual }] of Object.entries(sysctlFacts)) {
      if (!notYet.includes(name)) this.#sysctls.set(name, usual ?? defaults[name] ?? "0");
    }
  }

  async read(path: string): Promise<string> {
    const text = path === "/proc/modules" ? await this.#modules() : this.#textOf(path);
    if (text === null) throw missing(path);
    return `${text}\n`;
  }

  async list(path: string): Promise<string[]> {
    if (path === sysctlFolder) return [...this.#sysctls.keys()];
    if (path === "/sys/class/net") return this.#host.interfaces.map(({ name }) => name);
    throw missing(path);
  }

  async mode(path: string): Promise<number> {
    await this.read(path);
    return path.startsWith(`${sysctlFolder}/`) ? 0o644 : 0o444;
  }

  async write(path: string, text: string): Promise<void> {
    const name = path.slice(sysctlFolder.length + 1);
    if (!this.#sysctls.has(name)) throw missing(path);
    const parsed = sysctlChangeSchema.safeParse({ name, value: text });
    if (!parsed.success) throw Object.assign(new Error(`EINVAL: invalid argument, write ${path}`), { code: "EINVAL" });
    this.#sysctls.set(name, canonicalSysctl(parsed.data.value));
  }

  addresses(): Record<string, string[]> {
    return Object.fromEntries(this.#host.interfaces.map(({ name, addresses }) => [name, [...addresses]]));
  }

  release(): string {
    return release;
  }

  #textOf(path: string): string | null {
    const [, device, file] = /^\/sys\/class\/net\/([^/]+)\/(flags|mtu|operstate)$/.exec(path) ?? [];
    const found = this.#host.interfaces.find(({ name }) => name === device);
    if (found && file === "operstate") return found.name === "lo" ? "unknown" : "up";
    if (found) return file === "mtu" ? String(found.mtu) : found.name === "lo" ? upFlags.lo : upFlags.other;
    if (path.startsWith(`${sysctlFolder}/`)) return this.#sysctl(path.slice(sysctlFolder.length + 1));
    if (path === `/lib/modules/${release}/modules.builtin`) return "";
    if (path === `/lib/modules/${release}/modules.dep`)
      return [...this.#loadable, "ftp"].map((name) => `kernel/net/netfilter/ipvs/ip_vs_${name}.ko:`).join("\n");
    return path === "/proc/net/ip_vs_app" ? "prot port    usecnt name" : null;
  }

  /** Those that can be loaded by a service that asks for one. */
  get #loadable(): string[] {
    return [...this.#host.schedulers, ...this.#host.engines.map((engine) => `pe_${engine}`)];
  }

  /** A module is loaded once a service asks for it, and stays; it counts the services that have it. */
  async #modules(): Promise<string> {
    const inUse = (await this.#modulesInUse()).filter((name) => this.#loadable.includes(name));
    for (const name of inUse) this.#loaded.add(name);
    const names = [...this.#loaded];
    const users = (name: string) => inUse.filter((each) => each === name).length;
    return [
      `ip_vs 200704 ${names.length} ${names.map((name) => `ip_vs_${name},`).join("") || "-"} Live 0x0`,
      ...names.map((name) => `ip_vs_${name} 16384 ${users(name)} - Live 0x0`),
    ].join("\n");
  }

  #sysctl(name: string): string | null {
    const value = this.#sysctls.get(name);
    if (value === undefined) return null;
    const automatic = factsOf(name)?.form === "mode" && (value === "1" || value === "2");
    return automatic ? (Number(this.#sysctls.get("amemthresh")) > freePages ? "2" : "1") : value;
  }
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
}
