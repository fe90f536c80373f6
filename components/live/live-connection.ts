import { emptyView } from "#domain/list-query";
import type { LiveEvent, View } from "#domain/live";
import type { LiveStore } from "./live-store.ts";

/** `not-understood`: the server does not know what it is asked for, since it is of another build than this page. */
export type LostBecause = "lost" | "not-understood";
/** What came of telling the server what is on screen: it is shown from now on, or there is no such stream. */
export type ViewAnswer = "shown" | "no-stream" | "not-understood";

/** How this tab reaches the server: one stream, and a word for what is on screen. */
export interface LiveTransport {
  /** @returns closes the stream */
  open(
    viewId: string,
    view: View,
    onEvent: (event: LiveEvent) => void,
    onLost: (because: LostBecause) => void,
  ): () => void;
  setView(viewId: string, view: View): Promise<ViewAnswer>;
}

const firstRetryMs = 1000;
const longestRetryMs = 8000;
/** Scrolling and typing change the view many times a second; the server hears of it this often. */
const viewEveryMs = 80;
/** A stream that says nothing for this many samples is gone, whatever TCP thinks. */
const silentSamples = 5;
const longestSilenceMs = 15_000;

/**
 * Keeps the tab's one stream open: says what is on screen (at most every 80 ms, in order), and when the stream
 * is lost opens another, later each time. Waiting is said in the store, so that the page can count down. A server that
 * does not understand this page will not do so at the next try either: then there is none.
 */
export class LiveConnection {
  readonly #transport: LiveTransport;
  readonly #store: LiveStore;
  #view: View = emptyView;
  #viewId = "";
  #close: (() => void) | null = null;
  #retryMs = firstRetryMs;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #send: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #sent = "";
  #started = false;
  #outdated = false;

  constructor(transport: LiveTransport, store: LiveStore) {
    this.#transport = transport;
    this.#store = store;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.#outdated) this.#store.outdated();
    else this.#open();
  }

  stop(): void {
    this.#started = false;
    this.#hangUp();
    clearTimeout(this.#retry);
    clearTimeout(this.#send);
    this.#send = undefined;
  }

  /** What is on screen from now on. */
  show(view: View): void {
    this.#view = view;
    this.#store.viewChanged(view);
    if (this.#close && this.#send === undefined)
      this.#send = setTimeout(() => this.#sendView(), this.#sent === "" ? 0 : viewEveryMs);
  }

  /** Someone does not want to wait for the next try. */
  retryNow(): void {
    if (!this.#started || this.#close || this.#outdated) return;
    clearTimeout(this.#retry);
    this.#open();
  }

  #open(): void {
    const viewId = newViewId();
    this.#viewId = viewId;
    this.#sent = JSON.stringify(this.#view);
    this.#store.opened();
    this.#close = this.#transport.open(
      viewId,
      this.#view,
      (event) => {
        if (viewId !== this.#viewId) return;
        this.#retryMs = firstRetryMs;
        this.#store.take(event);
        this.#watch();
      },
      (because) => {
        // An earlier stream may still have something to say of its end.
        if (viewId !== this.#viewId) return;
        if (because === "lost") this.#lose();
        else this.#giveUp();
      },
    );
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    const cadenceMs = this.#store.sample()?.cadenceMs ?? longestSilenceMs;
    const silenceMs = Math.min(Math.max(silentSamples * cadenceMs, longestSilenceMs / 3), longestSilenceMs);
    // Without a director there are no samples: only pings, which are not seen here.
    const waitMs = this.#store.status().kind === "live" ? silenceMs : 4 * longestSilenceMs;
    this.#watchdog = setTimeout(() => this.#lose(), waitMs);
  }

  #lose(): void {
    if (!this.#close) return;
    this.#hangUp();
    const waitMs = this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#store.lost(performance.now() + waitMs);
    this.#retry = setTimeout(() => this.#open(), waitMs);
  }

  #giveUp(): void {
    if (!this.#close) return;
    this.#outdated = true;
    this.#hangUp();
    clearTimeout(this.#retry);
    clearTimeout(this.#send);
    this.#send = undefined;
    this.#store.outdated();
  }

  #hangUp(): void {
    clearTimeout(this.#watchdog);
    // A stream that is closed may say that it is lost: it is none any more by then.
    const close = this.#close;
    this.#close = null;
    close?.();
  }

  async #sendView(): Promise<void> {
    this.#send = undefined;
    const text = JSON.stringify(this.#view);
    if (this.#sending || !this.#close || text === this.#sent) return;
    const viewId = this.#viewId;
    this.#sending = true;
    this.#sent = text;
    try {
      const answer = await this.#transport.setView(viewId, this.#view);
      if (viewId !== this.#viewId || answer === "shown") return;
      if (answer === "no-stream") this.#lose();
      else this.#giveUp();
    } catch {
      // The stream will be lost as well, or the next try gets through.
      if (viewId === this.#viewId) this.#sent = "";
    } finally {
      this.#sending = false;
      if (this.#close !== null && this.#sent !== JSON.stringify(this.#view) && this.#send === undefined)
        this.#send = setTimeout(() => this.#sendView(), this.#sent === "" ? firstRetryMs : viewEveryMs);
    }
  }
}

/** Not crypto.randomUUID(): a console on a plain-HTTP address of a private network is no secure context. */
function newViewId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
