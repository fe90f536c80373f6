import { CodedError } from "#domain/errors";
import type { RemoteDirector } from "#server/director/remote";
import { HostNameBook } from "../host-names.ts";
import { NameBook } from "../names.ts";
import type { WebContext } from "./context.ts";
import { LiveHub } from "./live-hub.ts";
import { frame, server, service } from "./mirror-fixture.ts";
import type { TestPeople } from "./people/people-fixture.ts";

/** A director of one service with one server, whose stream sends one sample and then stays open. */
export function quietDirector(): RemoteDirector {
  const director = {
    status: async () => ({ kind: "simulated" }),
    service: async () => ({ id: "tcp:10.0.0.2:80" }),
    history: async () => [],
    apply: async () => [],
    watch: async () => {},
    samples: async function* (_watcher: string, signal: AbortSignal) {
      yield frame([service(2), server(2, 1)]);
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
  };
  return director as unknown as RemoteDirector;
}

export interface TestWeb {
  /** what one request knows; the cookies that it sets stand in `cookies` */
  context: (request?: { cookie?: string; from?: string; agent?: string }) => WebContext & { cookies: string[] };
  hub: LiveHub;
  stop: () => void;
}

/** Web's services over the people of a test. @param director for what a test wants answered */
export function testWeb(at: TestPeople, director: RemoteDirector = quietDirector()): TestWeb {
  const stopping = new AbortController();
  const hub = new LiveHub(director, at.log);
  return {
    hub,
    context: ({ cookie = "", from = "192.0.2.7", agent = "a browser" } = {}) => {
      const cookies: string[] = [];
      let asked: ReturnType<WebContext["who"]> | null = null;
      return {
        ...{
          director,
          hub,
          people: at.people,
          names: new NameBook(),
          hostNames: new HostNameBook({ reverse: async () => [] }),
          log: at.log,
          stopping: stopping.signal,
          from,
          agent,
          cookie,
          cookies,
        },
        who: () => {
          asked ??= at.people.sessions.who(cookie);
          return asked;
        },
        setCookies: (given) => void cookies.push(...given),
      };
    },
    stop: () => {
      stopping.abort();
      hub.close();
    },
  };
}

/** The code that a call ends in: of the closed set, else tRPC's; "answered" when it was not refused. */
export function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "answered",
    (thrown: { cause?: unknown; code?: string }) =>
      thrown.cause instanceof CodedError ? thrown.cause.code : (thrown.code ?? String(thrown)),
  );
}
