import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type Server } from "node:http";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "../config.ts";
import { selfSigned } from "./self-signed-fixture.ts";
import { createWebServer, reloadOnSignal } from "./tls.ts";

let folder: string;
let first: ReturnType<typeof selfSigned>;
let second: ReturnType<typeof selfSigned>;
/** the pair that the server reads: a copy of one of the others */
let tls: { certFile: string; keyFile: string };
let running: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tls-"));
  first = selfSigned(folder, "first");
  second = selfSigned(folder, "second");
  tls = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
});
beforeEach(() => use(first));
afterEach(() => {
  for (const server of running) server.close().closeAllConnections();
  running = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function use(pair: { certFile: string; keyFile: string }): void {
  copyFileSync(pair.certFile, tls.certFile);
  copyFileSync(pair.keyFile, tls.keyFile);
}

async function serve(config: Parameters<typeof createWebServer>[0]): Promise<{ server: Server; port: number }> {
  const server = createWebServer(config, (_request, response) => response.end("hello"));
  running.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

async function answerOf(request: ReturnType<typeof httpRequest>): Promise<string> {
  const [response] = await once(request.end(), "response");
  return (await response.setEncoding("utf8").toArray()).join("");
}

const getTls = (port: number) =>
  answerOf(httpsRequest({ port, host: "127.0.0.1", ca: readFileSync(tls.certFile), agent: false }));

/** The common name that the server shows to a new connection, or the code of the failure. */
async function shown(port: number, options: object = {}): Promise<string> {
  const socket: TLSSocket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
  try {
    await once(socket, "secureConnect");
    return String(socket.getPeerCertificate().subject.CN);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "";
  } finally {
    socket.destroy();
  }
}

describe("createWebServer", () => {
  test("plain HTTP without a pair", async () => {
    const { port } = await serve({ tls: null });
    expect(await answerOf(httpRequest({ port, host: "127.0.0.1" }))).toBe("hello");
  });

  test("TLS 1.2 and 1.3 with one, and nothing older", async () => {
    const { port } = await serve({ tls });
    expect(await getTls(port)).toBe("hello");
    expect(await shown(port, { maxVersion: "TLSv1.2" })).toBe("first");
    expect(await shown(port, { minVersion: "TLSv1.3" })).toBe("first");
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" };
    expect(await shown(port, old)).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  });

  test("who speaks HTTP to it, or rubbish, or nothing more, is hung up on and the next one is served", async () => {
    const { port } = await serve({ tls });
    const plain = answerOf(httpRequest({ port, host: "127.0.0.1" }));
    await expect(plain).rejects.toMatchObject({ code: "ECONNRESET" });
    for (const bytes of ["\x16\x03\x01\xff\xff\x01", "\0".repeat(5000), ""]) {
      const socket = connect(port, "127.0.0.1")
        .on("error", () => {})
        .resume();
      socket.end(bytes, "latin1");
      await once(socket, "close");
    }
    expect(await getTls(port)).toBe("hello");
  });

  test("slow clients are bounded, streams are not", async () => {
    for (const config of [{ tls: null }, { tls }]) {
      const { server } = await serve(config);
      expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
      expect(server.requestTimeout).toBeLessThanOrEqual(120_000);
      expect(server.keepAliveTimeout).toBeLessThan(70_000);
      // A timeout of the socket would end a stream with nothing to tell.
      expect(server.timeout).toBe(0);
    }
  });

  test.each([
    ["a certificate that is not there", () => rmSync(tls.certFile), 'TLS_CERT is "'],
    ["a key that is not there", () => rmSync(tls.keyFile), 'TLS_KEY is "'],
    ["a key of another certificate", () => copyFileSync(second.keyFile, tls.keyFile), "key values mismatch"],
    ["rubbish", () => writeFileSync(tls.certFile, "rubbish"), "they cannot be used: "],
    ["an empty key", () => writeFileSync(tls.keyFile, ""), "they cannot be used: "],
    ["an empty certificate", () => writeFileSync(tls.certFile, ""), "they cannot be used: "],
  ])("%s is a sentence that names the setting", (_what, spoil, sentence) => {
    spoil();
    expect(() => createWebServer({ tls }, () => {})).toThrow(ConfigError);
    expect(() => createWebServer({ tls }, () => {})).toThrow(sentence);
  });
});

describe("reloadOnSignal", () => {
  const log = () => {
    const lines: string[] = [];
    const write = (details: unknown, message?: string) => void lines.push(`${message} ${JSON.stringify(details)}`);
    return { lines, log: { info: write, error: write } as never };
  };

  test("shows a new pair to new connections, and keeps open ones", async () => {
    const { server, port } = await serve({ tls });
    const { lines, log: to } = log();
    const end = reloadOnSignal(server, { tls }, to);
    const open = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await once(open, "secureConnect");
    use(second);
    expect(await shown(port)).toBe("first");
    process.emit("SIGHUP", "SIGHUP");
    expect(await shown(port)).toBe("second");
    expect(await shown(port, { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" })).toMatch(
      "PROTOCOL_VERSION",
    );
    expect(lines).toEqual([expect.stringMatching(/^certificate read anew .*"validTo":"20\d\d-/)]);
    open.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
    expect(String((await once(open, "data"))[0])).toContain("HTTP/1.1 200 OK");
    open.destroy();
    end();
    use(first);
    process.emit("SIGHUP", "SIGHUP");
    expect(await shown(port)).toBe("second");
  });

  test("a pair that cannot be used leaves the former one in use and is said", async () => {
    const { server, port } = await serve({ tls });
    const { lines, log: to } = log();
    const end = reloadOnSignal(server, { tls }, to);
    copyFileSync(second.certFile, tls.certFile);
    process.emit("SIGHUP", "SIGHUP");
    rmSync(tls.certFile);
    process.emit("SIGHUP", "SIGHUP");
    expect(await shown(port)).toBe("first");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^the new certificate cannot be used, the former one stays .*key values mismatch/);
    expect(lines[1]).toContain("ENOENT");
    copyFileSync(second.keyFile, tls.keyFile);
    copyFileSync(second.certFile, tls.certFile);
    process.emit("SIGHUP", "SIGHUP");
    expect(await shown(port)).toBe("second");
    end();
  });

  test("leaves SIGHUP alone without a pair", async () => {
    const { server } = await serve({ tls: null });
    const before = process.listenerCount("SIGHUP");
    reloadOnSignal(server, { tls: null }, log().log);
    expect(process.listenerCount("SIGHUP")).toBe(before);
  });
});
