/** The simulated kernel and the real one, asked the same. A seed of one's own comes in with `KERNEL_ENV=DIFFERENTIAL_SEED`. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schedulers } from "#domain/service";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import type { Ipvs } from "#server/director/ipvs";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { SimulatedIpvs } from "#server/director/simulated";
import type { SimulatedHost } from "#server/director/simulated/host";
import { compare, emptyTally, reset, tallyText } from "./differential.ts";
import { directorDifferential } from "./director-differential.ts";
import { directorOperations } from "./director-operations.ts";
import { ipvsDifferential } from "./ipvs-differential.ts";
import { operations } from "./operations.ts";

const run = promisify(execFile);
const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2_147_483_647));
const runs = 60;
const mostOperations = 160;
/** Also ends the search for the shortest sequence that shows a difference. */
const limits = { seed, numRuns: runs, interruptAfterTimeLimit: 80_000, markInterruptAsFailure: true };

/** What beforeAll makes of the guest, told to the simulated kernel. */
const guest: SimulatedHost = {
  interfaces: [
    { name: "lo", mtu: 65_536, addresses: ["127.0.0.1/8", "::1/128"] },
    { name: "eth0", mtu: 1500, addresses: ["10.77.0.1/24", "fd77::1/64"] },
    { name: "eth1", mtu: 1500, addresses: ["10.78.0.1/24"] },
  ],
  schedulers: schedulers.filter((scheduler) => scheduler !== "none" && scheduler !== "twos"),
  engines: ["sip"],
};

let kernel: KernelIpvs;

beforeAll(async () => {
  const ip = (...words: string[]) => run("ip", words);
  // An IPv6 address that is still being looked for on the link cannot be sent from, which would make answers depend on the time.
  for (const scope of ["all", "default"]) await writeFile(`/proc/sys/net/ipv6/conf/${scope}/accept_dad`, "0");
  await ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
  await ip("addr", "add", "10.77.0.1/24", "dev", "eth0");
  await ip("addr", "add", "10.78.0.1/24", "dev", "eth1");
  await ip("-6", "addr", "add", "fd77::1/64", "dev", "eth0", "nodad");
  await writeFile("/proc/sys/net/ipv6/conf/eth1/disable_ipv6", "1");
  await ip("link", "set", "eth0", "up");
  await ip("link", "set", "eth1", "up");
  kernel = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  console.log(`DIFFERENTIAL_SEED=${seed}`);
});

afterAll(async () => {
  await reset(kernel);
  kernel.close();
  await run("ip", ["link", "delete", "eth0"]);
});

const outcomes = (name: string, codes: string) => codes.split(" ").map((code) => `${name} ${code}`);

/** All that the rules can answer: a run that did not meet one of these has not compared it. */
const everyAnswer = [
  ...outcomes("new-service", "done EEXIST ENOENT EINVAL"),
  ...outcomes("set-service", "done ESRCH ENOENT EINVAL"),
  ...outcomes("delete-service", "done ESRCH"),
  ...outcomes("new-server", "done ESRCH EEXIST EINVAL ERANGE"),
  ...outcomes("set-server", "done ESRCH ENOENT EINVAL ERANGE"),
  ...outcomes("delete-server", "done ESRCH ENOENT"),
  ...outcomes("zero", "done ESRCH"),
  ...outcomes("set-timeouts", "done EINVAL"),
  ...outcomes("start-daemon", "done EINVAL ENODEV EEXIST ENETUNREACH"),
  ...outcomes("stop-daemon", "done ESRCH"),
  ...outcomes("service", "done ESRCH"),
  ...outcomes("flush", "done"),
];

test("the simulated kernel and this one answer alike", { timeout: 120_000 }, async () => {
  const simulated = new SimulatedIpvs({ seed: 1, now: () => performance.now(), table: [], host: guest });
  const tally = emptyTally();
  await fc.assert(
    fc.asyncProperty(operations(mostOperations), async (sequence) => {
      for (const ipvs of [simulated, kernel]) await reset(ipvs);
      await compare<Ipvs, (typeof sequence)[number]>(ipvsDifferential, [simulated, kernel], sequence, tally);
    }),
    limits,
  );
  console.log(tallyText(tally));
  expect(tally.operations).toBeGreaterThanOrEqual(3000);
  expect([...tally.outcomes.keys()]).toEqual(expect.arrayContaining(everyAnswer));
});

const everyDirectorAnswer = [
  ...["add-service", "edit-service", "remove-service", "add-server", "edit-server", "remove-server"].map(
    (verb) => `${verb} done`,
  ),
  ...["set-weight done", "drain-server done", "restore-server done"],
  ...outcomes("apply", "INVALID NO_SUCH_SERVICE NO_SUCH_SERVER SERVICE_EXISTS SERVER_EXISTS CONFLICT NOT_DRAINED"),
  ...outcomes("apply", "NO_SUCH_SCHEDULER_OR_ENGINE REFUSED"),
  ...outcomes("set-timeouts", "done INVALID"),
  ...outcomes("start-daemon", "done INVALID NO_SUCH_INTERFACE DAEMON_RUNNING DAEMON_REFUSED"),
  ...outcomes("stop-daemon", "done DAEMON_NOT_RUNNING"),
  ...outcomes("service", "done NO_SUCH_SERVICE"),
  ...outcomes("zero", "done NO_SUCH_SERVICE"),
  ...outcomes("clear", "done"),
];

test("directors over the two answer alike", { timeout: 120_000 }, async () => {
  // Its clock stands: without clients the counters of both are 0, and records can be compared whole.
  const simulated = new SimulatedIpvs({ seed: 1, now: () => 0, table: [], host: guest });
  const tally = emptyTally();
  await fc.assert(
    fc.asyncProperty(directorOperations(mostOperations), async (sequence) => {
      for (const ipvs of [simulated, kernel]) await reset(ipvs);
      const director = (ipvs: Ipvs) => new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
      await compare(directorDifferential, [director(simulated), director(kernel)], sequence, tally);
    }),
    limits,
  );
  console.log(tallyText(tally));
  expect(tally.operations).toBeGreaterThanOrEqual(3000);
  expect([...tally.outcomes.keys()]).toEqual(expect.arrayContaining(everyDirectorAnswer));
});
