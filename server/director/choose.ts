import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { loadAddon } from "./addon.ts";
import type { DirectorStatus } from "./director.ts";
import type { Ipvs } from "./ipvs.ts";
import { KernelIpvs } from "./kernel.ts";
import { largeTable, SimulatedIpvs, usualTable, withConnections } from "./simulated.ts";

export interface Choice {
  ipvs: Ipvs;
  simulatedBecause: DirectorStatus["simulatedBecause"];
}

/**
 * Which IPVS to direct. `auto` is the host's own where its family answers; a simulated one only where this state folder
 * has never seen the host's, so that a real table is never swapped for a made-up one: after a module unload or with
 * too few rights a director that once was real stays real, and says what is wrong.
 */
export async function chooseIpvs(config: Config, stateDir: string): Promise<Choice> {
  if (config.director === "simulated")
    return { ipvs: simulated(config), simulatedBecause: { code: "asked", params: {} } };
  const seenFile = join(stateDir, "kernel-seen");
  const kernel = openKernel();
  const refusal =
    kernel instanceof Error
      ? { code: process.platform === "linux" ? "no-addon" : "not-linux", params: { detail: kernel.message } }
      : await refusalOf(kernel);
  if (!refusal) {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(seenFile, "");
  }
  const mayPretend = config.director === "auto" && !existsSync(seenFile);
  if (refusal && mayPretend) {
    if (!(kernel instanceof Error)) kernel.close();
    return { ipvs: simulated(config), simulatedBecause: refusal };
  }
  if (kernel instanceof Error) throw kernel;
  return { ipvs: kernel, simulatedBecause: null };
}

function openKernel(): KernelIpvs | Error {
  if (process.platform !== "linux") return new Error(`IPVS is a part of Linux; this is ${process.platform}`);
  try {
    return new KernelIpvs(loadAddon());
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function refusalOf(kernel: KernelIpvs): Promise<NonNullable<DirectorStatus["simulatedBecause"]> | null> {
  try {
    await kernel.info();
    return null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code: code === "EPERM" || code === "EACCES" ? "no-permission" : "no-module", params: { detail: message } };
  }
}

function simulated(config: Config): Ipvs {
  const startedMs = performance.now();
  const table = config.simulatedTable ? largeTable(config.simulatedTable) : usualTable;
  const { simulatedConnections, simulatedRowsPerSecond } = config;
  return new SimulatedIpvs({
    seed: config.simulatedSeed,
    fullnat: config.simulatedFullnat,
    now: () => performance.now() - startedMs,
    table: simulatedConnections === null ? table : withConnections(table, simulatedConnections),
    rowsPerSecond: simulatedRowsPerSecond,
  });
}
