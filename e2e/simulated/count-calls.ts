import type { Page } from "@playwright/test";

/** How often a page has asked a procedure from now on, each call of a batch of its own. */
export function countCalls(page: Page, procedure: string): () => number {
  let calls = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === `/api/trpc/${procedure}`) calls++;
  });
  return () => calls;
}
