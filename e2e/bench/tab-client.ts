import { randomUUID } from "node:crypto";
import { type ClientRequest, get } from "node:http";
import { emptyView, wholeList } from "#domain/list-query";
import type { ListQuery, LiveEvent, View } from "#domain/live";
import type { ConsoleClient } from "../console-client.ts";

/** What a services page asks for: folded or not, one screen of rows. */
export const servicesPage: ListQuery = { ...wholeList, open: "all", to: 40 };

/** A browser tab without the browser: one stream, counted as it comes over the wire. */
export class TabClient {
  /** bytes of each event as sent, its frame of `data:` lines included, and the event */
  readonly events: { bytes: number; event: LiveEvent }[] = [];
  #request: ClientRequest | null = null;
  #rest = "";

  /** @param client somebody who is logged in */
  constructor({ url, cookieHeader }: ConsoleClient, list: ListQuery) {
    const view: View = { ...emptyView, list };
    const input = encodeURIComponent(JSON.stringify({ viewId: randomUUID(), view }));
    const headers = { accept: "text/event-stream", "sec-fetch-site": "same-origin", ...cookieHeader };
    this.#request = get(`${url}/api/trpc/live.stream?input=${input}`, { headers }, (response) => {
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => this.#take(chunk));
      response.on("error", () => {});
    });
    this.#request.on("error", () => {});
  }

  #take(chunk: string): void {
    const messages = (this.#rest + chunk).split("\n\n");
    this.#rest = messages.pop() ?? "";
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      const event = data && !/^event: (connected|ping|return)/m.test(message) ? (JSON.parse(data) as LiveEvent) : null;
      if (event) this.events.push({ bytes: Buffer.byteLength(message) + 2, event });
    }
  }

  close(): void {
    this.#request?.destroy();
  }
}
