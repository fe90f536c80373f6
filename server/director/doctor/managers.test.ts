import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Files, hostFolder } from "./host-fixture.ts";
import { FolderHost } from "./host-reader.ts";
import { MadeUpHost } from "./made-up-host.ts";
import { findManagers } from "./managers.ts";

const look = (files: Files) => findManagers(new FolderHost(hostFolder(files)));
const own: Files = { "/proc/self/ns/net": "-> net:[1]" };

test("a host that cannot be looked at has none that is known of", async () => {
  expect(await findManagers(new FolderHost("/nonexistent"))).toEqual([]);
  expect(await look({ "/proc/1/comm": "systemd\n", "/proc/2/comm": "node\n" })).toEqual([]);
});

test.each(["keepalived", "ldirectord"])("%s is told by its process, once", async (name) => {
  const files = {
    ...own,
    "/proc/900/comm": `${name}\n`,
    "/proc/901/comm": `${name}\n`,
    "/proc/900/ns/net": "-> net:[1]",
  };
  expect(await look(files)).toEqual([{ manager: name, evidence: "/proc/900/comm", here: true }]);
});

test("is found among very many processes, whatever its number", async () => {
  const reader = new MadeUpHost({});
  reader.names = async (path) =>
    path === "/proc" ? Array.from({ length: 30_000 }, (_, at) => `${at + 1}`).sort() : [];
  reader.text = async (path) => (path === "/proc/9999/comm" ? "keepalived\n" : "sleep\n");
  expect(await findManagers(reader)).toMatchObject([{ manager: "keepalived", evidence: "/proc/9999/comm" }]);
});

test("a process in this namespace goes before one in another", async () => {
  const files = {
    ...own,
    "/proc/900/comm": "keepalived\n",
    "/proc/900/ns/net": "-> net:[2]",
    "/proc/901/comm": "keepalived\n",
    "/proc/901/ns/net": "-> net:[1]",
  };
  expect(await look(files)).toEqual([{ manager: "keepalived", evidence: "/proc/901/comm", here: true }]);
});

test("a pid file counts while its process may be there", async () => {
  const alive = { "/run/keepalived.pid": "77\n", "/proc/77/comm": "sh\n" };
  expect(await look(alive)).toEqual([{ manager: "keepalived", evidence: "/run/keepalived.pid", here: true }]);
  expect(await look({ "/run/keepalived.pid": "77\n", "/proc/78/comm": "sh\n" })).toEqual([]);
  expect(await look({ ...alive, "/run/keepalived.pid": "../../1\n" })).toEqual([]);
  expect(await look({ "/run/keepalived/keepalived_web.pid": "77\n", "/proc/77/comm": "x\n" })).toHaveLength(1);
  expect(await look({ "/var/run/ldirectord.cfg.pid": "77\n", "/proc/77/comm": "x\n" })).toMatchObject([
    { manager: "ldirectord" },
  ]);
});

test("kube-proxy in IPVS mode has an interface", async () => {
  expect(await look({ "/sys/class/net/kube-ipvs0/flags": "0x82\n" })).toEqual([
    { manager: "kube-proxy", evidence: "/sys/class/net/kube-ipvs0", here: true },
  ]);
});

test("Docker's ingress is a namespace of its own, and this table's only when the director is in it", async () => {
  const evidence = "/run/docker/netns/ingress_sbox";
  const root = hostFolder({ ...own, [evidence]: "" });
  expect(await findManagers(new FolderHost(root))).toEqual([{ manager: "docker", evidence, here: false }]);
  const { ino } = statSync(join(root, evidence));
  const inside = new FolderHost(root);
  inside.link = async () => `net:[${ino}]`;
  expect(await findManagers(inside)).toEqual([{ manager: "docker", evidence, here: true }]);
});
