import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionPage, ConnectionQueryInput, ReadProgress } from "#domain/connection";
import { askProgressMs, ConnectionReader } from "./connection-reader.ts";
import { answer, connection } from "./page-fixture.ts";
import type { ConnectionLook } from "./use-connection-query.ts";

const looking: ConnectionLook = {
  filter: { kind: "connections" },
  ...{ group: null, sort: null, descending: false, offset: 0, limit: 100, groupOffset: 0, groupLimit: 0 },
};
const rows = [connection(1), connection(2)];

interface Call {
  query: ConnectionQueryInput;
  signal: AbortSignal;
  answer: (page: ConnectionPage) => Promise<void>;
  refuse: (error: unknown) => Promise<void>;
}

/** A console whose answers come when the test gives them. */
class SlowConsole {
  readonly calls: Call[] = [];
  readonly progressOf: string[] = [];
  readonly cancelled: string[] = [];
  progress: ReadProgress | null = null;
  watched = true;
  readonly reader = new ConnectionReader(
    {
      page: (query, signal) => {
        const { promise, resolve, reject } = Promise.withResolvers<ConnectionPage>();
        const then = async (settle: () => void) => {
          settle();
          await vi.advanceTimersByTimeAsync(0);
        };
        this.calls.push({
          ...{ query, signal },
          answer: (page) => then(() => resolve(page)),
          refuse: (error) => then(() => reject(error)),
        });
        return promise;
      },
      progress: async (id) => {
        this.progressOf.push(id);
        return this.progress;
      },
      cancel: async (id) => this.cancelled.push(id),
    },
    () => this.watched,
  );

  get last(): Call {
    const call = this.calls.at(-1);
    if (!call) throw new Error("nothing was asked");
    return call;
  }
}

let server: SlowConsole;
beforeEach(() => {
  vi.useFakeTimers();
  server = new SlowConsole();
});
afterEach(() => vi.useRealTimers());

