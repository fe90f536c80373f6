import { describe, expect, test } from "vitest";
import { dns, http, http6, mark4 } from "../contract/samples.ts";
import { daemon, findingsOf, service, usualFiles, usualNetwork, verdictsOf } from "./host-fixture.ts";
import { networkFiles } from "./network-files.ts";

const forward4 = "/proc/sys/net/ipv4/ip_forward";
const forward6 = "/proc/sys/net/ipv6/conf/all/forwarding";

describe("forwarding", () => {
  const nat = [service(http, {}, [{ forward: "nat", address: "10.0.0.1" }])];

  test("off with NAT is an error with the command that turns it on", async () => {
    const [finding] = await findingsOf("forwarding", { files: { [forward4]: 0 }, services: nat });
    expect(finding).toMatchObject({
      verdict: "error",
      code: "FORWARDING_OFF_4",
      params: { count: 1, names: "10.0.0.1:80 (TCP 192.0.2.10:80)", more: 0 },
      commands: ["sysctl -w net.ipv4.ip_forward=1"],
    });
  });

  test("on with NAT is fine, and so is off without NAT", async () => {
    expect(await verdictsOf("forwarding", { files: { [forward4]: 1 }, services: nat })).toEqual(["ok FORWARDING_ON"]);
    const direct = [service(http, {}, [{ forward: "direct" }])];
    expect(await verdictsOf("forwarding", { files: { [forward4]: 0 }, services: direct })).toEqual([
      "ok FORWARDING_NOT_NEEDED",
    ]);
  });

  test("of IPv6 is told apart", async () => {
    const services = [...nat, service(http6, {}, [{ address: "2001:db8:1::1" }])];
    const found = await findingsOf("forwarding", { files: { [forward4]: 1, [forward6]: 0 }, services });
    expect(found).toMatchObject([{ code: "FORWARDING_OFF_6", commands: ["sysctl -w net.ipv6.conf.all.forwarding=1"] }]);
    expect(await verdictsOf("forwarding", { files: { [forward4]: 1, [forward6]: 1 }, services })).toEqual([
      "ok FORWARDING_ON",
    ]);
  });

  test("that is not there or not a number is unknown, with the file", async () => {
    expect(await findingsOf("forwarding", { services: nat })).toMatchObject([
      { verdict: "unknown", code: "NOT_THERE", params: { path: forward4 }, commands: [] },
    ]);
    expect(await findingsOf("forwarding", { files: { [forward4]: "yes\n" }, services: nat })).toMatchObject([
      { verdict: "unknown", code: "NOT_UNDERSTOOD", params: { path: forward4 } },
    ]);
  });
});

