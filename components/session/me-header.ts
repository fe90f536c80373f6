import type { Me } from "#domain/people";

/** The request header in which web tells the page who asks for it. A client's own is dropped before. */
export const meHeader = "x-console-me";

/** Who asked for the page: base64url of Me as JSON, or empty for nobody. */
export function readMe(text: string | null): Me | null {
  if (!text) return null;
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Me;
}
