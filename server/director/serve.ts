import { createServer, type Server, type ServerResponse } from "node:http";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import type { Logger } from "pino";
import type { Director } from "./director.ts";
import { directorRouter } from "./router.ts";
import type { Sampler } from "./sampler.ts";

/** A reader this far behind is not reading: it is cut off, connects again and starts from a whole table. */
const maxBacklogBytes = 64 * 1024 * 1024;

/** 100,000 changes with what was seen of each, and room to spare. */
const maxBodyBytes = 128 * 1024 * 1024;

/**
 * What the director answers on its socket: tRPC under /trpc, and GET /samples?watcher=NAME, a stream of frames
 * (frames.ts) that lasts until either side ends it.
 */
export function createDirectorServer(director: Director, sampler: Sampler, log: Logger): Server {
  const watchers = new Map<string, object>();
  const context = { director, sampler, watcher: (name: string) => watchers.get(name) };
  const trpc = createHTTPHandler({
    router: directorRouter,
    basePath: "/trpc/",
    createContext: () => context,
    maxBodySize: maxBodyBytes,
    onError: ({ error, path }) => log.debug({ path, err: error }, "call refused"),
  });

  const streamSamples = (response: ServerResponse, name: string) => {
    const watcher = {};
    watchers.set(name, watcher);
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.flushHeaders();
    const unsubscribe = sampler.subscribe((frame) => {
      if (response.writableLength > maxBacklogBytes) {
        log.warn({ watcher: name }, "watcher too slow, cut off");
        response.destroy();
      } else response.write(frame);
    });
    response.on("close", () => {
      unsubscribe();
      sampler.watch(watcher, []);
      if (watchers.get(name) === watcher) watchers.delete(name);
    });
  };

  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://director");
    if (url.pathname === "/samples" && request.method === "GET")
      streamSamples(response, url.searchParams.get("watcher") ?? "");
    else if (url.pathname.startsWith("/trpc/")) trpc(request, response);
    else response.writeHead(404).end();
  });
}