describe("vip-local", () => {
  const elsewhere = service({ ...http, address: "192.0.2.99" });

  test("an address on no interface is an error, with the interface that its network is on", async () => {
    const outside = service({ ...http, address: "203.0.113.5" });
    const six = service({ ...http6, address: "2001:db8::99" });
    const found = await findingsOf("vip-local", {
      files: usualFiles,
      services: [service(http), elsewhere, outside, six],
    });
    expect(found).toMatchObject([
      {
        verdict: "error",
        code: "VIP_NOT_LOCAL",
        params: { count: 3, names: "192.0.2.99, 203.0.113.5, 2001:db8::99" },
        commands: [
          "ip addr add 192.0.2.99/32 dev eth0",
          "ip addr add 203.0.113.5/32 dev eth0",
          "ip addr add 2001:db8::99/128 dev eth0",
        ],
      },
    ]);
  });

  test("addresses of interfaces, loopback's network and local routes are the host's own", async () => {
    const loopback = service({ ...http, address: "127.9.9.9" });
    const services = [service(http), service(dns), service(http6), loopback, service(mark4)];
    expect(await findingsOf("vip-local", { files: usualFiles, services })).toMatchObject([
      { verdict: "ok", code: "VIPS_LOCAL", params: { count: 3 } },
    ]);
  });

  test("an address that no host can have is not its own to say", async () => {
    const services = [service({ ...http, address: "224.0.0.1" })];
    expect(await verdictsOf("vip-local", { files: usualFiles, services })).toEqual(["ok VIPS_LOCAL"]);
  });

  test("is expected of the backup of a pair", async () => {
    const scene = { files: usualFiles, services: [elsewhere] };
    const backup = daemon({ role: "backup" });
    expect(await verdictsOf("vip-local", { ...scene, daemons: [backup] })).toEqual(["notice VIP_NOT_LOCAL_STANDBY"]);
    expect(await verdictsOf("vip-local", { ...scene, daemons: [backup, daemon()] })).toEqual(["error VIP_NOT_LOCAL"]);
  });

  test("quotes an interface whose name a shell would read otherwise", async () => {
    const interfaces = usualNetwork.interfaces.map((each) => (each.name === "eth0" ? { ...each, name: "e;rm" } : each));
    const files = networkFiles({ interfaces });
    const [finding] = await findingsOf("vip-local", { files, services: [elsewhere] });
    expect(finding?.commands).toEqual(["ip addr add 192.0.2.99/32 dev 'e;rm'"]);
  });

  test("a routing table in another form is unknown", async () => {
    const files = { ...usualFiles, "/proc/net/fib_trie": "Main:\n  what is this\n" };
    expect(await findingsOf("vip-local", { files, services: [elsewhere] })).toMatchObject([
      { verdict: "unknown", code: "NOT_UNDERSTOOD", params: { path: "/proc/net/fib_trie" } },
    ]);
  });
});

describe("server-route", () => {
  const there = { address: "10.0.0.1" };
  const noDefault = networkFiles({ interfaces: usualNetwork.interfaces });

  test("servers in a network, behind a gateway or on this host are reached", async () => {
    const own = { address: "127.0.0.1" };
    const services = [service(http, {}, [there, own, { address: "203.0.113.1" }])];
    expect(await verdictsOf("server-route", { files: usualFiles, services })).toEqual(["ok SERVERS_ROUTED"]);
  });

  test("one that no route leads to is an error, with its name", async () => {
    const services = [
      service(http, {}, [there, { address: "203.0.113.1" }]),
      service(http6, {}, [{ address: "2001:db8:9::1" }]),
    ];
    expect(await findingsOf("server-route", { files: noDefault, services })).toMatchObject([
      {
        verdict: "error",
        params: { count: 2, names: "203.0.113.1:80 (TCP 192.0.2.10:80), [2001:db8:9::1]:80 (TCP [2001:db8::10]:80)" },
      },
    ]);
  });

  test("a route of another table counts, a blackhole does not", async () => {
    const trie = String(noDefault["/proc/net/fib_trie"]);
    const other = `Id 100:\n  |-- 203.0.113.0\n     /24 universe UNICAST\n${trie}`;
    const services = [service(http, {}, [{ address: "203.0.113.1" }])];
    const scene = (text: string) => ({ files: { ...noDefault, "/proc/net/fib_trie": text }, services });
    expect(await verdictsOf("server-route", scene(other))).toEqual(["ok SERVERS_ROUTED"]);
    const hole = `${other}     |-- 203.0.113.0\n        /28 universe BLACKHOLE\n`;
    expect(await verdictsOf("server-route", scene(hole))).toEqual(["error SERVER_NOT_ROUTED"]);
  });
});

