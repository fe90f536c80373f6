import { expect, test } from "vitest";
import { Simulation, webKey, webServer, webService } from "./simulation.ts";

const master = { role: "master", interface: "eth0", syncId: 5 } as const;
const mixed = {
  address: "2001:db8::9",
  forward: "tunnel",
  tunnel: { type: "ipip", port: 0, checksum: "none" },
} as const;

test("what is left out is the kernel's choice, by role and interface", async () => {
  const { ipvs } = new Simulation([]);
  await ipvs.startDaemon({ role: "backup", interface: "lo", syncId: 0, group: "ff02::81" });
  await ipvs.startDaemon(master);
  expect(await ipvs.daemons()).toEqual([
    { ...master, maxLength: 1472, group: "224.0.0.81", port: 8848, ttl: 1 },
    { role: "backup", interface: "lo", syncId: 0, maxLength: 65_487, group: "ff02::81", port: 8848, ttl: 1 },
  ]);
  await ipvs.stopDaemon("backup");
  expect((await ipvs.daemons()).map(({ role }) => role)).toEqual(["master"]);
});

test.each([
  [{ ...master, interface: "eth9" }, "ENODEV"],
  [{ ...master, group: "192.0.2.1" }, "EINVAL"],
  [{ ...master, role: "backup" } as const, "EEXIST"],
  [{ ...master, interface: "lo", group: "ff02::81" }, "ENETUNREACH"],
])("%o is refused with %s", async (daemon, code) => {
  const { ipvs } = new Simulation([]);
  await ipvs.startDaemon({ ...master, role: "backup" });
  await expect(ipvs.startDaemon(daemon)).rejects.toMatchObject({ code, operation: "start-daemon" });
  await expect(ipvs.stopDaemon("master")).rejects.toMatchObject({ code: "ESRCH", operation: "stop-daemon" });
});

test("a daemon and a server of the other family exclude each other", async () => {
  const { ipvs } = new Simulation([webService({}, [])]);
  const addMixed = { command: "new-server", service: webKey, server: webServer(1, 1, mixed).spec } as const;
  await ipvs.startDaemon(master);
  expect(await ipvs.write([addMixed])).toMatchObject([{ code: "EINVAL" }]);
  await ipvs.stopDaemon("master");
  expect(await ipvs.write([addMixed])).toEqual([null]);
  await expect(ipvs.startDaemon(master)).rejects.toMatchObject({ code: "EINVAL" });
});
