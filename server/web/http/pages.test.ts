import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { letIn } from "./pages.ts";

const nobody = { who: async () => null };

async function policyOf(path: string): Promise<string | undefined> {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => headers.set(name, value),
  } as unknown as ServerResponse;
  await letIn(path, nobody, { headers: {} } as IncomingMessage, response);
  return headers.get("content-security-policy");
}

test("a worker may load built files and ask nobody for anything; no other file is given more than it had", async () => {
  expect(await policyOf("/_next/static/chunks/turbopack-worker-1hrsqshz0gfey.js")).toBe(
    "default-src 'none'; script-src 'self'",
  );
  for (const path of [
    "/_next/static/chunks/310vm2bl3xxpt.js",
    "/_next/static/chunks/turbopack-2u1d16houkiyo.js",
    "/_next/static/chunks/turbopack-worker-a.js/b",
    "/_next/static/media/turbopack-worker-a.js",
  ]) {
    expect([path, await policyOf(path)]).toEqual([path, undefined]);
  }
});
