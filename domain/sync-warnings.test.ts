import { expect, test } from "vitest";
import type { HostInterface } from "./host-interface.ts";
import type { SyncDaemon } from "./sync-daemon.ts";
import { syncWarnings } from "./sync-warnings.ts";

const eth0: HostInterface = {
  name: "eth0",
  up: true,
  running: true,
  multicast: true,
  loopback: false,
  mtu: 1500,
  addresses: ["192.0.2.2/24"],
};
const master: SyncDaemon = {
  role: "master",
  interface: "eth0",
  syncId: 7,
  maxLength: 1472,
  group: "224.0.0.81",
  port: 8848,
  ttl: 1,
};
const backup: SyncDaemon = { ...master, role: "backup" };
const codes = (...asked: Parameters<typeof syncWarnings>) => syncWarnings(...asked).map(({ code }) => code);

test("nothing runs and nothing is mixed: nothing is said", () => {
  expect(syncWarnings([], [eth0], null)).toEqual([]);
});

test("one alone is said, both together are not", () => {
  expect(syncWarnings([master], [eth0], null)).toEqual([{ code: "ONE_SIDE", role: "master" }]);
  expect(codes([master, backup], [eth0], null)).toEqual(["UNAUTHENTICATED"]);
});

test("a backup is open to whoever can send to its group, with id 0 to every master too", () => {
  expect(codes([backup], [eth0], null)).toEqual(["ONE_SIDE", "UNAUTHENTICATED"]);
  expect(codes([master, { ...backup, syncId: 0 }], [eth0], null)).toEqual(["TAKES_ALL", "UNAUTHENTICATED"]);
});

test.each<[string, Partial<HostInterface>]>([
  ["INTERFACE_DOWN", { up: false, multicast: false, addresses: [] }],
  ["NO_CARRIER", { running: false, addresses: [] }],
  ["NO_MULTICAST", { multicast: false }],
  ["NO_ADDRESS", { addresses: [] }],
])("%s: the first thing that is wrong with its interface", (code, parts) => {
  expect(codes([master, backup], [{ ...eth0, ...parts }], null)).toEqual([code, code, "UNAUTHENTICATED"]);
});

test("an interface that went away is said by its name", () => {
  expect(syncWarnings([master], [], null)).toContainEqual({
    code: "INTERFACE_GONE",
    role: "master",
    interface: "eth0",
  });
});

test("messages that do not fit the MTU, with the headers of the group's family", () => {
  expect(codes([{ ...master, maxLength: 1473 }, backup], [eth0], null)).toContain("TOO_LONG");
  expect(codes([{ ...master, group: "ff02::81" }, backup], [eth0], null)).toContain("TOO_LONG");
  expect(codes([{ ...master, group: "ff02::81", maxLength: 1452 }, backup], [eth0], null)).not.toContain("TOO_LONG");
  expect(codes([master, { ...backup, maxLength: 9000 }], [eth0], null)).not.toContain("TOO_LONG");
});

test("services with servers of the other family keep every daemon from starting", () => {
  const mixed = { count: 2, service: "tcp:192.0.2.10:80" };
  expect(syncWarnings([], [eth0], mixed)).toEqual([{ code: "MIXED_FAMILIES", ...mixed }]);
});
