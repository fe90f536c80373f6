import type { IncomingMessage } from "node:http";
import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Why a request was turned away; `status` for the answer, the sentence for whoever reads it. */
export interface Refusal {
  status: 400 | 403 | 415 | 421;
  reason: string;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * What stands between a browser's other pages and the table:
 *
 * - Host must be loopback or on the allow-list, so that a name rebound to this address (DNS rebinding) gets nothing.
 * - Whatever changes something, and every stream, must come from a page of ours: Sec-Fetch-Site same-origin, or an
 *   Origin equal to Host. A same-origin EventSource sends no Origin, an old browser no Sec-Fetch-Site.
 * - What changes something is JSON: a form can be sent across sites without asking, JSON cannot.
 */
export function refusalOf(request: IncomingMessage, allowedHosts: readonly string[]): Refusal | null {
  const host = request.headers.host;
  const hostname = host === undefined ? null : hostnameOf(host);
  if (hostname === null) return { status: 400, reason: "The request names no host." };
  if (!isAllowedHost(hostname, allowedHosts)) {
    return {
      status: 421,
      reason: `This console does not answer to the name "${hostname}". Add it to ALLOWED_HOSTS if it should.`,
    };
  }
  const changes = !["GET", "HEAD"].includes(request.method ?? "");
  const streams =
    (request.headers.accept ?? "").includes("text/event-stream") || pathOf(request).includes("live.stream");
  if (!changes && !streams) return null;
  if (!comesFromOurPage(request, host ?? ""))
    return { status: 403, reason: "This request did not come from a page of this console." };
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (changes && type !== "application/json") return { status: 415, reason: "Changes are sent as application/json." };
  return null;
}

/** The path as tRPC reads it: live%2Estream is the stream too. */
function pathOf({ url = "" }: IncomingMessage): string {
  const path = url.split("?", 1)[0] ?? "";
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isAllowedHost(hostname: string, allowedHosts: readonly string[]): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  if (isIPv4(hostname) && loopback.check(hostname, "ipv4")) return true;
  if (isIPv6(hostname) && loopback.check(hostname, "ipv6")) return true;
  return allowedHosts.includes(hostname);
}

/** The name in a Host header, lower case, without port and brackets; null for what no browser sends. */
function hostnameOf(host: string): string | null {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

function comesFromOurPage(request: IncomingMessage, host: string): boolean {
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  if (site !== undefined && site !== "same-origin") return false;
  if (origin !== undefined) return origin === `http://${host}` || origin === `https://${host}`;
  return site === "same-origin";
}