describe("arp", () => {
  const conf = (name: string, ignore: number, announce: number) => ({
    [`/proc/sys/net/ipv4/conf/${name}/arp_ignore`]: ignore,
    [`/proc/sys/net/ipv4/conf/${name}/arp_announce`]: announce,
  });
  const standby = { services: [service(http)], daemons: [daemon({ role: "backup" })] };
  const kube = { "/sys/class/net/kube-ipvs0/flags": "0x82\n" };
  const commands = ["sysctl -w net.ipv4.conf.all.arp_ignore=1", "sysctl -w net.ipv4.conf.all.arp_announce=2"];

  test("a director in charge has to answer", async () => {
    const files = { ...usualFiles, ...conf("all", 0, 0) };
    expect(await verdictsOf("arp", { files, services: [service(http)], daemons: [daemon()] })).toEqual([
      "ok ARP_NOT_NEEDED",
    ]);
  });

  test("one that stands by and holds a service's address must not", async () => {
    const files = { ...usualFiles, ...conf("all", 0, 0) };
    expect(await findingsOf("arp", { files, ...standby })).toMatchObject([
      { verdict: "warning", code: "ARP_STANDBY", params: { names: "192.0.2.10", ignore: 0, announce: 0 }, commands },
    ]);
    const quiet = { ...usualFiles, ...conf("all", 1, 2) };
    expect(await verdictsOf("arp", { files: quiet, ...standby })).toEqual(["ok ARP_QUIET"]);
  });

  test("every interface may be quiet by itself, and one that is not is enough", async () => {
    const files = { ...usualFiles, ...conf("all", 0, 0), ...conf("eth0", 1, 2) };
    expect(await verdictsOf("arp", { files, ...standby })).toEqual(["warning ARP_STANDBY"]);
    expect(await verdictsOf("arp", { files: { ...files, ...conf("eth1", 2, 2) }, ...standby })).toEqual([
      "ok ARP_QUIET",
    ]);
  });

  test("kube-proxy's interface holds the addresses as well", async () => {
    const files = { ...usualFiles, ...kube, ...conf("all", 1, 0) };
    expect(await findingsOf("arp", { files })).toMatchObject([{ verdict: "warning", code: "ARP_KUBE", commands }]);
    expect(await verdictsOf("arp", { files: { ...files, ...conf("all", 1, 2) } })).toEqual(["ok ARP_QUIET"]);
  });
});

describe("redirects", () => {
  const send = (all: number, eth0: number) => ({
    "/proc/sys/net/ipv4/conf/all/send_redirects": all,
    "/proc/sys/net/ipv4/conf/eth0/send_redirects": eth0,
  });
  const oneArm = [service(http, {}, [{ forward: "nat", address: "192.0.2.50" }])];

  test("on where address and server are in one network is a warning, for each place that has them on", async () => {
    expect(await findingsOf("redirects", { files: { ...usualFiles, ...send(1, 1) }, services: oneArm })).toMatchObject([
      {
        verdict: "warning",
        code: "REDIRECTS_ONE_ARM",
        params: { interface: "eth0", count: 1 },
        commands: ["sysctl -w net.ipv4.conf.all.send_redirects=0", "sysctl -w net.ipv4.conf.eth0.send_redirects=0"],
      },
    ]);
    const [finding] = await findingsOf("redirects", { files: { ...usualFiles, ...send(0, 1) }, services: oneArm });
    expect(finding?.commands).toEqual(["sysctl -w net.ipv4.conf.eth0.send_redirects=0"]);
  });

  test("off is fine, and so are two networks and direct routing", async () => {
    expect(await verdictsOf("redirects", { files: { ...usualFiles, ...send(0, 0) }, services: oneArm })).toEqual([
      "ok REDIRECTS_OFF",
    ]);
    const others = [
      service(http, {}, [
        { forward: "nat", address: "10.0.0.1" },
        { forward: "direct", address: "192.0.2.50" },
      ]),
    ];
    expect(await verdictsOf("redirects", { files: { ...usualFiles, ...send(1, 1) }, services: others })).toEqual([
      "ok REDIRECTS_NOT_NEEDED",
    ]);
  });
});

