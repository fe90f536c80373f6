import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import next from "next";
import { endpoint } from "#domain/endpoint";
import { RemoteDirector } from "#server/director/remote";
import type { Config } from "../config.ts";
import { createLog } from "../log.ts";
import { refusalOf } from "./guard.ts";
import { LiveHub } from "./live-hub.ts";
import { appRouter } from "./router.ts";

/** 100,000 changes as JSON. */
const maxBodyBytes = 128 * 1024 * 1024;

/**
 * The process that people talk to: pages by Next.js, tRPC under /api/trpc, /healthz. It reaches the table only through
 * the director's socket, holds no capability and loads no addon. Resolves once it listens.
 */
export async function runWeb(config: Config): Promise<{ url: string; stop: () => Promise<void> }> {
  const log = createLog("web", config.logLevel);
  const director = new RemoteDirector(join(config.runtimeDir, "director.sock"));
  const hub = new LiveHub(director, log);
  const stopping = new AbortController();
  const pages = next({ dev: false, dir: fileURLToPath(new URL("../..", import.meta.url)), quiet: true });
  await pages.prepare();
  const showPage = pages.getRequestHandler();
  const context = { director, hub, stopping: stopping.signal };
  const trpc = createHTTPHandler({
    router: appRouter,
    basePath: "/api/trpc/",
    createContext: () => context,
    maxBodySize: maxBodyBytes,
    onError: ({ error, path }) => log.debug({ path, code: error.code, err: error.cause }, "call refused"),
  });

  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    setHeaders(response);
    const refusal = refusalOf(request, config.allowedHosts);
    if (refusal) {
      log.warn(
        { path, status: refusal.status, host: request.headers.host, from: request.socket.remoteAddress },
        "request turned away",
      );
      sendText(response, refusal.status, refusal.reason);
    } else if (!isReadable(path))
      sendText(response, 400, "This address is not written as addresses are: a % stands without its two digits.");
    else if (path === "/healthz") sendText(response, 200, "ok");
    else if (path.startsWith("/api/trpc/")) trpc(request, response);
    else showPage(request, response).catch((error: unknown) => failPage(error, request, response));
  });
  const failPage = (error: unknown, request: IncomingMessage, response: ServerResponse) => {
    log.error({ err: error, path: request.url }, "page failed");
    if (!response.headersSent) sendText(response, 500, "This page failed. The log of the web process says why.");
  };

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.listen.port, config.listen.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : config.listen.port;
  const url = `http://${endpoint(config.listen.host, port)}`;
  log.info({ url }, "listening");
  process.send?.({ listening: url });

  const stop = async () => {
    stopping.abort();
    hub.close();
    server.close();
    server.closeAllConnections();
    await Promise.all([pages.close(), director.close()]);
    log.info("stopped");
  };
  return { url, stop };
}

/** Next.js answers a path with a broken escape with its own failure. */
function isReadable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== "";
  } catch {
    return false;
  }
}

function setHeaders(response: ServerResponse): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader(
    "content-security-policy",
    "frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'",
  );
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
