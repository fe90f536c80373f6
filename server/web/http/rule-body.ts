import type { IncomingMessage } from "node:http";
import { longestRuleText } from "#domain/rules-exchange";

/** Why a body is not taken as rule text; `response` is to answer it. */
export interface RefusedBody {
  status: 400 | 413 | 415;
  title: string;
}

/** What text may come as; the last is what curl says when nobody tells it. */
const textTypes = ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", ""];

/**
 * The body of a request as text, or why it is not taken, known as soon as it can be: one that is too long is not waited for,
 * and no more of it is kept. Null when the client has gone.
 */
export async function ruleBody(request: IncomingMessage): Promise<string | RefusedBody | null> {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = request.headers;
  if (!textTypes.includes((type.split(";", 1)[0] ?? "").trim().toLowerCase()))
    return { status: 415, title: "Rules are sent as text/plain." };
  if (encoding.toLowerCase() !== "identity")
    return { status: 415, title: "Rules are sent as they are, not compressed." };
  const tooLong = { status: 413, title: "Rules have at most 16 MiB." } as const;
  if (Number(request.headers["content-length"] ?? 0) > longestRuleText) return tooLong;
  const bytes = await bytesOf(request).catch(() => null);
  if (bytes === null) return null;
  if (bytes === "too many") return tooLong;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { status: 400, title: "The text is not UTF-8." };
  }
}

function bytesOf(request: IncomingMessage): Promise<Buffer | "too many"> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= longestRuleText) chunks.push(chunk);
      else chunks = [];
      if (bytes > longestRuleText) resolve("too many");
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", reject);
  });
}

const patienceMs = 2000;

/**
 * Settles when the client has sent all that it wanted, or for a moment went on and on. It is thrown away; but a connection
 * that is closed before is reset, and whoever was still sending never reads why.
 */
export async function drained(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
    for (const end of ["end", "close", "error"]) request.once(end, () => resolve());
    request.resume();
  });
  clearTimeout(timer);
}
