// What the addon's tests on a real kernel share: the list of tests, one instance of the addon, and its witness ipvsadm.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { batch, command, service, verbs } from "./rows.mjs";

export const addonPath = new URL("../../../build/Release/ipvs.node", import.meta.url).pathname;
export const { Ipvs, rowBytes, commandBytes } = createRequire(import.meta.url)(addonPath);
export const ipvs = new Ipvs();

export const tests = [];
export const test = (name, body) => tests.push({ name, body });

export const run = (name, ...args) => execFileSync(name, args, { encoding: "utf8" });
export const saved = () => run("ipvsadm", "-Sn").trim().split("\n").sort();

export const write = (...commands) => ipvs.write(batch(...commands));
export const codes = (faults) => faults.map((fault) => fault?.code ?? null);
export const add = (row, ...servers) => [
  command(verbs.newService, row),
  ...servers.map((each) => command(verbs.newServer, row, each)),
];

export const web = service({ protocol: 6, address: "192.0.2.1", port: 80, scheduler: "wrr" });
/** A service that no test adds. */
export const none = service({ protocol: 6, address: "192.0.2.99", port: 80, scheduler: "rr" });
