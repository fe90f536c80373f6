/** Forwarding methods as the kernel holds them, seen by ipvsadm on one side and by the director on the other. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { observedForwards } from "#domain/real-server";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { http, server, spec } from "#server/director/contract/samples";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";

const run = promisify(execFile);
const savedServers = async () =>
  (await run("ipvsadm", ["-S", "-n"])).stdout.split("\n").filter((line) => line.startsWith("-a "));

let ipvs: KernelIpvs;
let director: LocalDirector;
beforeEach(() => {
  ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
});
afterEach(async () => {
  await ipvs.write([{ command: "flush" }]);
  ipvs.close();
});

/** What ipvsadm -S writes for FWD_METHOD 0 to 7: it has no word for the last four. */
const saved = ["-m", "-g", "-i", "-g", "(null)", "(null)", "(null)", "(null)"];

test("all eight are shown by their names, and weighed, drained and removed without losing them", async () => {
  const address = (index: number) => `10.0.0.${index + 1}`;
  const refused = await ipvs.write([
    { command: "new-service", service: http, spec: spec() },
    ...observedForwards.map((forward, index) => ({
      command: "new-server" as const,
      service: http,
      server: {
        ...server({ address: address(index) }),
        forward,
        tunnel: forward === "tunnel" ? { type: "ipip", port: 0, checksum: "none" } : null,
      },
    })),
  ]);
  expect(refused.every((each) => each === null)).toBe(true);
  const lines = (weights: readonly number[]) =>
    weights.map(
      (weight, index) =>
        `-a -t 192.0.2.10:80 -r ${address(index)}:80 ${saved[index]} -w ${weight}${index === 2 ? " --tun-type ipip" : ""}`,
    );
  expect(await savedServers()).toEqual(lines([1, 1, 1, 1, 1, 1, 1, 1]));
  const { servers } = await director.service(http);
  expect(Object.fromEntries(servers.map((each) => [each.spec.address, each.spec.forward]))).toEqual(
    Object.fromEntries(observedForwards.map((forward, index) => [address(index), forward])),
  );

  const keys = observedForwards.map((_, index) => ({ service: http, server: { address: address(index), port: 80 } }));
  await director.apply(keys.map((key, index) => ({ verb: "set-weight", ...key, weight: 10 + index })));
  expect(await savedServers()).toEqual(lines([10, 11, 12, 13, 14, 15, 16, 17]));
  await director.apply(keys.map((key) => ({ verb: "drain-server", ...key })));
  expect(await savedServers()).toEqual(lines([0, 0, 0, 0, 0, 0, 0, 0]));
  await director.apply(keys.map((key) => ({ verb: "restore-server", ...key })));
  expect(await savedServers()).toEqual(lines([10, 11, 12, 13, 14, 15, 16, 17]));
  await director.apply(keys.slice(4).map((key) => ({ verb: "remove-server", ...key })));
  expect(await savedServers()).toEqual(lines([10, 11, 12, 13]));
});
