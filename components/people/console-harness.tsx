import { render } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { NuqsTestingAdapter, type OnUrlUpdateFunction } from "nuqs/adapters/testing";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { AskPasswordProvider } from "#components/session/ask-password";
import { SessionProvider } from "#components/session/session-provider";
import { ApiProvider } from "#components/trpc";
import type { ErrorShape } from "#domain/errors";
import type { Me } from "#domain/people";
import messages from "../../messages/en.json" with { type: "json" };

export const me: Me = {
  name: "ada",
  role: "admin",
  userId: "u1",
  sessionId: "s1",
  idleEndsAtMs: Date.now() + 30 * 60_000,
  endsAtMs: Date.now() + 12 * 3_600_000,
  provedUntilMs: 0,
};

/** Thrown by an answer of FakeConsole: the call is refused. */
export class Refused extends Error {
  readonly shape: ErrorShape;

  constructor(code: ErrorShape["code"], params: ErrorShape["params"] = {}, current?: unknown) {
    super(code);
    this.shape = { code, params, ...(current === undefined ? {} : { current }) };
  }
}

/** What the console is asked and answers, at the level of HTTP: calls by the name of their procedure, in order. */
export class FakeConsole {
  readonly calls: [name: string, input: unknown][] = [];
  readonly answers: Record<string, (input: never) => unknown>;

  constructor(answers: Record<string, (input: never) => unknown>) {
    this.answers = answers;
    vi.stubGlobal("fetch", async (url: string, options?: { method?: string; body?: string }) => {
      const at = new URL(String(url), "http://localhost");
      const inputs = JSON.parse(options?.body ?? at.searchParams.get("input") ?? "{}") as Record<string, never>;
      const names = at.pathname.replace("/api/trpc/", "").split(",");
      const answered = await Promise.all(
        names.map((name, index) => this.#answer(name, inputs[String(index)] as never)),
      );
      return new Response(JSON.stringify(answered), { headers: { "content-type": "application/json" } });
    });
  }

  /** What was sent to one procedure, in order. */
  sent(name: string): unknown[] {
    return this.calls.filter(([called]) => called === name).map(([, input]) => input);
  }

  async #answer(name: string, input: never): Promise<unknown> {
    this.calls.push([name, input]);
    try {
      const answer = this.answers[name];
      if (!answer) throw new Error(`nobody answers ${name}`);
      return { result: { data: await answer(input) } };
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      const { shape } = thrown;
      return { error: { message: shape.code, code: -32_000, data: { code: shape.code, refusal: shape } } };
    }
  }
}

/** Shows a part of a page to somebody, `me` unless it is another. */
export function show(
  part: ReactNode,
  options: { me?: Partial<Me>; search?: string; onUrlUpdate?: OnUrlUpdateFunction } = {},
) {
  return render(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <ApiProvider>
        <SessionProvider me={{ ...me, ...options.me }} serverNowMs={Date.now()}>
          <NuqsTestingAdapter
            hasMemory
            searchParams={options.search ?? ""}
            {...(options.onUrlUpdate ? { onUrlUpdate: options.onUrlUpdate } : {})}
          >
            <AskPasswordProvider>
              <main>{part}</main>
            </AskPasswordProvider>
          </NuqsTestingAdapter>
        </SessionProvider>
      </ApiProvider>
    </NextIntlClientProvider>,
  );
}
