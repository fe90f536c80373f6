import { type ParseArgsConfig, parseArgs } from "node:util";
import { ConfigError } from "../config.ts";

/** parseArgs(), strict, but what is wrong with a flag is a ConfigError whose message is one sentence. */
export function readFlags<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs<T>(config);
  } catch (thrown) {
    // Node goes on with hints about dashes, which help nobody who wrote a flag that is not there.
    const [sentence = ""] = (thrown as Error).message.split(/\.? To specify|\.?\n/);
    throw new ConfigError(sentence.replace(/([^.])$/, "$1."), { cause: thrown });
  }
}
