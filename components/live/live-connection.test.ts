import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { emptyView } from "#domain/list-query";
import type { LiveEvent, View } from "#domain/live";
import { LiveConnection, type LiveTransport, type LostBecause, type ViewAnswer } from "./live-connection.ts";
import { LiveStore } from "./live-store.ts";

interface Opened {
  viewId: string;
  view: View;
  onEvent: (event: LiveEvent) => void;
  onLost: (because: LostBecause) => void;
  closed: boolean;
}

/** The other side, as a script. */
function scripted() {
  const opened: Opened[] = [];
  const sent: View[] = [];
  let answer: () => Promise<ViewAnswer> = async () => "shown";
  const transport: LiveTransport = {
    open(viewId, view, onEvent, onLost) {
      const stream = { viewId, view, onEvent, onLost, closed: false };
      opened.push(stream);
      return () => {
        if (stream.closed) return;
        stream.closed = true;
        // As tRPC does: what is unsubscribed from completes.
        onLost("lost");
      };
    },
    setView(_viewId, view) {
      sent.push(view);
      return answer();
    },
  };
  return { transport, opened, sent, answerWith: (next: () => Promise<ViewAnswer>) => (answer = next) };
}

const follow = (id: string): View => ({ ...emptyView, follow: [id] });

describe("LiveConnection", () => {
  let store: LiveStore;
  let script: ReturnType<typeof scripted>;
  let connection: LiveConnection;
  const last = () => script.opened.at(-1) as Opened;

  beforeEach(() => {
    vi.useFakeTimers();
    store = new LiveStore();
    script = scripted();
    connection = new LiveConnection(script.transport, store);
    connection.start();
  });
  afterEach(() => {
    connection.stop();
    vi.useRealTimers();
  });

  test("one stream, however often it is started", () => {
    connection.start();
    expect(script.opened).toHaveLength(1);
  });

  test("many changes of the view while scrolling are few words to the server, the last one among them", async () => {
    for (let i = 0; i < 50; i++) {
      connection.show(follow(`tcp:10.0.0.1:${i}`));
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(script.sent.length).toBeLessThan(10);
    expect(script.sent.at(-1)).toEqual(follow("tcp:10.0.0.1:49"));
  });

  test("views are sent one after another: a slow answer holds the next back", async () => {
    let finish: (value: ViewAnswer) => void = () => {};
    script.answerWith(() => new Promise((resolve) => (finish = resolve)));
    connection.show(follow("a"));
    await vi.advanceTimersByTimeAsync(200);
    connection.show(follow("b"));
    await vi.advanceTimersByTimeAsync(500);
    expect(script.sent).toHaveLength(1);
    finish("shown");
    await vi.advanceTimersByTimeAsync(200);
    expect(script.sent.at(-1)).toEqual(follow("b"));
  });

  test("a lost stream is opened anew with the view of now, later each time, and the page can count down", async () => {
    connection.show(follow("now"));
    await vi.advanceTimersByTimeAsync(200);
    const before = performance.now();
    last().onLost("lost");
    expect(last().closed).toBe(true);
    expect(store.status()).toMatchObject({ kind: "stale", retryAt: before + 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(script.opened).toHaveLength(2);
    expect(last().view).toEqual(follow("now"));
    last().onLost("lost");
    await vi.advanceTimersByTimeAsync(1000);
    expect(script.opened).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(script.opened).toHaveLength(3);
  });

  test("an event starts the waiting over from a second", async () => {
    for (let i = 0; i < 6; i++) {
      last().onLost("lost");
      await vi.advanceTimersByTimeAsync(8000);
    }
    last().onEvent({ state: { kind: "live" } });
    const streams = script.opened.length;
    last().onLost("lost");
    await vi.advanceTimersByTimeAsync(1000);
    expect(script.opened).toHaveLength(streams + 1);
  });

  test("a lost stream is lost once, though closing it says so again", async () => {
    last().onLost("lost");
    await vi.advanceTimersByTimeAsync(1000);
    last().onEvent({ state: { kind: "live" } });
    script.opened[0]?.onLost("lost");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(script.opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  test("who does not want to wait need not", () => {
    last().onLost("lost");
    connection.retryNow();
    expect(script.opened).toHaveLength(2);
    connection.retryNow();
    expect(script.opened).toHaveLength(2);
  });

  test("a live stream that falls silent is lost", async () => {
    last().onEvent({ state: { kind: "live" }, sample: { atMs: 0, ageMs: 0, cadenceMs: 1000 } });
    last().onEvent({ sample: { atMs: 1000, ageMs: 0, cadenceMs: 1000 } });
    await vi.advanceTimersByTimeAsync(4900);
    expect(store.status().kind).toBe("live");
    await vi.advanceTimersByTimeAsync(200);
    expect(store.status().kind).toBe("stale");
  });

  test("a slow cadence is not taken for silence", async () => {
    last().onEvent({ state: { kind: "live" }, sample: { atMs: 0, ageMs: 0, cadenceMs: 10_000 } });
    last().onEvent({ sample: { atMs: 10_000, ageMs: 0, cadenceMs: 10_000 } });
    await vi.advanceTimersByTimeAsync(14_000);
    expect(store.status().kind).toBe("live");
  });

  test("a server that forgot the stream gets another", async () => {
    script.answerWith(async () => "no-stream");
    connection.show(follow("a"));
    await vi.advanceTimersByTimeAsync(200);
    expect(store.status().kind).toBe("stale");
    await vi.advanceTimersByTimeAsync(1000);
    expect(script.opened).toHaveLength(2);
    expect(last().viewId).not.toBe(script.opened[0]?.viewId);
  });

  test("a view that did not get through is sent again", async () => {
    script.answerWith(() => Promise.reject(new Error("network")));
    connection.show(follow("a"));
    await vi.advanceTimersByTimeAsync(200);
    script.answerWith(async () => "shown");
    await vi.advanceTimersByTimeAsync(1500);
    expect(script.sent).toEqual([follow("a"), follow("a")]);
  });

  describe("a server that does not understand this page", () => {
    const nothingMore = async () => {
      const [streams, views] = [script.opened.length, script.sent.length];
      connection.retryNow();
      connection.show(follow("later"));
      await vi.advanceTimersByTimeAsync(600_000);
      expect([script.opened.length, script.sent.length]).toEqual([streams, views]);
      expect(vi.getTimerCount()).toBe(0);
      expect(store.status()).toMatchObject({ kind: "stale", lost: "build", retryAt: null });
    };

    test("refuses the stream: there is no other try", async () => {
      last().onEvent({ state: { kind: "live" } });
      last().onLost("lost");
      await vi.advanceTimersByTimeAsync(1000);
      expect(script.opened).toHaveLength(2);
      last().onLost("not-understood");
      await nothingMore();
    });

    test("takes the stream, but not the view of another page: the same", async () => {
      last().onEvent({ state: { kind: "live" } });
      script.answerWith(async () => "not-understood");
      connection.show(follow("a"));
      await vi.advanceTimersByTimeAsync(200);
      expect(last().closed).toBe(true);
      expect(script.sent).toHaveLength(1);
      await nothingMore();
    });

    test("still does not when the session goes on", async () => {
      last().onLost("not-understood");
      connection.stop();
      store.closed();
      connection.start();
      await nothingMore();
    });
  });

  test("stopped is stopped: no stream, no timer", async () => {
    last().onLost("lost");
    connection.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(script.opened).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
