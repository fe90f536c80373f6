/**
 * A director that ends by SIGKILL in the middle of a batch. Usage: killed-director.ts STATE_FILE KILL_AFTER CHANGES_FILE|-
 * It finishes or undoes what a director before it left, and applies the changes of the file; after KILL_AFTER commands in
 * all have reached the kernel it is gone. Prints "whole" when it came to the end instead.
 */
import { readFileSync } from "node:fs";
import type { Change } from "#domain/change";
import { loadAddon } from "#server/director/addon";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { openDirectorStore } from "#server/store/director-store";

const [stateFile = "", killAfter = "", changesFile = ""] = process.argv.slice(2);
const ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
const write = ipvs.write.bind(ipvs);
let left = Number(killAfter);
ipvs.write = async (commands) => {
  if (commands.length >= left) {
    await write(commands.slice(0, left));
    process.kill(process.pid, "SIGKILL");
    // Nothing more is to happen until the signal is there.
    await new Promise(() => {});
  }
  left -= commands.length;
  return write(commands);
};

const log = {
  info: () => {},
  error: (details: unknown) => {
    throw new Error(JSON.stringify(details));
  },
};
const store = await openDirectorStore(stateFile, log);
const director = new LocalDirector({
  ...{ ipvs, log },
  drained: store.drainedWeights("kernel"),
  memory: store.memory("kernel"),
});
await director.start();
if (changesFile !== "-") await director.apply(JSON.parse(readFileSync(changesFile, "utf8")) as Change[]);
await director.stop();
await store.close();
ipvs.close();
process.stdout.write("whole\n");
