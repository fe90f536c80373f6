import type { ErrorShape } from "#domain/errors";
import type { Me, SessionEnd } from "#domain/people";

/** Is who the page was made for still logged in? */
export type SessionStatus =
  | { kind: "open" }
  /** nobody is; `end` null: why is not known */
  | { kind: "over"; end: SessionEnd | null }
  /** by the log-out in this tab: another page comes */
  | { kind: "leaving" }
  /** someone else is, or the same person with another role: what is on screen is not for them */
  | { kind: "changed"; me: Me };

/** When a session ends, in milliseconds since the epoch. */
export interface SessionLimits {
  /** unless something is done before */
  idleEndsAtMs: number;
  endsAtMs: number;
}

const open: SessionStatus = { kind: "open" };

/**
 * The session as this tab knows it: an external store. News come from the stream, from refused calls, from other tabs
 * and from a log-in; what is over stays over until somebody is seen logged in again.
 */
export class SessionStore {
  readonly #listeners = new Set<() => void>();
  readonly #clockAheadMs: number;
  #status: SessionStatus = open;
  #me: Me;
  /** by the server's clock; `me` is the same object for as long as it is the same session, so that nothing renders for these */
  #limits: SessionLimits;

  /** @param serverNowMs the server's clock now: that of the browser may be another */
  constructor(me: Me, serverNowMs: number = Date.now()) {
    this.#me = me;
    this.#limits = me;
    this.#clockAheadMs = Date.now() - serverNowMs;
  }

  status = (): SessionStatus => this.#status;
  me = (): Me => this.#me;

  onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** By this browser's clock. */
  limits(): SessionLimits {
    const { idleEndsAtMs, endsAtMs } = this.#limits;
    return { idleEndsAtMs: this.inBrowserTime(idleEndsAtMs), endsAtMs: this.inBrowserTime(endsAtMs) };
  }

  /** A moment of the server's clock by this browser's, both in milliseconds since the epoch. */
  inBrowserTime(serverMs: number): number {
    return serverMs + this.#clockAheadMs;
  }

  /** The server ended it and says why. */
  ended = (end: SessionEnd): void => {
    if (this.#status.kind === "open") this.#become({ kind: "over", end });
  };

  /** A call was refused. */
  refused = ({ code }: ErrorShape): void => {
    if (code === "NOT_LOGGED_IN") this.seen(null);
  };

  /** Who looks at this tab logs out: that the session ends is no news then. */
  leave(): void {
    this.#become({ kind: "leaving" });
  }

  /** The log-out came to nothing. */
  stay(): void {
    this.#become(open);
  }

  /** Whom the server takes us for, at a question or after a log-in in this tab or another. */
  seen(me: Me | null): void {
    if (this.#status.kind === "leaving") return;
    if (!me) {
      if (this.#status.kind !== "over") this.#become({ kind: "over", end: this.#endByClock() });
    } else if (me.userId !== this.#me.userId || me.role !== this.#me.role) this.#become({ kind: "changed", me });
    else {
      if (me.sessionId !== this.#me.sessionId) this.#me = me;
      this.#limits = me;
      this.#become(open);
    }
  }

  /** Something was done in this session, here or in another tab. */
  touched(sessionId: string, limits: SessionLimits): void {
    if (sessionId !== this.#me.sessionId || limits.idleEndsAtMs <= this.#limits.idleEndsAtMs) return;
    this.#limits = limits;
    this.#become(this.#status);
  }

  #endByClock(): SessionEnd | null {
    const { idleEndsAtMs, endsAtMs } = this.limits();
    const now = Date.now();
    return now >= endsAtMs ? "expired" : now >= idleEndsAtMs ? "idle" : null;
  }

  #become(status: SessionStatus): void {
    this.#status = status;
    for (const listener of [...this.#listeners]) listener();
  }
}
