import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { PassThrough } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { longestRuleText } from "#domain/rules-exchange";
import { ruleBody } from "./rule-body.ts";
import { answerOf, expectProblem, RulesServer, rules } from "./rules-http-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const web = new RulesServer();

describe("a text that is not taken", () => {
  test("422 with every faulty line, its column, code and sentence", async () => {
    const faulty = Array.from({ length: 2500 }, () => "-a -t 192.0.2.10:80 -r 10.0.0.1:80 -w much\n").join("");
    for (const method of ["POST", "PUT"]) {
      const refused = await web.send(method, `${rules}${faulty}-A -t 10.0.0.9:80 -s\n`, "admin");
      expectProblem(refused, 422);
      expect(refused.json.errors).toHaveLength(2501);
      expect(refused.json.errors[0]).toEqual({
        line: 4,
        column: 39,
        code: "NUMBER_INVALID",
        message: expect.stringContaining("much"),
      });
      expect(refused.json.errors.at(-1)).toMatchObject({ line: 2504, code: "VALUE_MISSING" });
    }
    expect(await web.now()).toBe("");
  });

  test("more changes than a batch takes: 422, and why", async () => {
    const text = Array.from({ length: 100_001 }, (_, mark) => `-A -f ${mark + 1}\n`).join("");
    const refused = await web.post(text);
    expectProblem(refused, 422, "INVALID");
    expect(refused.json.title).toMatch(/100,?000/);
  });

  test.each([
    ["text/plain; charset=utf-8", 200],
    ["Text/Plain", 200],
    ["application/octet-stream", 200],
    // curl --data-binary says so when nobody tells it otherwise.
    ["application/x-www-form-urlencoded", 200],
    ["application/json", 415],
    ["text/html", 415],
    ["multipart/form-data; boundary=x", 415],
  ])("%s: %i", async (type, status) => {
    const answer = await web.post(rules, "", "operator", { "content-type": type });
    expect(answer.status).toBe(status);
    if (status === 415) expectProblem(answer, 415);
    expect(await web.now()).toBe(status === 200 ? rules : "");
  });

  test("compressed: 415", async () => {
    const headers = { "content-type": "text/plain", "content-encoding": "gzip" };
    expectProblem(await web.send("POST", gzipSync(rules), "operator", "", headers), 415);
  });

  test.each([
    ["a lone continuation byte", Buffer.from([0x23, 0x80, 0x0a])],
    ["Latin-1", Buffer.from("# für alle\n", "latin1")],
    ["UTF-16", Buffer.from(`\ufeff${rules}`, "utf16le")],
    ["half a character at the end", Buffer.from("# €").subarray(0, -1)],
  ])("%s is no UTF-8: 400", async (_, bytes) => {
    expectProblem(await web.send("POST", bytes, "operator"), 400);
  });

  test("a byte order mark is none of the text", async () => {
    expect((await web.post(`\ufeff${rules}`)).status).toBe(200);
    expect(await web.now()).toBe(rules);
  });
});

describe("a text that is too long", () => {
  const piece = Buffer.alloc(1024 * 1024, "#");

  test("16 MiB are taken, a byte more is 413 before any of it is sent", async () => {
    const longest = Buffer.alloc(longestRuleText, "\n# 34567");
    expect((await web.send("POST", longest, "operator")).status).toBe(422);
    const request = web.begin("POST", "", "operator", { "content-length": String(longestRuleText + 1) });
    request.flushHeaders();
    const answer = await answerOf(request);
    expectProblem(answer, 413);
    expect(answer.headers["connection"]).toBe("close");
    request.destroy();
  });

  test("one of unknown length: 413, which reaches who goes on sending, and then the connection ends", async () => {
    const { port } = web.server.address() as AddressInfo;
    const head = web.begin("POST", "", "operator");
    const authorization = String(head.getHeader("authorization"));
    head.on("error", () => {}).destroy();
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    const closed = once(socket, "close");
    let said = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    socket.write(`POST /api/v1/rules HTTP/1.1\r\nhost: console\r\nauthorization: ${authorization}\r\n`);
    socket.write("transfer-encoding: chunked\r\n\r\n");
    let sent = 0;
    while (!socket.closed && sent < 4000) {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      if (!socket.write("\r\n")) await Promise.race([once(socket, "drain"), closed]);
      if (sent++ > 20) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(said).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*16 MiB/is);
    expect(sent).toBeGreaterThan(20);
    await closed;
    expect(await web.now()).toBe("");
  });

  test("who sends all of it before reading gets the answer too", async () => {
    const request = web.begin("PUT", "", "admin");
    // The connection is closed under what it has yet to send.
    request.on("error", () => {});
    const answer = answerOf(request);
    for (let i = 0; i < 20; i++) request.write(piece);
    request.end();
    expectProblem(await answer, 413);
  });
});

test("who hangs up in the middle leaves no trace", async () => {
  const request = web.begin("POST", "", "operator");
  request.on("error", () => {});
  request.write(rules);
  const [asked] = (await once(web.server, "request")) as [IncomingMessage];
  const gone = new Promise((resolve) => asked.once("close", resolve));
  await once(asked, "data");
  request.destroy();
  await gone;
  expect((await web.get()).text).toBe("");
  expect(web.at.logged()).not.toContain("request failed");
});

test("of a body that is too long nothing is kept", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const pieces: WeakRef<Buffer>[] = [];
  const request = Object.assign(new PassThrough({ highWaterMark: 1 }), { headers: {} });
  const body = ruleBody(request as unknown as IncomingMessage);
  const sendOne = async () => {
    const buffer = Buffer.alloc(1024 * 1024);
    pieces.push(new WeakRef(buffer));
    if (!request.write(buffer)) await once(request, "drain");
  };
  for (let i = 0; i < 17; i++) await sendOne();
  expect(await body).toMatchObject({ status: 413 });
  for (let i = 0; i < 17; i++) await sendOne();
  await new Promise((resolve) => setTimeout(resolve, 10));
  collect();
  expect(pieces.filter((piece) => piece.deref() !== undefined).length).toBeLessThan(4);
});