describe("a look", () => {
  test("reads, and another order or page looks into the same read", async () => {
    const { reader } = server;
    void reader.look(looking);
    expect(reader.state()).toMatchObject({ busy: "reading", page: null });
    expect(server.last.query).toEqual({ ...looking, asker: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await server.last.answer(answer(rows));
    expect(reader.state()).toMatchObject({ busy: "no", page: { rows }, shown: looking });

    void reader.look({ ...looking, sort: "client", offset: 100 });
    expect(reader.state()).toMatchObject({ busy: "looking", page: { rows } });
    expect(server.last.query).toMatchObject({ sort: "client", offset: 100, read: "r1" });
  });

  test("through another filter is a read of its own; by another grouping it may have to be", async () => {
    const { reader } = server;
    void reader.look(looking);
    await server.last.answer(answer(rows));
    void reader.look({ ...looking, group: "client" });
    expect([server.last.query.read, reader.state().busy]).toEqual(["r1", "reading"]);
    void reader.look({ ...looking, filter: { kind: "templates" } });
    expect([server.last.query.read, reader.state().busy]).toEqual([undefined, "reading"]);
  });

  test("that is not the newest any more is not waited for, and its answer changes nothing", async () => {
    const { reader } = server;
    void reader.look(looking);
    const first = server.last;
    void reader.look({ ...looking, filter: { client: "198.51.100.2" } });
    expect(first.signal.aborted).toBe(true);
    await first.answer(answer(rows));
    expect(reader.state()).toMatchObject({ busy: "reading", page: null });
    await server.last.answer(answer(rows.slice(1), { id: "r2" }));
    expect(reader.state()).toMatchObject({ busy: "no", page: { rows: rows.slice(1) } });
  });

  test("at nothing asks nothing, and keeps what is there", async () => {
    const { reader } = server;
    void reader.look(looking);
    await server.last.answer(answer(rows));
    void reader.look({ ...looking, offset: 100 });
    void reader.look(null);
    expect(server.last.signal.aborted).toBe(true);
    expect(reader.state()).toMatchObject({ busy: "no", page: { rows } });
    await reader.refresh();
    expect(server.calls).toHaveLength(2);
  });

  test("that is refused says why, and what was there stays", async () => {
    const { reader } = server;
    void reader.look(looking);
    await server.last.answer(answer(rows));
    const refusal = new Error("no");
    void reader.refresh();
    expect(server.last.query).toMatchObject({ freshMs: 0 });
    await server.last.refuse(refusal);
    expect(reader.state()).toMatchObject({ busy: "no", error: refusal, page: { rows } });
    void reader.refresh();
    expect(reader.state().error).toBeNull();
  });
});

const half: ReadProgress = {
  ...{ state: "reading", rowsRead: 412_000, rowsExpected: 1_000_000, matched: 9, held: 9, tookMs: 1500 },
};

describe("a read that takes long", () => {
  test("says how far it is, by the name of who asked, as long as it lasts", async () => {
    const { reader } = server;
    void reader.look(looking);
    server.progress = half;
    await vi.advanceTimersByTimeAsync(askProgressMs);
    expect(reader.state().progress).toEqual(half);
    expect(new Set(server.progressOf)).toEqual(new Set([server.last.query.asker]));
    await server.last.answer(answer(rows));
    expect(reader.state().progress).toBeNull();
    const asked = server.progressOf.length;
    await vi.advanceTimersByTimeAsync(10 * askProgressMs);
    expect(server.progressOf).toHaveLength(asked);
  });

  test("is cancelled by that name, and its answer says so", async () => {
    const { reader } = server;
    void reader.look(looking);
    await reader.cancel();
    expect(server.cancelled).toEqual([server.last.query.asker]);
    expect(reader.state().busy).toBe("reading");
    await server.last.answer(answer(rows, { state: "cancelled" }));
    expect(reader.state()).toMatchObject({ busy: "no", page: { read: { state: "cancelled" } } });
    expect(server.calls).toHaveLength(1);
  });

  test("stops at its budget until somebody wants more, and then goes on in parts until its end", async () => {
    const { reader } = server;
    void reader.look(looking);
    await server.last.answer(answer(rows, { state: "paused" }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.calls).toHaveLength(1);

    void reader.goOn();
    expect(server.last.query).toMatchObject({ read: "r1", goOn: true, budgetMs: 5000 });
    await server.last.answer(answer(rows, { state: "paused" }));
    expect(server.calls).toHaveLength(3);
    expect(server.last.query).toMatchObject({ read: "r1", goOn: true });
    await server.last.answer(answer(rows));
    expect(server.calls).toHaveLength(3);
    expect(reader.state()).toMatchObject({ busy: "no", page: { read: { state: "complete" } } });
  });

  test("does not go on for a tab that nobody sees, nor after it was cancelled", async () => {
    const { reader } = server;
    void reader.look(looking);
    await server.last.answer(answer(rows, { state: "paused" }));
    void reader.goOn();
    server.watched = false;
    await server.last.answer(answer(rows, { state: "paused" }));
    expect([server.calls.length, reader.state().busy]).toEqual([2, "no"]);

    server.watched = true;
    void reader.goOn();
    await reader.cancel();
    await server.last.answer(answer(rows, { state: "paused" }));
    expect([server.calls.length, reader.state().busy]).toEqual([3, "no"]);
  });

  test("and is somebody else's is waited for, then looked into", async () => {
    const { reader } = server;
    void reader.look(looking);
    await server.last.answer(answer(rows, { id: "theirs", state: "reading" }));
    expect(reader.state()).toMatchObject({ busy: "reading", page: { rows } });
    await vi.advanceTimersByTimeAsync(askProgressMs);
    expect(server.progressOf.at(-1)).toBe("theirs");
    expect(server.last.query).toMatchObject({ read: "theirs" });
    await reader.cancel();
    expect(server.cancelled).toEqual(["theirs"]);
    await server.last.answer(answer(rows, { id: "theirs" }));
    expect(reader.state().busy).toBe("no");
  });

  test("and that others wait for too is left to them by who cancels", async () => {
    const { reader } = server;
    void reader.look(looking);
    await reader.cancel();
    await server.last.answer(answer(rows, { state: "reading" }));
    await vi.advanceTimersByTimeAsync(10 * askProgressMs);
    expect(server.calls).toHaveLength(1);
    expect(reader.state()).toMatchObject({ busy: "no", page: { rows, read: { state: "cancelled" } } });
  });
});
