import type { IncomingMessage, ServerResponse } from "node:http";
import { asCodedError, PeopleError } from "#domain/errors";
import { mayAccess, type Role } from "#domain/people";
import { refusalSentence } from "../../words.ts";
import { addressGroup } from "../client-address.ts";
import type { Services } from "../context.ts";
import { type Actor, doerOf } from "../people/actor.ts";
import { readTable } from "../read-table.ts";
import { connectionsRoute } from "./connections-route.ts";
import { metricsContentType, metricsText } from "./metrics.ts";
import { sendProblem } from "./problem-json.ts";
import { refuseRole } from "./refuse-role.ts";
import { rulesRoutes } from "./rules-routes.ts";
import { servicesDocument } from "./services.ts";

export interface ProgramCall {
  services: Services;
  actor: Actor;
  /** canonical address of who asks */
  from: string;
  url: URL;
  request: IncomingMessage;
  response: ServerResponse;
}

export interface ProgramRoute {
  method: "GET" | "POST" | "PUT";
  path: string;
  access: Role;
  answer: (call: ProgramCall) => Promise<void>;
}

/** What programs may ask, each with the role that their token needs. Nothing here looks at a cookie. */
export const programRoutes: readonly ProgramRoute[] = [
  {
    method: "GET",
    path: "/metrics",
    access: "viewer",
    answer: async ({ services: { director, hub }, url, response }) => {
      const mirror = await readTable(director, hub);
      const text = await metricsText(mirror, { servers: url.searchParams.get("servers") === "1" });
      send(response, metricsContentType, text);
    },
  },
  {
    method: "GET",
    path: "/api/v1/services",
    access: "viewer",
    answer: async ({ services: { director, hub }, response }) => {
      const [mirror, status] = await Promise.all([readTable(director, hub), director.status()]);
      send(response, "application/json; charset=utf-8", `${JSON.stringify(servicesDocument(mirror, status))}\n`);
    },
  },
  connectionsRoute,
  ...rulesRoutes,
];

export const isForPrograms = (path: string) => path === "/metrics" || path === "/api/v1" || path.startsWith("/api/v1/");

/**
 * Answers a program: 401 without a token that holds, whatever was asked for; 404 and 405 for what is no route; 403 with
 * too small a role. Everything but an answer is `application/problem+json`. Never rejects.
 */
export async function answerProgram(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  from: string,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://console");
  response.setHeader("cache-control", "no-store");
  try {
    const actor = await whoHasToken(services, request, from, url.pathname);
    const here = programRoutes.filter((route) => route.path === url.pathname);
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = here.find((candidate) => candidate.method === method);
    if (here.length === 0) return sendPlain(response, 404, `There is nothing at ${url.pathname}.`);
    if (!route) {
      response.setHeader("allow", here.map((candidate) => candidate.method).join(", "));
      return sendPlain(response, 405, `${url.pathname} does not take ${request.method}.`);
    }
    if (!mayAccess(actor.role, route.access))
      await refuseRole(services.people, { actor, from }, `${route.method} ${route.path}`, route.access);
    await route.answer({ services, actor, from, url, request, response });
  } catch (thrown) {
    const error = asCodedError(thrown);
    if (error.code === "INTERNAL") services.log.error({ err: thrown, path: url.pathname }, "request failed");
    // What lies beneath a failure is for the log, not for the network.
    const { detail: _beneath, ...params } = error.shape.params;
    if (response.headersSent) response.destroy();
    else sendProblem(response, { code: error.code, params }, refusalSentence({ ...error.shape, params }));
  }
}

async function whoHasToken(
  { people }: Services,
  request: IncomingMessage,
  from: string,
  target: string,
): Promise<Actor> {
  const token = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1];
  const actor = token === undefined ? null : await people.tokens.who(token, from);
  if (actor) return actor;
  if (token !== undefined) {
    const doer = doerOf(null, from);
    // What is no route of ours is whatever somebody wrote: it would be a new line each time.
    const known = programRoutes.some((route) => route.path === target) ? target : "";
    const line = { doer, action: "token-use", target: known } as const;
    try {
      // Only tries that fail are counted: who holds a token is not shut out by a neighbour who guesses.
      await people.secretTries.begin(addressGroup(from), null);
    } catch (error) {
      await people.audit.writeRefusal({ ...line, outcome: "TOO_MANY_TRIES" });
      throw error;
    }
    await people.audit.writeRefusal({ ...line, outcome: "TOKEN_NEEDED" });
  }
  throw new PeopleError("TOKEN_NEEDED");
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { "content-type": type }).end(text);
}

function sendPlain(response: ServerResponse, status: 404 | 405, title: string): void {
  response
    .writeHead(status, { "content-type": "application/problem+json; charset=utf-8" })
    .end(`${JSON.stringify({ type: "about:blank", status, title })}\n`);
}
