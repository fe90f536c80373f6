import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalDirector } from "../local.ts";
import { defaultHost } from "../simulated/host.ts";
import { SimulatedIpvs } from "../simulated.ts";
import { MemoryDrainedWeights } from "./memory-drained-weights.ts";
import type { Subject } from "./subject.ts";

/** A simulated director on a clock of its own. @param options.fullnat its kernel has FULLNAT */
export async function simulatedSubject({
  fullnat = false,
} = {}): Promise<Subject & { director: LocalDirector; ipvs: SimulatedIpvs; drained: MemoryDrainedWeights }> {
  let nowMs = 0;
  const host = { ...defaultHost, schedulers: defaultHost.schedulers.filter((name) => name !== "twos") };
  const ipvs = new SimulatedIpvs({ seed: 1, now: () => nowMs, table: [], host, fullnat });
  const drained = new MemoryDrainedWeights();
  const folder = mkdtempSync(join(tmpdir(), "simulated-director-"));
  return {
    ipvs,
    drained,
    director: new LocalDirector({ ipvs, drained, bootFile: join(folder, "boot.rules") }),
    outside: async (commands) => {
      const refused = (await ipvs.write(commands)).find((refusal) => refusal !== null);
      if (refused) throw new Error(`${refused.code}: ${refused.message}`);
    },
    traffic: async () => {
      nowMs += 30_000;
    },
    close: async () => {
      ipvs.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
