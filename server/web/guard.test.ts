import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { refusalOf } from "./guard.ts";

const ask = (method: string, headers: Record<string, string>, url = "/api/trpc/table.change", allowed: string[] = []) =>
  refusalOf({ method, url, headers } as unknown as IncomingMessage, allowed)?.status ?? 200;

const json = { "content-type": "application/json" };
const own = { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000", ...json };

describe("guard", () => {
  test("a page of ours may change things", () => {
    expect(ask("POST", own)).toBe(200);
    expect(ask("POST", { host: "localhost:3000", "sec-fetch-site": "same-origin", ...json })).toBe(200);
    expect(ask("POST", { host: "[::1]:3000", origin: "http://[::1]:3000", ...json })).toBe(200);
  });

  test("DNS rebinding: a name that is not ours gets nothing, not even a page", () => {
    expect(ask("GET", { host: "evil.example" }, "/")).toBe(421);
    expect(ask("GET", { host: "evil.example:3000" }, "/services")).toBe(421);
    expect(ask("POST", { ...own, host: "evil.example", origin: "http://evil.example" })).toBe(421);
    expect(ask("GET", { host: "127.0.0.1.evil.example" }, "/")).toBe(421);
    expect(ask("GET", { host: "10.0.0.1" }, "/")).toBe(421);
    expect(ask("GET", { host: "lb1.example:3000" }, "/", ["lb1.example"])).toBe(200);
    expect(ask("GET", {}, "/")).toBe(400);
    expect(ask("GET", { host: "a b" }, "/")).toBe(400);
  });

  test("a form or a script of another site is turned away", () => {
    const host = "127.0.0.1:3000";
    expect(
      ask("POST", { host, origin: "http://evil.example", "content-type": "multipart/form-data; boundary=x" }),
    ).toBe(403);
    expect(ask("POST", { host, origin: "null", ...json })).toBe(403);
    expect(ask("POST", { host, "sec-fetch-site": "cross-site", ...json })).toBe(403);
    expect(ask("POST", { host, origin: `http://${host}`, "sec-fetch-site": "same-site", ...json })).toBe(403);
    expect(ask("POST", { host, ...json })).toBe(403);
    expect(ask("POST", { host, origin: "http://127.0.0.1:8080", ...json })).toBe(403);
    expect(ask("PUT", { host, origin: "http://evil.example", ...json })).toBe(403);
  });

  test("what changes something is JSON, also from our own pages", () => {
    for (const type of ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain", ""]) {
      expect(ask("POST", { ...own, "content-type": type })).toBe(415);
    }
    expect(ask("POST", { ...own, "content-type": "application/json; charset=utf-8" })).toBe(200);
  });

  test("streams too must come from our own page", () => {
    const stream = "/api/trpc/live.stream?input=x";
    expect(
      ask("GET", { host: "127.0.0.1:3000", accept: "text/event-stream", "sec-fetch-site": "same-origin" }, stream),
    ).toBe(200);
    expect(
      ask("GET", { host: "127.0.0.1:3000", accept: "text/event-stream", "sec-fetch-site": "cross-site" }, stream),
    ).toBe(403);
    expect(ask("GET", { host: "127.0.0.1:3000" }, stream)).toBe(403);
    for (const path of ["live%2Estream", "live%2estream", "live.strea%6d", "x,live%2Estream"])
      expect(ask("GET", { host: "127.0.0.1:3000" }, `/api/trpc/${path}?input=%`)).toBe(403);
    expect(ask("GET", { host: "127.0.0.1:3000", accept: "text/event-stream" }, "/")).toBe(403);
  });
});
