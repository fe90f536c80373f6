import { endianness } from "node:os";
import { familyOf, parseAddress } from "#domain/address";

/** A made-up host's network, for the files in which a kernel would tell it. */
export interface MadeUpNetwork {
  interfaces: readonly { name: string; mtu: number; addresses: readonly string[]; flags?: number; type?: number }[];
  /** further networks: `0.0.0.0/0` by `192.0.2.1` at `eth0` */
  routes?: readonly { to: string; via?: string; device: string }[];
}

/** What /proc/net and /sys/class/net of such a host hold. */
export function networkFiles({ interfaces, routes = [] }: MadeUpNetwork): Record<string, string> {
  const owned = interfaces.flatMap(({ name, addresses }) =>
    addresses.map((text) => ({ device: name, ...prefixOf(text) })),
  );
  const four = owned.filter(({ address }) => address.family === 4);
  const six = owned.filter(({ address }) => address.family === 6);
  const ways = [
    ...owned
      .filter(({ device, length, address }) => device !== "lo" && length < address.bytes.length * 8)
      .map((own) => ({ ...own, via: "" })),
    ...routes.map(({ to, via = "", device }) => ({ device, via, ...prefixOf(to) })),
  ];
  const ways4 = ways.filter(({ address }) => address.family === 4);
  const ways6 = ways.filter(({ address }) => address.family === 6);
  const trie = [
    "Main:",
    "  +-- 0.0.0.0/0 3 0 5",
    ...ways4.flatMap(({ network, length, via }) => [
      `     |-- ${network}`,
      `        /${length} ${via ? "universe" : "link"} UNICAST`,
    ]),
    "Local:",
    "  +-- 0.0.0.0/0 3 0 5",
    ...four.flatMap(({ address }) => [`     |-- ${address.text}`, "        /32 host LOCAL"]),
    ...(four.length > 0 ? ["     |-- 127.0.0.0", "        /8 host LOCAL"] : []),
  ];
  const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
  const routeLines = ways4.map(({ device, network, length, via }) =>
    [device, word(network), word(via || "0.0.0.0"), via ? "0003" : "0001", 0, 0, 0, word(maskOf(length)), 0, 0, 0].join(
      "\t",
    ),
  );
  const route6Lines = [
    ...ways6.map(({ network, length, via, device }) => route6(network, length, via || "::", "00000001", device)),
    ...six.map(({ address }) => route6(address.text, 128, "::", "80200001", "lo")),
  ];
  const hex = (text: string) => Buffer.from(bytesOf(text)).toString("hex");
  const devices = interfaces.flatMap(
    ({ name, mtu, flags = name === "lo" ? 0x9 : 0x1003, type = name === "lo" ? 772 : 1 }) => [
      [`/sys/class/net/${name}/mtu`, `${mtu}\n`],
      [`/sys/class/net/${name}/flags`, `0x${flags.toString(16)}\n`],
      [`/sys/class/net/${name}/type`, `${type}\n`],
    ],
  );
  return {
    ...Object.fromEntries(devices),
    "/proc/net/fib_trie": `${trie.join("\n")}\n`,
    "/proc/net/route": `${[head, ...routeLines].join("\n")}\n`,
    "/proc/net/ipv6_route": route6Lines.map((line) => `${line}\n`).join(""),
    "/proc/net/if_inet6": six
      .map(({ address, device }) => `${hex(address.text)} 02 40 00 80 ${device.padStart(8)}\n`)
      .join(""),
  };
}

function route6(to: string, length: number, via: string, flags: string, device: string): string {
  const hex = (text: string) => Buffer.from(bytesOf(text)).toString("hex");
  const none = "0".repeat(32);
  const prefix = `${hex(to)} ${length.toString(16).padStart(2, "0")} ${none} 00 ${hex(via)}`;
  return `${prefix} 00000100 00000001 00000000 ${flags} ${device.padStart(8)}`;
}

function prefixOf(text: string) {
  const [plain = "", length = ""] = text.split("/");
  const address = parseAddress(plain);
  if (!address) throw new TypeError(`not an address: ${text}`);
  return { address, length: Number(length), network: networkOf(plain, Number(length)) };
}

/** The first address of the network that `text` lies in. */
function networkOf(text: string, length: number): string {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`not an address: ${text}`);
  const bytes = address.bytes.map((byte, at) => byte & ((0xff00 >> Math.min(8, Math.max(0, length - 8 * at))) & 0xff));
  if (address.family === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return parseAddress(words.join(":"))?.text ?? text;
}

const maskOf = (length: number) => networkOf("255.255.255.255", length);

function bytesOf(text: string): Uint8Array {
  return parseAddress(text)?.bytes ?? new Uint8Array(familyOf(text) === 4 ? 4 : 16);
}

/** As %08X prints an address: a number in this machine's byte order. */
function word(text: string): string {
  const bytes = Buffer.from(bytesOf(text));
  return (endianness() === "LE" ? bytes.reverse() : bytes).toString("hex").toUpperCase();
}
