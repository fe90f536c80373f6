import { canonicalSysctl, sysctlPrefix } from "#domain/sysctl";
import type { Host } from "./host.ts";

/** In the order of sysctl.d(5): a file hides those of the same name in later folders. */
const folders = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];
/** Read by `sysctl --system` after all others; systemd-sysctl(8) reads it only as a link in sysctl.d. */
const lastFile = "/etc/sysctl.conf";
/** There where systemd starts the host (sd_booted(3)). */
const systemdFolder = "/run/systemd/system";

/**
 * What the host's files set IPVS's sysctls to when it starts, by name: those of sysctl.d(5) in the order of their names,
 * whatever folder they lie in, then, without systemd, sysctl.conf. Files that cannot be read count for nothing.
 */
export async function bootSysctls(host: Host): Promise<Map<string, string>> {
  if (!host.hasBootFiles) return new Map();
  const files = new Map<string, string>();
  for (const folder of folders) {
    const names = await host.list(folder).catch(() => []);
    for (const name of names) if (name.endsWith(".conf") && !files.has(name)) files.set(name, `${folder}/${name}`);
  }
  const paths = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const found = new Map<string, string>();
  const hasSystemd = await host.list(systemdFolder).then(
    () => true,
    () => false,
  );
  for (const path of hasSystemd ? paths : [...paths, lastFile]) {
    const text = await host.read(path).catch(() => "");
    for (const [name, value] of settingsIn(text)) found.set(name, value);
  }
  return found;
}

/** `net.ipv4.vs.drop_entry = 1`, also with slashes, and with a dash in front for what may fail. */
function settingsIn(text: string): [string, string][] {
  return text.split("\n").flatMap((line): [string, string][] => {
    const match = /^\s*-?\s*([^#;=\s]+)\s*=(.*)$/.exec(line);
    const key = match?.[1]?.replaceAll("/", ".") ?? "";
    if (!key.startsWith(`${sysctlPrefix}.`)) return [];
    return [[key.slice(sysctlPrefix.length + 1), canonicalSysctl(match?.[2] ?? "")]];
  });
}
