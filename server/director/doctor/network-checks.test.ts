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
