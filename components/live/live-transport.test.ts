import { createTRPCClient, httpLink } from "@trpc/client";
import { expect, test } from "vitest";
import type { Client } from "#components/trpc";
import { emptyView } from "#domain/list-query";
import { transportOver } from "./live-transport.ts";

/** setView over a connection on which `status` and `body` come back. */
function setView(status: number, body: unknown) {
  const answered = async () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  const client = createTRPCClient({ links: [httpLink({ url: "http://console/api/trpc", fetch: answered })] });
  return transportOver(client as unknown as Client, () => {}).setView("a-view", emptyView);
}

const refusal = (code: string, httpStatus: number) => ({
  error: { message: code, code: -1, data: { code, httpStatus } },
});

test("what web answers tells whether it shows the view, lost the stream, or is of another build", async () => {
  expect(await setView(200, { result: { data: true } })).toBe("shown");
  expect(await setView(200, { result: { data: false } })).toBe("no-stream");
  expect(await setView(400, refusal("BAD_REQUEST", 400))).toBe("not-understood");
  expect(await setView(404, refusal("NOT_FOUND", 404))).toBe("not-understood");
});

test.each([
  ["a session that is over", 401, refusal("UNAUTHORIZED", 401)],
  ["a server that failed", 500, refusal("INTERNAL_SERVER_ERROR", 500)],
  ["a proxy with a page of its own", 400, "<h1>Bad Request</h1>"],
  ["a proxy with JSON of its own", 404, { error: "no such host" }],
])("%s says nothing about the page", async (_what, status, body) => {
  await expect(setView(status, body)).rejects.toThrow();
});
