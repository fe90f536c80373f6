import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { newPasswordSchema } from "#domain/people";
import { problemsOf } from "#domain/problem";
import { ConfigError } from "../config.ts";
import { refusalSentence } from "../words.ts";

/**
 * A new password: the first line of standard input, or asked for twice on the terminal without showing it. Throws
 * ConfigError, a sentence, for one that breaks the rules, for two that differ, and where there is no terminal to ask on.
 */
export async function askNewPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return checked(await firstLine());
  if (!process.stdin.isTTY)
    throw new ConfigError("There is no terminal to ask for the password on; use --password-stdin.");
  const first = checked(await askHidden("New password: "));
  if (first !== checked(await askHidden("The same again: "))) throw new ConfigError("The two passwords differ.");
  return first;
}

function checked(text: string): string {
  const parsed = newPasswordSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError(refusalSentence({ code: "INVALID", params: {}, problems: problemsOf(parsed.error) }));
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  return "";
}

async function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  lines.on("SIGINT", () => process.exit(130));
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
