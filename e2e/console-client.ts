import { type IncomingHttpHeaders, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { ErrorShape } from "#domain/errors";

/** What came back of one request. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Question {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** A procedure answered with a refusal. */
export class Refused extends Error {
  readonly status: number;
  readonly refusal: ErrorShape | null;

  constructor(path: string, { status, text }: Answer) {
    super(`${path} answered ${status}: ${text.slice(0, 400)}`);
    this.status = status;
    this.refusal = (JSON.parse(text) as { error?: { data?: { refusal?: ErrorShape } } }).error?.data?.refusal ?? null;
  }

  get code(): string | undefined {
    return this.refusal?.code;
  }
}

/**
 * The console over HTTP as one of its pages reaches it, without a browser: requests carry its own Origin, and the
 * session's cookie once there is one. A certificate that nobody signed is taken.
 */
export class ConsoleClient {
  readonly url: string;
  /** `name=value` of the session's cookie, "" without a session */
  cookie: string;
  readonly #socketPath: string | undefined;

  /** @param socketPath a unix socket that leads there, for what is on no network of ours */
  constructor(url: string, cookie = "", socketPath?: string) {
    this.url = url;
    this.cookie = cookie;
    this.#socketPath = socketPath;
  }

  /** Sends just what it is told, and no cookie. Of an event stream it answers with the beginning. */
  ask(path: string, { method = "GET", headers = {}, body }: Question = {}): Promise<Answer> {
    const url = new URL(this.url);
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    const way = this.#socketPath === undefined ? {} : { socketPath: this.#socketPath };
    const options = { method, headers, agent: false as const, rejectUnauthorized: false, ...way };
    return new Promise((resolve, reject) => {
      // The path as it is written: URL would take `/a/../b` for `/b`.
      const asked = request(url, { ...options, path }, (response) => {
        let text = "";
        const answer = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (!(response.headers["content-type"] ?? "").startsWith("text/event-stream")) return;
          answer();
          asked.destroy();
        });
        response.on("end", answer);
        response.on("error", reject);
      });
      asked.setTimeout(30_000, () => asked.destroy(new Error(`${method} ${path} was not answered within 30 s`)));
      asked.once("error", reject);
      asked.end(body);
    });
  }

  /** As a page: GET and HEAD as a navigation, all else with the Origin of the page. */
  askAsPage(path: string, { method = "GET", headers = {}, body }: Question = {}): Promise<Answer> {
    const own = ["GET", "HEAD"].includes(method) ? {} : { origin: this.url, "content-type": "application/json" };
    return this.ask(path, { method, headers: { ...this.cookieHeader, ...own, ...headers }, ...(body && { body }) });
  }

  /** Answers what the query did; throws Refused. */
  async query<T = unknown>(path: string, input?: unknown): Promise<T> {
    const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return resultOf<T>(path, await this.askAsPage(`/api/trpc/${path}${query}`));
  }

  /** Answers what the mutation did, and keeps the session's cookie when it sets one; throws Refused. */
  async mutate<T = unknown>(path: string, input: unknown = null): Promise<T> {
    const answer = await this.askAsPage(`/api/trpc/${path}`, { method: "POST", body: JSON.stringify(input) });
    const result = resultOf<T>(path, answer);
    const [set] = answer.headers["set-cookie"] ?? [];
    if (set !== undefined) this.cookie = /Max-Age=0/i.test(set) ? "" : (set.split(";", 1)[0] ?? "");
    return result;
  }

  /** The same way there, without a session. */
  anew(): ConsoleClient {
    return new ConsoleClient(this.url, "", this.#socketPath);
  }

  get cookieHeader(): Record<string, string> {
    return this.cookie === "" ? {} : { cookie: this.cookie };
  }
}

function resultOf<T>(path: string, answer: Answer): T {
  if (answer.status !== 200) throw new Refused(path, answer);
  return (JSON.parse(answer.text) as { result: { data: T } }).result.data;
}
