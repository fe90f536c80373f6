import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createTranslator } from "next-intl";
import { afterEach, expect, test } from "vitest";
import type { Gauges } from "#domain/counters";
import { type CheckId, type DoctorReport, type Finding, findingSchema } from "#domain/doctor";
import { type DoctorTranslate, findingSentence } from "#domain/doctor-words";
import { serverId } from "#domain/real-server";
import { type ServiceKey, serviceId } from "#domain/service";
import type { SyncDaemon } from "#domain/sync-daemon";
import type { ServiceRecord } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";
import messages from "../../../messages/en.json" with { type: "json" };
import { server as serverSpec, spec as serviceSpec } from "../contract/samples.ts";
import { Doctor } from "./doctor.ts";
import { FolderHost } from "./host-reader.ts";
import { type MadeUpNetwork, networkFiles } from "./network-files.ts";

/** Throws for a sentence that is not there or wants a figure that the finding does not have. */
export const translate = createTranslator({
  locale: "en",
  messages,
  onError: (error) => {
    throw error;
  },
}) as unknown as DoctorTranslate;

export type Files = Readonly<Record<string, string | number>>;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that looks like a host: each file by its path, `-> ` for a symbolic link. It is gone after the test. */
export function hostFolder(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "made-up-host-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    const text = typeof content === "number" ? `${content}\n` : content;
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), at);
    // Bytes as they are: a file of /proc has no encoding.
    else writeFileSync(at, text, "latin1");
  }
  return folder;
}

/** eth0 in 192.0.2.0/24 with the default route, eth1 in 10.0.0.0/16. */
export const usualNetwork: MadeUpNetwork = {
  interfaces: [
    { name: "lo", mtu: 65_536, addresses: ["127.0.0.1/8", "::1/128"] },
    { name: "eth0", mtu: 1500, addresses: ["192.0.2.2/24", "192.0.2.10/32", "2001:db8::2/64", "2001:db8::10/128"] },
    { name: "eth1", mtu: 1500, addresses: ["10.0.0.254/16"] },
  ],
  routes: [{ to: "0.0.0.0/0", via: "192.0.2.1", device: "eth0" }],
};
export const usualFiles: Files = networkFiles(usualNetwork);

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };
const idle: Gauges = { active: 0, inactive: 0, persistent: 0 };

export type MadeServer = Parameters<typeof serverSpec>[0] & { gauges?: Partial<Gauges>; observedForward?: string };

/** A service with its servers as a director's table has it. */
export function service(
  key: ServiceKey,
  spec: Parameters<typeof serviceSpec>[0] = {},
  servers: readonly MadeServer[] = [],
): ServiceRecord {
  const id = serviceId(key);
  const records = servers.map(({ gauges, observedForward, ...parts } = {}) => {
    const made = serverSpec(parts);
    const observed = { ...made, forward: observedForward ?? made.forward } as ServiceRecord["servers"][0]["spec"];
    const row = { kind: "server" as const, id: serverId(key, made), serviceId: id, spec: observed };
    return { ...row, counters, gauges: { ...idle, ...gauges }, drainedWeight: null };
  });
  const sum = (name: keyof Gauges) => records.reduce((total, { gauges }) => total + gauges[name], 0);
  const gauges = { active: sum("active"), inactive: sum("inactive"), persistent: sum("persistent") };
  return { kind: "service", id, key, spec: serviceSpec(spec), counters, gauges, servers: records };
}

export function daemon(parts: Partial<SyncDaemon> = {}): SyncDaemon {
  const made = { role: "master", interface: "eth0", syncId: 1, maxLength: 1472 } as const;
  return { ...made, group: "224.0.0.81", port: 8848, ttl: 1, ...parts };
}

export interface Scene {
  files?: Files;
  services?: readonly ServiceRecord[];
  daemons?: readonly SyncDaemon[];
  timeouts?: Timeouts;
  fullnat?: boolean;
  /** of every service, on a kernel with full NAT */
  localAddresses?: readonly string[];
  /** the code that IPVS refuses everything with */
  refusal?: Error;
}

/** A doctor over a made-up host. */
export function doctorOf({
  files = {},
  services = [],
  daemons = [],
  timeouts,
  fullnat = false,
  localAddresses = [],
  refusal,
}: Scene): Doctor {
  const root = hostFolder(files);
  const told = <T>(value: T) => (refusal ? Promise.reject(refusal) : Promise.resolve(value));
  return new Doctor({
    source: {
      table: () => told([...services]),
      daemons: () => told([...daemons]),
      status: () => told({ fullnat }),
      localAddresses: () => told(localAddresses.map((address) => ({ address, portConflicts: "0", connections: 0 }))),
      timeouts: () => told(timeouts ?? { tcpS: 900, tcpFinS: 120, udpS: 300 }),
    },
    host: () => new FolderHost(root),
  });
}

export const reportOf = (scene: Scene): Promise<DoctorReport> => doctorOf(scene).report();

/** What one check finds; every finding is looked at by schema and sentence as well. */
export async function findingsOf(check: CheckId, scene: Scene): Promise<Finding[]> {
  const { findings } = await reportOf(scene);
  return findings.filter((finding) => {
    findingSchema.parse(finding);
    findingSentence(finding, translate);
    return finding.check === check;
  });
}

/** `error VIP_NOT_LOCAL` of each finding of one check */
export async function verdictsOf(check: CheckId, scene: Scene): Promise<string[]> {
  return (await findingsOf(check, scene)).map(({ verdict, code }) => `${verdict} ${code}`);
}

/** A scene, what one check finds in it, and the commands that it gives. */
export type Case = [what: string, check: CheckId, scene: Scene, found: string[], commands?: string[]];

/** A test for each case. */
export function testCases(cases: readonly Case[]): void {
  test.each(cases)("%s (%s)", async (_what, check, scene, found, commands) => {
    expect(await verdictsOf(check, scene)).toEqual(found);
    if (!commands) return;
    expect((await findingsOf(check, scene)).flatMap((finding) => finding.commands)).toEqual(commands);
  });
}
