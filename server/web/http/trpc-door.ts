import type { IncomingMessage, ServerResponse } from "node:http";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { contextOf, type Services } from "../context.ts";
import { appRouter } from "../router.ts";
import { sendText } from "./pages.ts";
import { streamRefusal } from "./stream-access.ts";

/** 100,000 changes as JSON. */
const maxBodyBytes = 128 * 1024 * 1024;
/** What somebody sends who has yet to log in: to read 100 MB of JSON takes seconds, in which nobody else is answered. */
export const maxFormBytes = 64 * 1024;

/** Answers what is under /api/trpc/. */
export type TrpcDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * tRPC over HTTP: a stream that is not for who asks is refused before it begins (401, 403), a body that is too long is not read (413).
 *
 * @param fromOf who asks, as client-address.ts tells it
 */
export function trpcDoor(services: Services, fromOf: (request: IncomingMessage) => string): TrpcDoor {
  const taking = (maxBodySize: number) =>
    createHTTPHandler({
      router: appRouter,
      basePath: "/api/trpc/",
      createContext: ({ req, res }) => contextOf(services, req, res, fromOf(req)),
      maxBodySize,
      // What is wrong with JSON is said with a piece of it, which may be a password.
      onError: ({ error, path }) =>
        services.log.debug(
          { path, code: error.code, ...(error.cause instanceof SyntaxError ? {} : { err: error.cause }) },
          "call refused",
        ),
    });
  const [forAnyone, forUsers] = [taking(maxFormBytes), taking(maxBodyBytes)];

  return async (request, response) => {
    response.setHeader("cache-control", "no-store");
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const context = contextOf(services, request, response, fromOf(request));
    const denied = await streamRefusal(path, context);
    if (denied)
      return sendText(response, denied, denied === 401 ? "Log in first." : "Your role does not reach so far.");
    const isSmall = request.method === "GET" || Number(request.headers["content-length"]) <= maxFormBytes;
    const asker = isSmall ? null : await context.who().catch(() => null);
    await (asker ? forUsers : forAnyone)(request, response);
  };
}
