import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../config.ts";
import { loadMeter } from "../load.ts";
import { createLog } from "../log.ts";
import { openDirectorStore } from "../store/director-store.ts";
import { bootIdOf } from "./boot-id.ts";
import { chooseIpvs } from "./choose.ts";
import { factsOf } from "./connection-reads.ts";
import { toDirectorError } from "./faults.ts";
import { LocalDirector } from "./local.ts";
import { namespaceNumber } from "./network-namespace.ts";
import { Sampler } from "./sampler.ts";
import { createDirectorServer } from "./serve.ts";
import { listenOnSocket } from "./socket.ts";

/** How long the end of the process waits for a batch that is under way. */
const longestBatchMs = 1000;
/** A sample this old tells well enough how many connections there are: while nobody watches, one comes every 10 s. */
const freshSampleMs = 12_000;

/**
 * The process beside the kernel: owns the addon, the sampler and what the table needs remembered, and serves it all on
 * RUNTIME_DIR/director.sock. Resolves once it listens; rejects with AlreadyRunning when another one does.
 */
export async function runDirector(config: Config): Promise<{ stop: () => Promise<void> }> {
  const log = createLog("director", config.logLevel);
  const stateDir = join(config.stateDir, "director");
  // Web has its own folder beside this one, as another user: what lies above both must be passable to it.
  mkdirSync(config.stateDir, { recursive: true, mode: 0o755 });
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const { ipvs, simulatedBecause } = await chooseIpvs(config, stateDir);
  const store = await openDirectorStore(join(stateDir, "director.sqlite"), log);
  // A simulated table is in none.
  const netns = ipvs.kind === "kernel" ? config.netns : null;
  const director = new LocalDirector({
    ...{ ipvs, simulatedBecause, log },
    networkNamespace: netns,
    // Each namespace has a table of its own, and what is begun in one is not finished in another.
    bootId: netns === null ? bootIdOf(ipvs.kind) : `${bootIdOf(ipvs.kind)} ${namespaceNumber()}`,
    drained: store.drainedWeights(ipvs.kind),
    memory: store.memory(ipvs.kind),
    bootFile: join(stateDir, "boot.rules"),
    sampled: () => {
      const snapshot = sampler.latest(freshSampleMs);
      return snapshot && factsOf(snapshot);
    },
  });
  const load = loadMeter();
  let lastError = "";
  const sampler = new Sampler({
    ipvs,
    sampleMs: config.sampleMs,
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    drainedWeight: (id) => director.drainedWeight(id),
    toDirectorError: (thrown) => toDirectorError(thrown, "snapshot"),
    onRows: (rows) => director.noticed(rows),
    onSample: (sample) => {
      if (lastError !== "") log.info("samples are back");
      lastError = "";
      log.debug({ ...sample, ...load() }, "sample");
    },
    onError: (error) => {
      if (lastError !== error.code) log.error({ code: error.code, err: error.cause ?? error }, "no sample");
      lastError = error.code;
    },
  });
  const server = createDirectorServer(director, sampler, log);
  const socketPath = join(config.runtimeDir, "director.sock");
  await listenOnSocket(server, socketPath);
  // Not before the socket is ours: another director would be in the middle of its own batch.
  await director.start();
  sampler.start();
  log.info({ socket: socketPath, kind: ipvs.kind, netns, simulatedBecause: simulatedBecause?.code }, "directing");

  const stop = async () => {
    sampler.stop();
    server.close();
    server.closeAllConnections();
    // A batch of very many rows may take longer: the next start finishes or undoes it.
    await Promise.race([director.stop(), pause(longestBatchMs, undefined, { ref: false })]);
    await store.close();
    ipvs.close();
    log.info("stopped");
  };
  return { stop };
}
