/** The contract of a director, asked of the one over this guest's own kernel. */
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { loadAddon } from "#server/director/addon";
import { directorContract } from "#server/director/contract";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import type { Subject } from "#server/director/contract/subject";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";

const run = promisify(execFile);

beforeAll(async () => {
  await run("ip", ["link", "add", "eth0", "type", "veth", "peer", "name", "eth1"]);
  await run("ip", ["addr", "add", "10.77.0.1/24", "dev", "eth0"]);
  await run("ip", ["link", "set", "eth0", "up"]);
  await run("ip", ["link", "set", "eth1", "up"]);
});

afterAll(async () => {
  await run("ip", ["link", "delete", "eth0"]);
});

/** Back to an empty table, no daemon and the usual timeouts, whatever ran here before. */
async function reset(ipvs: KernelIpvs): Promise<void> {
  for (const { role } of await ipvs.daemons()) await ipvs.stopDaemon(role);
  await ipvs.write([{ command: "flush" }]);
  await ipvs.setTimeouts({ tcpS: 900, tcpFinS: 120, udpS: 300 });
}

async function kernelSubject(): Promise<Subject> {
  const ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  await reset(ipvs);
  return {
    director: new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() }),
    outside: async (commands) => {
      const refused = (await ipvs.write(commands)).find((refusal) => refusal !== null);
      if (refused) throw new Error(`${refused.code}: ${refused.message}`);
    },
    traffic: async (service) => {
      const socket = createSocket("udp4");
      // Nobody listens behind the service, and the kernel says so to the sender.
      socket.on("error", () => {});
      const counted = async () => ((await ipvs.service(service)).counters[0] ?? 0n) > 0n;
      for (let tries = 0; tries < 40 && !(await counted()); tries++) {
        socket.send("anyone?", service.port, service.address);
        await pause(250);
      }
      socket.close();
    },
    close: async () => {
      await reset(ipvs);
      ipvs.close();
    },
  };
}

directorContract("kernel", kernelSubject);
