import type { CheckedText } from "./check-text.ts";

export interface CheckRequest {
  number: number;
  text: string;
}
export interface CheckAnswer {
  number: number;
  checked: CheckedText;
}

/** What a text is handed to for checking, off the page's own thread. */
export interface CheckPort {
  post: (request: CheckRequest) => void;
  close: () => void;
}
export type OpenCheckPort = (onAnswer: (answer: CheckAnswer) => void, onFailed: () => void) => CheckPort;

/** A text to be checked; it is read when its turn comes. */
export interface Checkable {
  length: number;
  read: () => string;
}

/** Longer texts would hold the page up where they cannot be checked beside it. */
export const longestInPage = 1024 * 1024;

/**
 * Checks texts one at a time. Of those that come while one is being checked only the last is kept, so that typing never
 * makes a queue. When the port fails, texts up to `longestInPage` are checked by `inPage` instead, longer ones not at all.
 */
export class Checker<Text extends Checkable> {
  readonly #open: OpenCheckPort;
  readonly #inPage: (text: string) => Promise<CheckedText>;
  readonly #onChecked: (text: Text, checked: CheckedText | null) => void;
  #port: CheckPort | null = null;
  #portFailed = false;
  #number = 0;
  #current: Text | null = null;
  #next: Text | null = null;
  #closed = false;

  /** @param onChecked null: too long to be checked here */
  constructor(
    open: OpenCheckPort,
    inPage: (text: string) => Promise<CheckedText>,
    onChecked: (text: Text, checked: CheckedText | null) => void,
  ) {
    this.#open = open;
    this.#inPage = inPage;
    this.#onChecked = onChecked;
  }

  check(text: Text): void {
    if (this.#current) this.#next = text;
    else this.#begin(text);
  }

  close(): void {
    this.#closed = true;
    this.#port?.close();
    this.#port = null;
  }

  #begin(text: Text): void {
    this.#current = text;
    if (this.#portFailed) return void this.#checkInPage(text);
    this.#number++;
    try {
      this.#port ??= this.#open(
        (answer) => answer.number === this.#number && this.#finish(answer.checked),
        () => this.#fail(),
      );
      this.#port.post({ number: this.#number, text: text.read() });
    } catch {
      this.#fail();
    }
  }

  #fail(): void {
    if (this.#portFailed) return;
    this.#portFailed = true;
    this.#port?.close();
    this.#port = null;
    if (this.#current) void this.#checkInPage(this.#current);
  }

  async #checkInPage(text: Text): Promise<void> {
    if (text.length > longestInPage) return this.#finish(null);
    this.#finish(await this.#inPage(text.read()).catch(() => null));
  }

  #finish(checked: CheckedText | null): void {
    const text = this.#current;
    if (this.#closed || !text) return;
    const next = this.#next;
    this.#current = null;
    this.#next = null;
    this.#onChecked(text, checked);
    if (next) this.#begin(next);
  }
}
