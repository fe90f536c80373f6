import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import next from "next";
import { endpoint } from "#domain/endpoint";
import { asCodedError } from "#domain/errors";
import { RemoteDirector } from "#server/director/remote";
import type { Config } from "../config.ts";
import { HostNameBook } from "../host-names.ts";
import { createLog } from "../log.ts";
import { NameBook } from "../names.ts";
import { refusalSentence } from "../words.ts";
import { clientAddress } from "./client-address.ts";
import { contextOf, type Services, type WebContext } from "./context.ts";
import { refusalOf } from "./guard.ts";
import { auditFilterOf, sendAuditCsv } from "./http/audit-csv.ts";
import { sendConnectionExport } from "./http/connection-export.ts";
import { connectionParams } from "./http/connection-params.ts";
import { contentPolicy, letIn, preparePage, sendText } from "./http/pages.ts";
import { answerProgram, isForPrograms } from "./http/program-routes.ts";
import { trpcDoor } from "./http/trpc-door.ts";
import { LiveHub } from "./live-hub.ts";
import { openPeople } from "./people/people.ts";
import { createWebServer, reloadOnSignal } from "./tls.ts";

/**
 * The process that people and programs talk to: pages by Next.js, tRPC under /api/trpc, /api/v1 and /metrics for tokens,
 * /healthz. It reaches the table only through the director's socket, holds no capability and loads no addon. Resolves
 * once it listens.
 */
export async function runWeb(config: Config): Promise<{ url: string; stop: () => Promise<void> }> {
  const log = createLog("web", config.logLevel);
  const director = new RemoteDirector(join(config.runtimeDir, "director.sock"));
  const stopping = new AbortController();
  // Behind a proxy that is trusted browsers speak TLS to the proxy: a password must never cross a network without.
  const secure = config.tls !== null || config.trustedProxies.rules.length > 0;
  const people = openPeople(join(config.stateDir, "web"), secure, log);
  const hub = new LiveHub(director, log);
  const services: Services = {
    director,
    hub,
    people,
    names: new NameBook(),
    hostNames: new HostNameBook(),
    log,
    stopping: stopping.signal,
  };
  const pages = next({ dev: false, dir: fileURLToPath(new URL("../..", import.meta.url)), quiet: true });
  await pages.prepare();
  const showPage = pages.getRequestHandler();
  const answerCall = trpcDoor(services, (request) => clientAddress(request, config.trustedProxies));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const from = clientAddress(request, config.trustedProxies);
    setHeaders(response);
    if (!isReadable(path))
      return sendText(
        response,
        400,
        "This address is not written as addresses are: a % stands without its two digits.",
      );
    if (path === "/healthz") return sendText(response, 200, "ok");
    if (isForPrograms(path)) return answerProgram(services, request, response, from);
    const refusal = refusalOf(request, config.allowedHosts);
    if (refusal) {
      log.warn({ path, status: refusal.status, host: request.headers.host, from }, "request turned away");
      return sendText(response, refusal.status, refusal.reason);
    }
    if (path.startsWith("/api/trpc/")) return answerCall(request, response);
    if (!["GET", "HEAD"].includes(request.method ?? "")) return sendText(response, 405, "Pages are only read.");
    const context = contextOf(services, request, response, from);
    if (path === "/connections/export") return answerConnectionExport(context, request, response);
    if (path === "/audit.csv") return answerAuditCsv(context, request, response);
    const visitor = await letIn(path, context, request, response);
    if (!visitor) return;
    preparePage(request, response, visitor.me);
    await showPage(request, response);
  };

  const server = createWebServer(config, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url }, "page failed");
      if (!response.headersSent) sendText(response, 500, "This page failed. The log of the web process says why.");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.listen.port, config.listen.host, resolve);
  });
  const stopReloading = reloadOnSignal(server, config, log);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : config.listen.port;
  const url = `${config.tls ? "https" : "http"}://${endpoint(config.listen.host, port)}`;
  const link = await linkToOpen(url, services);
  log.info({ url }, "listening");
  process.send?.({ listening: link });

  const stop = async () => {
    stopping.abort();
    stopReloading();
    services.hub.close();
    server.close();
    server.closeAllConnections();
    await Promise.all([pages.close(), director.close()]);
    await people.close();
    log.info("stopped");
  };
  return { url, stop };
}

/** What to open first: until somebody was made, the link that makes the first admin. */
async function linkToOpen(url: string, { people, log }: Services): Promise<string> {
  try {
    if (await people.users.exist()) return url;
    const link = people.setupLink.make(url);
    log.info(
      "nobody can log in yet: the set-up link holds for 15 minutes, and stands in setup-link in the state folder",
    );
    return link;
  } catch {
    // The database has said in the log what is wrong with it; the log-in page says it too.
    return url;
  }
}

async function answerAuditCsv(context: WebContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const visitor = await letIn("/audit", context, request, response);
  if (!visitor) return;
  if (!visitor.allowed) return sendText(response, 403, "The audit is for admins.");
  const filter = auditFilterOf(new URL(request.url ?? "/", "http://console").searchParams);
  if (!filter) return sendText(response, 400, "These filters are not ones that the audit page makes.");
  await sendAuditCsv(context.people.audit, filter, response);
}

async function answerConnectionExport(
  context: WebContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const visitor = await letIn("/connections", context, request, response);
  if (!visitor) return;
  const asked = connectionParams(new URL(request.url ?? "/", "http://console").searchParams);
  if (typeof asked === "string") return sendText(response, 400, asked);
  const format = asked.format === "page" ? "csv" : asked.format;
  await sendConnectionExport(context.director, asked.query, format, response).catch((thrown: unknown) => {
    const { shape } = asCodedError(thrown);
    if (!response.headersSent) sendText(response, 503, refusalSentence(shape));
  });
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
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("content-security-policy", contentPolicy(null));
}
