import type { IpvsApplication, IpvsModule, IpvsModules, ModuleState } from "#domain/modules";
import { engines, schedulers } from "#domain/service";
import { type Host, isMissing } from "./host.ts";

const prefix = "ip_vs_";
const enginePrefix = "ip_vs_pe_";
const helperModules = ["ip_vs_ftp"];

/** What a host says of its modules; null: its lists for this kernel cannot be read. */
interface Known {
  /** name and number of users */
  loaded: Map<string, number>;
  builtIn: Set<string> | null;
  loadable: Set<string> | null;
}

/**
 * Which schedulers, persistence engines and helpers this kernel has: those that ipvsadm knows, and others that are there.
 * From /proc/modules, and modules.dep and modules.builtin of the kernel that runs (modules.dep(5)); helpers at work from
 * /proc/net/ip_vs_app.
 */
export async function readModules(host: Host): Promise<IpvsModules> {
  const kernel = host.release();
  const folder = `/lib/modules/${kernel}`;
  const [modules, builtIn, loadable, applications] = await Promise.all([
    host.read("/proc/modules").catch(forgiving("")),
    host.read(`${folder}/modules.builtin`).then(namesIn, () => null),
    host.read(`${folder}/modules.dep`).then(namesIn, () => null),
    host.read("/proc/net/ip_vs_app").catch(forgiving("")),
  ]);
  const known: Known = { loaded: loadedIn(modules), builtIn, loadable };
  const others = [...known.loaded.keys(), ...(builtIn ?? []), ...(loadable ?? [])].filter((name) =>
    name.startsWith(prefix),
  );
  const isEngine = (name: string) => name.startsWith(enginePrefix);
  const isScheduler = (name: string) => !isEngine(name) && !helperModules.includes(name);
  const list = (names: readonly string[], found: readonly string[], start: string) =>
    [...new Set([...names.map((name) => start + name), ...found])].map((module) => ({
      ...{ name: module.slice(start.length), module, state: stateOf(known, module) },
      users: known.loaded.get(module) ?? null,
    }));
  return {
    schedulers: list(
      schedulers.filter((name) => name !== "none"),
      others.filter(isScheduler),
      prefix,
    ),
    engines: list(engines, others.filter(isEngine), enginePrefix),
    helpers: list(
      helperModules.map((module) => module.slice(prefix.length)),
      [],
      prefix,
    ) satisfies IpvsModule[],
    applications: applicationsIn(applications),
    kernel,
  };
}

function stateOf({ loaded, builtIn, loadable }: Known, module: string): ModuleState {
  if (loaded.has(module)) return "loaded";
  if (builtIn?.has(module)) return "built-in";
  if (loadable?.has(module)) return "loadable";
  return builtIn === null || loadable === null ? "unknown" : "missing";
}

/** `kernel/net/netfilter/ipvs/ip_vs_wlc.ko.xz: …`, a line each; a `-` in a file's name is a `_` in the module's. */
function namesIn(text: string): Set<string> {
  const names = text.split("\n").flatMap((line) => {
    const match = /([^/\s:]+)\.ko(\.\w+)?(:|\s|$)/.exec(line.split(":")[0] ?? "");
    return match?.[1] === undefined ? [] : [match[1].replaceAll("-", "_")];
  });
  return new Set(names.filter((name) => name.startsWith("ip_vs")));
}

/** `ip_vs_rr 16384 2 - Live 0x0`: name, size, users (proc_modules(5)). */
function loadedIn(text: string): Map<string, number> {
  return new Map(
    text.split("\n").flatMap((line): [string, number][] => {
      const [name = "", , users = ""] = line.split(" ");
      return name.startsWith("ip_vs") ? [[name, Number(users) || 0]] : [];
    }),
  );
}

/** A title, then `TCP  21      0      ftp` (ip_vs_app_seq_show, linux net/netfilter/ipvs/ip_vs_app.c). */
function applicationsIn(text: string): IpvsApplication[] {
  return text.split("\n").flatMap((line) => {
    const [protocol = "", port = "", users = "", name = ""] = line.trim().split(/\s+/);
    return /^\d+$/.test(port) && name !== "" ? [{ protocol, port: Number(port), users: Number(users), name }] : [];
  });
}

function forgiving<T>(otherwise: T) {
  return (error: unknown): T => {
    if (isMissing(error)) return otherwise;
    throw error;
  };
}
