import type { FoundManager } from "#domain/doctor";
import { HostFault, type HostReader } from "./host-reader.ts";
import { isThere } from "./read.ts";
import { printable } from "./words.ts";

type Manager = FoundManager["manager"];

/** Files of /proc that are read at a time. */
const atOnce = 64;

const processNames: Record<string, Manager> = { keepalived: "keepalived", ldirectord: "ldirectord" };
const pidFiles: readonly [Manager, RegExp][] = [
  ["keepalived", /^keepalived.*\.pid$/],
  ["ldirectord", /^ldirectord.*\.pid$/],
];
const kubeInterface = "/sys/class/net/kube-ipvs0";
const dockerNamespaces = ["/run/docker/netns", "/var/run/docker/netns"];

/**
 * Programs on this host that write IPVS tables: keepalived and ldirectord by their processes or pid files, kube-proxy in IPVS mode by its
 * interface, Docker's swarm by the network namespace of its ingress. Each at most once. Never rejects: what cannot be seen is not found.
 */
export async function findManagers(host: HostReader): Promise<FoundManager[]> {
  const parts = await Promise.all(
    [byProcess(host), byPidFile(host), byKubeInterface(host), byDockerIngress(host)].map(found),
  );
  const known = new Map<Manager, FoundManager>();
  for (const one of parts.flat()) if (!known.has(one.manager)) known.set(one.manager, one);
  return Array.from(known.values(), (one) => ({ ...one, evidence: printable(one.evidence) }));
}

const found = (looking: Promise<FoundManager[]>) => looking.catch(() => []);

async function byProcess(host: HostReader): Promise<FoundManager[]> {
  const pids = (await host.names("/proc")).filter((name) => /^\d{1,10}$/.test(name));
  const all: FoundManager[] = [];
  for (let at = 0; at < pids.length; at += atOnce) {
    const some = await Promise.all(pids.slice(at, at + atOnce).map((pid) => managerOf(host, pid)));
    all.push(...some.filter((one) => one !== null));
  }
  return all.sort((one, other) => Number(other.here) - Number(one.here));
}

async function managerOf(host: HostReader, pid: string): Promise<FoundManager | null> {
  const evidence = `/proc/${pid}/comm`;
  const name = await host.text(evidence, 256).catch(() => "");
  const manager = Object.hasOwn(processNames, name.trim()) ? processNames[name.trim()] : undefined;
  return manager ? { manager, evidence, here: await isHere(host, pid) } : null;
}

/** Whether a process is in the network namespace of this one; true where that cannot be seen. */
async function isHere(host: HostReader, pid: string): Promise<boolean> {
  try {
    const [own, other] = await Promise.all([host.link("/proc/self/ns/net"), host.link(`/proc/${pid}/ns/net`)]);
    return own === other;
  } catch {
    return true;
  }
}

/** A process that nobody may see still leaves its pid file; one whose process is gone is left over and tells nothing. */
async function byPidFile(host: HostReader): Promise<FoundManager[]> {
  const all: FoundManager[] = [];
  for (const folder of ["/run", "/run/keepalived", "/var/run"]) {
    for (const name of await host.names(folder).catch(() => [])) {
      const [manager] = pidFiles.find(([, pattern]) => pattern.test(name)) ?? [];
      if (!manager) continue;
      const evidence = `${folder}/${name}`;
      const pid = (await host.text(evidence, 256).catch(() => "")).trim();
      if (/^\d{1,10}$/.test(pid) && (await mayRun(host, pid)))
        all.push({ manager, evidence, here: await isHere(host, pid) });
    }
  }
  return all;
}

async function mayRun(host: HostReader, pid: string): Promise<boolean> {
  try {
    await host.text(`/proc/${pid}/comm`, 256);
    return true;
  } catch (error) {
    return error instanceof HostFault && error.kind === "denied";
  }
}

async function byKubeInterface(host: HostReader): Promise<FoundManager[]> {
  const isKube = await isThere(host, kubeInterface);
  return isKube ? [{ manager: "kube-proxy", evidence: kubeInterface, here: true }] : [];
}

async function byDockerIngress(host: HostReader): Promise<FoundManager[]> {
  for (const folder of dockerNamespaces) {
    const evidence = `${folder}/ingress_sbox`;
    if (!(await isThere(host, evidence).catch(() => false))) continue;
    return [{ manager: "docker", evidence, here: await isOwnNamespace(host, evidence) }];
  }
  return [];
}

async function isOwnNamespace(host: HostReader, path: string): Promise<boolean> {
  try {
    const [own, inode] = await Promise.all([host.link("/proc/self/ns/net"), host.inode(path)]);
    return own === `net:[${inode}]`;
  } catch {
    return true;
  }
}
