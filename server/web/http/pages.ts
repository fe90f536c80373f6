import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Access, type Me, mayAccess } from "#domain/people";
import type { WebContext } from "../context.ts";

/** Every page with the role that it is shown to. What is not named here is for nobody without a log-in. */
export const pageAccess: Readonly<Record<string, Access>> = {
  "/login": "anyone",
  "/setup": "anyone",
  "/": "viewer",
  "/services": "viewer",
  "/services/[key]": "viewer",
  "/connections": "viewer",
  "/rules": "viewer",
  "/director": "viewer",
  "/account": "viewer",
  "/people": "admin",
  "/audit": "admin",
};

/** What pages are made of, the same for everybody: built files with a hash in their name, and a few beside them. */
const openFiles = ["/icon.svg", "/theme.js", "/favicon.ico"];

/**
 * Is this path written as every browser sends it? Next.js resolves `..`, `%2e`, `\\` and doubled slashes by itself and
 * would show another page than the one whose access was looked up.
 */
export function isPlainPath(path: string): boolean {
  try {
    return new URL(path, "http://console").pathname === path;
  } catch {
    return false;
  }
}

/** Where a worker begins: its policy is that of this file, not of the page. It loads built files and asks nobody for anything. */
const workerFile = /^\/_next\/static\/chunks\/turbopack-worker-[\w-]+\.js$/;
const workerPolicy = "default-src 'none'; script-src 'self'";

/** The access that a plain path asks for. */
export function accessOf(path: string): Access {
  if (path.startsWith("/_next/static/") || openFiles.includes(path)) return "anyone";
  const page = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (Object.hasOwn(pageAccess, page)) return pageAccess[page] ?? "viewer";
  return "viewer";
}

/** Who looks at a page, and whether their role reaches it: where it does not, the page says which one it needs. */
export interface Visitor {
  me: Me | null;
  allowed: boolean;
}

/**
 * Whether a page may be shown, and if so to whom; null when the answer was given already: to the log-in page without a
 * session, 401 for what a page fetches of another one, 404 for what no browser asks. With too small a role the status is 403. Pages hold no data: what
 * they show is asked of procedures, which look for themselves.
 */
export async function letIn(
  path: string,
  context: Pick<WebContext, "who">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Visitor | null> {
  if (!isPlainPath(path)) {
    sendText(response, 404, "There is no page at this address.");
    return null;
  }
  const access = accessOf(path);
  if (path.startsWith("/_next/static/")) {
    if (workerFile.test(path)) response.setHeader("content-security-policy", workerPolicy);
    return { me: null, allowed: true };
  }
  // When nobody can know who asks, nobody is let in; the log-in page says what is wrong.
  const actor = await context.who().catch(() => null);
  if (mayAccess(actor?.role ?? null, access)) return { me: actor?.me ?? null, allowed: true };
  if (actor) {
    response.statusCode = 403;
    return { me: actor.me, allowed: false };
  }
  if (request.headers["rsc"] !== undefined) sendText(response, 401, "Log in first.");
  else {
    const next =
      path === "/" && !(request.url ?? "").includes("?") ? "" : `?next=${encodeURIComponent(request.url ?? "/")}`;
    response.writeHead(303, { location: `/login${next}`, "cache-control": "no-store" }).end();
  }
  return null;
}

/** Names that Next.js or ours give a meaning to: a browser has no business sending them (CVE-2025-29927). */
const innerHeader =
  /^(x-middleware|x-invoke|x-matched|x-now|x-next|x-prerender|x-console|x-nonce|next-action|next-resume|content-security-policy)/;

/** Makes the request one that Next.js may see: tells it who the page is for and the nonce of its scripts. */
export function preparePage(request: IncomingMessage, response: ServerResponse, me: Me | null): void {
  for (const name of Object.keys(request.headers)) if (innerHeader.test(name)) delete request.headers[name];
  const nonce = randomBytes(16).toString("base64");
  const policy = contentPolicy(nonce);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  request.headers["x-console-me"] = me ? Buffer.from(JSON.stringify(me)).toString("base64url") : "";
  response.setHeader("content-security-policy", policy);
}

/** Scripts are ours or carry the nonce; styles may stand in attributes, where charts and menus set sizes. */
export function contentPolicy(nonce: string | null): string {
  const scripts = nonce === null ? "'none'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .end(`${text}\n`);
}