describe("reverse-path", () => {
  const filter = (values: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`/proc/sys/net/ipv4/conf/${name}/rp_filter`, value]),
    );
  const tunl0 = { name: "tunl0", mtu: 1480, addresses: [], flags: 0xc1, type: 768 };
  const withTunnel = networkFiles({ ...usualNetwork, interfaces: [...usualNetwork.interfaces, tunl0] });

  test("strict on a device that unpacks tunnels is a warning while it is up", async () => {
    const strict = filter({ all: 0, eth0: 0, eth1: 0, tunl0: 1 });
    expect(await findingsOf("reverse-path", { files: { ...withTunnel, ...strict } })).toMatchObject([
      { verdict: "warning", code: "REVERSE_PATH_DECAP", commands: ["sysctl -w net.ipv4.conf.tunl0.rp_filter=2"] },
    ]);
    const down = { ...withTunnel, ...strict, "/sys/class/net/tunl0/flags": "0xc0\n" };
    expect(await verdictsOf("reverse-path", { files: down })).toEqual(["ok REVERSE_PATH_LOOSE"]);
  });

  test("strict on a host with several networks is a notice; 2 loosens what `all` makes strict", async () => {
    expect(
      await findingsOf("reverse-path", { files: { ...usualFiles, ...filter({ all: 1, eth0: 2, eth1: 0 }) } }),
    ).toMatchObject([{ verdict: "notice", code: "REVERSE_PATH_SEVERAL", params: { names: "eth1" } }]);
    const loose = { ...usualFiles, ...filter({ all: 2, eth0: 1, eth1: 1 }) };
    expect(await verdictsOf("reverse-path", { files: loose })).toEqual(["ok REVERSE_PATH_LOOSE"]);
  });

  test("one network has one way only; an interface with a dot keeps it in the command", async () => {
    const one = networkFiles({ interfaces: usualNetwork.interfaces.slice(0, 2) });
    expect(await verdictsOf("reverse-path", { files: { ...one, ...filter({ all: 1 }) } })).toEqual([
      "ok REVERSE_PATH_LOOSE",
    ]);
    const vlan = { name: "eth0.100", mtu: 1500, addresses: ["10.1.0.1/24"] };
    const files = {
      ...networkFiles({ interfaces: [...usualNetwork.interfaces, vlan] }),
      ...filter({ all: 0, "eth0.100": 1 }),
    };
    const [finding] = await findingsOf("reverse-path", { files });
    expect(finding?.commands).toEqual(["sysctl -w net/ipv4/conf/eth0.100/rp_filter=2"]);
  });
});

describe("tunnel-mtu", () => {
  const tunnels = (parts: object, address = "10.0.0.1") => [
    service(http, {}, [{ forward: "tunnel", address, tunnel: { type: "ipip", port: 0, checksum: "none", ...parts } }]),
  ];
  const told = { ...usualFiles, "/proc/sys/net/ipv4/vs/pmtu_disc": 1 };
  const jumbo = { ...told, "/sys/class/net/eth1/mtu": 1528 };

  test.each([
    ["IPIP", {}, "10.0.0.1", 1480],
    ["IPIP by IPv6", {}, "2001:db8::5", 1460],
    ["GRE with checksum", { type: "gre", checksum: "checksum" }, "10.0.0.1", 1472],
    ["GUE", { type: "gue", port: 6080 }, "10.0.0.1", 1468],
    ["GUE with remote checksum", { type: "gue", port: 6080, checksum: "remote-checksum" }, "10.0.0.1", 1460],
  ])("%s leaves less room than clients use", async (_what, parts, address, mtu) => {
    const [finding] = await findingsOf("tunnel-mtu", { files: told, services: tunnels(parts, address) });
    const device = address.includes(":") ? "eth0" : "eth1";
    expect(finding).toMatchObject({ verdict: "notice", code: "TUNNEL_MTU_SMALL", params: { mtu, interface: device } });
    expect(finding?.commands).toEqual([`ip link set dev ${device} mtu ${1500 + 1500 - mtu}`]);
  });

  test("an interface with room for it is fine, and so is one that may fragment, and no tunnel", async () => {
    const gre = tunnels({ type: "gre", checksum: "checksum" });
    expect(await verdictsOf("tunnel-mtu", { files: jumbo, services: gre })).toEqual(["ok TUNNEL_MTU_FITS"]);
    const fragmented = { ...told, "/proc/sys/net/ipv4/vs/pmtu_disc": 0 };
    expect(await verdictsOf("tunnel-mtu", { files: fragmented, services: gre })).toEqual(["ok TUNNEL_MTU_FITS"]);
    expect(await verdictsOf("tunnel-mtu", { files: told, services: [service(http, {}, [{}])] })).toEqual([
      "ok TUNNELS_NONE",
    ]);
  });
});
