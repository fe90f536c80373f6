import type { HostInterface } from "#domain/host-interface";
import { type Host, isMissing } from "./host.ts";

const folder = "/sys/class/net";

/** A host of containers has thousands of interfaces, and each is three files that are open at a time. */
const atOnce = 32;

/** linux include/uapi/linux/if.h */
const flag = { up: 0x1, loopback: 0x8, multicast: 0x1000 } as const;

/**
 * The host's network interfaces by name, from /sys/class/net (Documentation/ABI/testing/sysfs-class-net). One that goes away
 * while it is read is left out.
 */
export async function readInterfaces(host: Host): Promise<HostInterface[]> {
  const names = await host.list(folder).catch((error) => (isMissing(error) ? [] : Promise.reject(error)));
  const addresses = host.addresses();
  const found: HostInterface[] = [];
  for (const some of chunks(names.toSorted(), atOnce)) {
    const read = await Promise.all(some.map((name) => readInterface(host, name, addresses[name] ?? [])));
    found.push(...read.filter((each) => each !== null));
  }
  return found;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

async function readInterface(host: Host, name: string, addresses: string[]): Promise<HostInterface | null> {
  try {
    const [flagsText, mtuText, operState] = await Promise.all(
      ["flags", "mtu", "operstate"].map((file) => host.read(`${folder}/${name}/${file}`)),
    );
    const flags = Number(flagsText?.trim());
    const has = (bit: number) => (flags & bit) !== 0;
    return {
      ...{ name, up: has(flag.up), multicast: has(flag.multicast), loopback: has(flag.loopback) },
      // "unknown": a device without a carrier to speak of, such as lo (RFC 2863, ifOperStatus).
      running: has(flag.up) && ["up", "unknown"].includes(operState?.trim() ?? ""),
      ...{ mtu: Number(mtuText?.trim()), addresses },
    };
  } catch (error) {
    // `bonding_masters` is a file among the interfaces.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === "EINVAL") return null;
    throw error;
  }
}
