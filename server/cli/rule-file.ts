import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { longestRuleText } from "#domain/rules-exchange";
import { ConfigError } from "../config.ts";

/** The text of a file, or of standard input for "-". ConfigError when it cannot be read, is no text in UTF-8, or is longer than rules are. */
export async function readRuleFile(path: string): Promise<string> {
  const name = path === "-" ? "Standard input" : path;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of path === "-" ? process.stdin : createReadStream(path)) {
      bytes += chunk.length;
      chunks.push(chunk);
      // There is input without an end.
      if (bytes > longestRuleText) break;
    }
  } catch (error) {
    throw new ConfigError(`${name} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  if (bytes > longestRuleText) throw new ConfigError(`${name} has more than 16 MiB.`);
  const whole = Buffer.concat(chunks);
  if (!isUtf8(whole)) throw new ConfigError(`${name} is not text in UTF-8.`);
  return whole.toString("utf8");
}
