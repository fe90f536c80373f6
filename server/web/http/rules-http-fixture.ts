import { once } from "node:events";
import { type ClientRequest, createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect } from "vitest";
import type { Role } from "#domain/people";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import type { RemoteDirector } from "#server/director/remote";
import { rulesOf } from "../../rules/apply-text.ts";
import { host, type TestPeople, testPeople } from "../people/people-fixture.ts";
import { type TestWeb, testWeb } from "../web-fixture.ts";
import { answerProgram } from "./program-routes.ts";

export const rules = `-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 2
`;

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON it is
  json: any;
}
type Headers = Record<string, string>;

/** For each test of a file a web with a simulated director and a token of each role, asked over HTTP for /api/v1/rules. */
export class RulesServer {
  at!: TestPeople;
  subject!: Awaited<ReturnType<typeof simulatedSubject>>;
  server!: Server;
  #web!: TestWeb;
  readonly #tokens = {} as Record<Role, string>;

  constructor() {
    beforeEach(() => this.#start());
    afterEach(() => this.#stop());
  }

  async #start(): Promise<void> {
    this.at = testPeople();
    this.subject = await simulatedSubject();
    this.#web = testWeb(this.at, this.subject.director as unknown as RemoteDirector);
    this.server = createServer(
      (request, response) => void answerProgram(this.#web.context(), request, response, "192.0.2.7"),
    );
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    for (const role of ["viewer", "operator", "admin"] as const)
      this.#tokens[role] = (await this.at.people.tokens.add({ name: `a ${role}`, role, days: null }, host)).token;
  }

  async #stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    this.#web.stop();
    await this.at.close();
    await this.subject.close();
  }

  /** A request that was begun, as who has a token of that role; null: as nobody. */
  begin(method: string, query: string, role: Role | null, headers: Headers = {}): ClientRequest {
    const { port } = this.server.address() as AddressInfo;
    const authorization: Headers = role === null ? {} : { authorization: `Bearer ${this.#tokens[role]}` };
    const path = `/api/v1/rules${query}`;
    const given = { ...authorization, ...headers };
    return httpRequest({ port, host: "127.0.0.1", path, method, headers: given, agent: false });
  }

  send(method: string, body: string | Buffer, role: Role | null, query = "", headers: Headers = {}): Promise<Answer> {
    const request = this.begin(method, query, role, { "content-type": "text/plain", ...headers });
    request.end(body);
    return answerOf(request);
  }

  get(role: Role | null = "viewer", method = "GET"): Promise<Answer> {
    return answerOf(this.begin(method, "", role).end());
  }

  post(body: string, query = "", role: Role = "operator", headers: Headers = {}): Promise<Answer> {
    return this.send("POST", body, role, query, headers);
  }

  put(body: string, headers: Headers = {}, query = "", role: Role = "admin"): Promise<Answer> {
    return this.send("PUT", body, role, query, headers);
  }

  /** the table as text, past HTTP */
  async now(): Promise<string> {
    return rulesOf(await this.subject.director.table()).text;
  }

  /** what the audit holds since the tokens were made */
  audit(): Record<string, unknown>[] {
    return this.at
      .raw()
      .prepare(
        "SELECT actor_kind, actor, action, target, outcome, before, after FROM audit WHERE action <> 'token-add'",
      )
      .all()
      .map(({ before, after, ...line }) => ({
        ...line,
        before: JSON.parse(String(before)),
        after: JSON.parse(String(after)),
      }));
  }
}

export async function answerOf(request: ClientRequest): Promise<Answer> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const text = (await response.setEncoding("utf8").toArray()).join("");
  const isJson = /json/.test(response.headers["content-type"] ?? "") && text !== "";
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : null,
  };
}

export function expectProblem({ status, headers, json }: Answer, expected: number, code?: string): void {
  expect(status).toBe(expected);
  expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(json).toMatchObject({ type: "about:blank", status: expected, title: expect.stringMatching(/\S+ \S+/) });
  expect(json.code).toBe(code);
}
