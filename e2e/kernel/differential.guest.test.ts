/** The simulated kernel and the real one, asked the same. Passes a seed with `KERNEL_ENV=DIFFERENTIAL_SEED`. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schedulers } from "#domain/service";
import { loadAddon } from "#server/director/addon";
import { KernelIpvs } from "#server/director/kernel";
import { SimulatedIpvs } from "#server/director/simulated";
import type { SimulatedHost } from "#server/director/simulated/host";
import { compare, nothingCompared, reset } from "./differential.ts";
import { operations } from "./operations.ts";

const run = promisify(execFile);
const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2_147_483_647));
const runs = 60;
const operationsInARun = 160;

/** All that the rules can answer: a run that did not meet one of these has not compared it. */
const everyOutcome = [
  ...["done", "EEXIST", "ENOENT", "EINVAL"].map((code) => `new-service ${code}`),
  ...["done", "ESRCH", "ENOENT", "EINVAL"].map((code) => `set-service ${code}`),
  ...["done", "ESRCH"].map((code) => `delete-service ${code}`),
  ...["done", "ESRCH", "EEXIST", "EINVAL", "ERANGE"].map((code) => `new-server ${code}`),
  ...["done", "ESRCH", "ENOENT", "EINVAL", "ERANGE"].map((code) => `set-server ${code}`),
  ...["done", "ESRCH", "ENOENT"].map((code) => `delete-server ${code}`),
  ...["done", "ESRCH"].map((code) => `zero ${code}`),
  ...["done", "EINVAL"].map((code) => `set-timeouts ${code}`),
  ...["done", "EINVAL", "ENODEV", "EEXIST"].map((code) => `start-daemon ${code}`),
  ...["done", "ESRCH"].map((code) => `stop-daemon ${code}`),
  ...["done", "ESRCH"].map((code) => `service ${code}`),
  "flush done",
];

/** What beforeAll makes of the guest, told to the simulated kernel. */
const guest: SimulatedHost = {
  interfaces: [
    { name: "lo", mtu: 65_536, addresses: ["127.0.0.1/8", "::1/128"] },
    { name: "eth0", mtu: 1500, addresses: ["10.77.0.1/24"] },
    { name: "eth1", mtu: 1500, addresses: ["10.78.0.1/24"] },
  ],
  schedulers: schedulers.filter((scheduler) => scheduler !== "none" && scheduler !== "twos"),
  engines: ["sip"],
};

let kernel: KernelIpvs;
const simulated = new SimulatedIpvs({ seed: 1, now: () => performance.now(), table: [], host: guest });

beforeAll(async () => {
  const ip = (...words: string[]) => run("ip", words);
  await ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
  await ip("addr", "add", "10.77.0.1/24", "dev", "eth0");
  await ip("addr", "add", "10.78.0.1/24", "dev", "eth1");
  await ip("link", "set", "eth0", "up");
  await ip("link", "set", "eth1", "up");
  kernel = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
});

afterAll(async () => {
  await reset(kernel);
  kernel.close();
  await run("ip", ["link", "delete", "eth0"]);
});

test("the simulated kernel and this one answer alike", { timeout: 120_000 }, async () => {
  console.log(`DIFFERENTIAL_SEED=${seed}`);
  const sum = nothingCompared();
  await fc.assert(
    fc.asyncProperty(operations(operationsInARun), async (sequence) => {
      await reset(kernel);
      await reset(simulated);
      await compare(simulated, kernel, sequence, sum);
    }),
    { seed, numRuns: runs, interruptAfterTimeLimit: 45_000, markInterruptAsFailure: true },
  );
  console.log(`${sum.operations} operations, ${sum.tables} whole tables`, Object.fromEntries([...sum.outcomes].sort()));
  expect(sum.operations).toBeGreaterThanOrEqual(3000);
  expect([...sum.outcomes.keys()]).toEqual(expect.arrayContaining(everyOutcome));
});
