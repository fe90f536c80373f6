import type { BrowserContext } from "@playwright/test";
import type { ConsoleClient } from "./console-client.ts";

/** Gives a browser the session that a client began: its cookie says no more of itself than name, value and place. */
export async function lend(context: BrowserContext, client: ConsoleClient): Promise<void> {
  const { name, value } = cookieOf(client);
  const secure = client.url.startsWith("https:");
  // One with a __Host- name has no domain of its own.
  await context.addCookies([{ name, value, url: client.url, httpOnly: true, secure, sameSite: "Strict" }]);
}

export function cookieOf({ cookie }: ConsoleClient): { name: string; value: string } {
  const at = cookie.indexOf("=");
  return { name: cookie.slice(0, at), value: cookie.slice(at + 1) };
}
