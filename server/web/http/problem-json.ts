import type { ServerResponse } from "node:http";
import type { ErrorCode, ErrorShape } from "#domain/errors";

/** HTTP status of a refusal; what is not named is 500. */
const statuses: Partial<Record<ErrorCode, number>> = {
  INVALID: 422,
  TOKEN_NEEDED: 401,
  ROLE_TOO_SMALL: 403,
  TOO_MANY_TRIES: 429,
  TOO_MANY_READS: 503,
  NO_SUCH_SERVICE: 404,
  NO_SUCH_SERVER: 404,
  CONFLICT: 409,
  PEOPLE_STORE_FAILED: 503,
  NOT_AVAILABLE: 503,
  UNREACHABLE: 502,
  TIMED_OUT: 504,
};

/** Answers a program with `application/problem+json` (RFC 9457): the code of the closed set as `code`, its sentence as `title`. */
export function sendProblem(response: ServerResponse, shape: ErrorShape, title: string): void {
  const status = statuses[shape.code] ?? 500;
  const retryAfterS = shape.params["retryAfterS"];
  if (status === 401) response.setHeader("www-authenticate", 'Bearer realm="ipvs-console"');
  if (retryAfterS !== undefined) response.setHeader("retry-after", String(retryAfterS));
  response
    .writeHead(status, { "content-type": "application/problem+json; charset=utf-8", "cache-control": "no-store" })
    .end(`${JSON.stringify({ type: "about:blank", status, title, code: shape.code, ...shape.params })}\n`);
}
