import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { inheritedEnvironment } from "./inherited.ts";

const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a verb of `ipvs-console` on the product whose state is there, with that on its standard input, until it ends. */
export async function runVerb(stateDir: string, args: readonly string[], input = ""): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...inheritedEnvironment(), STATE_DIR: stateDir } });
  const ended = once(child, "close");
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, out, err };
}
