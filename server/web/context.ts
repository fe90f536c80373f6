import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { RemoteDirector } from "#server/director/remote";
import type { HostNameBook } from "../host-names.ts";
import type { NameBook } from "../names.ts";
import type { LiveHub } from "./live-hub.ts";
import type { Actor } from "./people/actor.ts";
import type { People } from "./people/people.ts";

/** What web has, made once. */
export interface Services {
  director: RemoteDirector;
  hub: LiveHub;
  people: People;
  /** what names in rule text mean */
  names: NameBook;
  /** host names of addresses */
  hostNames: HostNameBook;
  log: Logger;
  /** aborts when the process stops, so that no stream keeps it alive */
  stopping: AbortSignal;
}

/** What one call knows: the services, and who asks from where. */
export interface WebContext extends Services {
  /** canonical address of who asks */
  from: string;
  /** what the browser calls itself */
  agent: string;
  /** the Cookie header */
  cookie: string;
  /** who holds the session, asked once a request; rejects with PEOPLE_STORE_FAILED when nobody can know */
  who: () => Promise<Extract<Actor, { kind: "user" }> | null>;
  setCookies: (cookies: readonly string[]) => void;
}

/** @param from as client-address.ts tells it */
export function contextOf(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  from: string,
): WebContext {
  const cookie = request.headers.cookie ?? "";
  let asked: ReturnType<WebContext["who"]> | null = null;
  return {
    ...services,
    from,
    agent: request.headers["user-agent"] ?? "",
    cookie,
    who: () => {
      asked ??= services.people.sessions.who(cookie);
      return asked;
    },
    setCookies: (cookies) => {
      for (const text of cookies) response.appendHeader("set-cookie", text);
    },
  };
}
