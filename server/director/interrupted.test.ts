import { afterEach, describe, expect, it, vi } from "vitest";
import type { Change } from "#domain/change";
import { DirectorError } from "#domain/errors";
import type { JobProgress } from "#domain/revision";
import { interruptedSubject } from "./contract/interrupted-subject.ts";
import { addService, dns, http, removeServer, setWeight, threeWebs, web1, web2 } from "./contract/samples.ts";
import { simulatedSubject } from "./contract/simulated-subject.ts";
import { refusal, settings } from "./contract/subject.ts";
import { IpvsFault } from "./ipvs.ts";
import { LocalDirector } from "./local.ts";
import { ProcessMemory } from "./process-memory.ts";

const timedOut = new IpvsFault({ code: "ETIMEDOUT", errno: 110, message: "no answer" }, "write");
const two = [setWeight(http, web1, 50), removeServer(http, web2)];
const many = Array.from({ length: 2500 }, (_, at): Change => addService({ ...http, port: 1000 + at }));

/** A director with a memory that tests look into and break. */
async function remembering(options: { wallMs?: () => number; quietMs?: number } = {}) {
  const subject = await simulatedSubject();
  const memory = new ProcessMemory();
  const errors: string[] = [];
  const log = { info: () => {}, error: (_details: object, message: string) => void errors.push(message) };
  const start = async (bootId = "boot-1") => {
    const director = new LocalDirector({
      ipvs: subject.ipvs,
      drained: subject.drained,
      memory,
      bootId,
      log,
      ...options,
    });
    await director.start();
    return director;
  };
  const director = await start();
  await director.apply([...threeWebs, addService(dns)]);
  await director.stop();
  return { ...subject, memory, errors, start, director, before: await settings(director) };
}

const full = () => Promise.reject(new DirectorError("STORE_FAILED", { params: { detail: "disk full" } }));

afterEach(() => {
  vi.useRealTimers();
});

describe("a long batch", () => {
  it("is written in chunks, tells how far it is, and ends where it was found when it is cancelled", async () => {
    const seen: (JobProgress | null)[] = [];
    const subject = await interruptedSubject(async (write, commands, call) => {
      seen.push(await subject.director.progress("job"));
      if (call === 1) expect(await subject.director.cancel("job")).toBe(true);
      return write(commands);
    });
    const { director, before } = subject;
    expect((await refusal(director.apply(many, { jobId: "job" }))).code).toBe("CANCELLED");
    expect(seen).toEqual([
      { done: 0, total: 2500, phase: "writing" },
      { done: 1000, total: 2500, phase: "writing" },
      { done: 0, total: 2000, phase: "undoing" },
      { done: 1000, total: 2000, phase: "undoing" },
    ]);
    expect(await settings(director)).toEqual(before);
    expect(await director.progress("job")).toBeNull();
    expect(await director.revisions({ limit: 9 })).toHaveLength(1);
  });

  it("is done all the same when its last chunk is on its way", async () => {
    const subject = await interruptedSubject(async (write, commands, call) => {
      if (call === 2) await subject.director.cancel("job");
      return write(commands);
    });
    await subject.director.apply(many, { jobId: "job", records: false });
    expect(await subject.director.table()).toHaveLength(2502);
  });
});

describe("when the journal cannot be written", () => {
  it("refuses a batch before its first write, and goes on with single changes", async () => {
    const { director, memory, before, errors } = await remembering();
    memory.begin = full;
    expect(await refusal(director.apply(two))).toMatchObject({ code: "STORE_FAILED", params: { detail: "disk full" } });
    expect(await settings(director)).toEqual(before);
    memory.settle = full;
    expect((await director.apply([setWeight(http, web1, 9)])).revision).toBeNull();
    expect((await director.service(http)).servers.map(({ spec }) => spec.weight).sort()).toEqual([2, 3, 9]);
    expect(errors).toEqual(["a change of the table cannot be remembered"]);
  });

  it("puts a change back at once whose deadline cannot be kept", async () => {
    const { director, memory, before } = await remembering();
    memory.settle = full;
    expect((await refusal(director.apply(two, { confirmS: 60 }))).code).toBe("STORE_FAILED");
    expect(await settings(director)).toEqual(before);
    expect(await director.pending()).toBeNull();
  });
});

describe("when the kernel stops answering in the middle", () => {
  it("settles the batch before the next one is begun", async () => {
    const { director, ipvs, memory, before } = await remembering();
    const write = ipvs.write.bind(ipvs);
    ipvs.write = async (commands) => {
      await write(commands.slice(0, 1));
      ipvs.fail("ETIMEDOUT");
      throw timedOut;
    };
    expect((await refusal(director.apply(two))).code).toBe("ROLLBACK_FAILED");
    expect(await memory.writing()).not.toBeNull();
    expect((await refusal(director.apply([setWeight(http, web1, 7)]))).code).toBe("TIMED_OUT");
    ipvs.fail(null);
    ipvs.write = write;
    expect(await settings(director)).not.toEqual(before);
    await director.apply([addService({ ...http, port: 81 })]);
    expect(await memory.writing()).toBeNull();
    const { [`tcp:192.0.2.10:81`]: added, ...rest } = await settings(director);
    expect(added).toBeDefined();
    expect(rest).toEqual(before);
    const outcomes = (await director.revisions({ limit: 2 })).map(({ outcome, what }) => [outcome, Object.keys(what)]);
    expect(outcomes).toEqual([
      ["done", ["add-service"]],
      ["undone", ["set-weight", "remove-server"]],
    ]);
  });

  it("settles it when samples come again, though nobody writes", async () => {
    const { director, ipvs, memory, before } = await remembering({ quietMs: 0 });
    const write = ipvs.write.bind(ipvs);
    ipvs.write = async (commands) => {
      await write(commands.slice(0, 1));
      ipvs.fail("ETIMEDOUT");
      throw timedOut;
    };
    await refusal(director.apply(two));
    ipvs.fail(null);
    ipvs.write = write;
    director.noticed((await ipvs.snapshot()).rows);
    await vi.waitFor(async () => expect(await memory.writing()).toBeNull());
    await director.stop();
    expect(await settings(director)).toEqual(before);
  });
});

describe("when the kernel does not tell the table after a change", () => {
  const unfinished = async () => {
    const subject = await remembering({ quietMs: 0 });
    const { ipvs, director } = subject;
    const snapshot = ipvs.snapshot.bind(ipvs);
    ipvs.snapshot = () => Promise.reject(timedOut);
    const { revision } = await director.apply([setWeight(http, web1, 9)]);
    await director.stop();
    ipvs.snapshot = snapshot;
    expect((await refusal(director.revision(revision ?? 0))).code).toBe("NO_SUCH_REVISION");
    return { ...subject, revision: revision ?? 0 };
  };

  it("remembers it with the next sample", async () => {
    const { director, ipvs, revision, errors } = await unfinished();
    director.noticed((await ipvs.snapshot()).rows);
    await vi.waitFor(async () => expect((await director.revision(revision)).afterText).toContain("-m -w 9"));
    expect((await director.revisions({ limit: 9 })).map(({ id }) => id)[0]).toBe(revision);
    expect(errors).toEqual([]);
  });

  it("remembers it with the next change", async () => {
    const { director, revision } = await unfinished();
    const next = await director.apply([setWeight(http, web1, 10)]);
    const [second, first] = await director.revisions({ limit: 9 });
    expect([second?.id, first?.id]).toEqual([next.revision, revision]);
    expect(first?.after).toBe(second?.before);
    expect((await director.revision(revision)).afterText).toContain("-m -w 9");
  });
});

describe("after a restart", () => {
  const cutShort = async () => {
    const subject = await remembering();
    const { director, ipvs } = subject;
    const write = ipvs.write.bind(ipvs);
    ipvs.write = async (commands) => {
      await write(commands.slice(0, 1));
      return new Promise(() => {});
    };
    void director.apply(two, { by: { name: "ann", source: "page" }, note: "why" });
    await vi.waitFor(async () => expect(await subject.memory.writing()).not.toBeNull());
    await new Promise(setImmediate);
    ipvs.write = write;
    return subject;
  };

  it("undoes what was half way, and says so", async () => {
    const { start, before, memory } = await cutShort();
    const next = await start();
    expect(await settings(next)).toEqual(before);
    expect(await memory.writing()).toBeNull();
    const [revision] = await next.revisions({ limit: 1 });
    expect(revision).toMatchObject({ outcome: "undone", by: { name: "ann" }, note: "why", left: [] });
  });

  it("leaves a table alone that is of another boot", async () => {
    const { start, memory, director } = await cutShort();
    const between = await settings(director);
    const next = await start("boot-2");
    expect(await settings(next)).toEqual(between);
    expect(await memory.writing()).toBeNull();
  });

  it("notices what happened while nobody was there", async () => {
    const { start, outside } = await remembering();
    await outside([{ command: "delete-service", service: dns }]);
    const next = await start();
    const [foreign, own] = await next.revisions({ limit: 2 });
    expect(foreign).toMatchObject({ by: { source: "outside" }, before: own?.after });
    const texts = await next.revision(foreign?.id ?? 0);
    expect([texts.beforeText?.includes("-u 192.0.2.10:53"), texts.afterText?.includes("-u 192.0.2.10:53")]).toEqual([
      true,
      false,
    ]);
  });

  it("tells a revision its tables that a kill kept it from", async () => {
    const { director, start, memory } = await remembering();
    const complete = memory.complete.bind(memory);
    memory.complete = () => new Promise(() => {});
    const { revision } = await director.apply([setWeight(http, web1, 9)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    memory.complete = complete;
    const next = await start();
    const { before, after, afterText } = await next.revision(revision ?? 0);
    expect(before).not.toBe(after);
    expect(afterText).toContain("-r 10.0.0.1:80 -m -w 9");
  });
});

describe("an unconfirmed change", () => {
  it("goes back when its time is over, also when the kernel does not answer at first", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { director, ipvs, before } = await remembering();
    const { revision } = await director.apply(two, { confirmS: 60, records: false });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await settings(director)).not.toEqual(before);
    ipvs.fail("ETIMEDOUT");
    await vi.advanceTimersByTimeAsync(2000);
    ipvs.fail(null);
    expect((await director.pending())?.revision).toBe(revision);
    await vi.advanceTimersByTimeAsync(5000);
    await vi.waitFor(async () => expect(await director.pending()).toBeNull());
    expect(await settings(director)).toEqual(before);
  });

  it("goes back at the start of the next process when that is late, and in time when it is not", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { director, start, before } = await remembering();
    await director.apply(two, { confirmS: 60, records: false });
    await director.stop();
    vi.setSystemTime(Date.now() + 30_000);
    const second = await start();
    expect(await second.pending()).not.toBeNull();
    await second.stop();
    vi.setSystemTime(Date.now() + 60_000);
    const third = await start();
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitFor(async () => expect(await third.pending()).toBeNull());
    expect(await settings(third)).toEqual(before);
  });

  it("gets no more time than it asked for from a clock that was set back", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { director, start, before } = await remembering();
    await director.apply(two, { confirmS: 60, records: false });
    await director.stop();
    vi.setSystemTime(Date.now() - 3_600_000);
    const next = await start();
    await vi.advanceTimersByTimeAsync(60_001);
    await vi.waitFor(async () => expect(await next.pending()).toBeNull());
    expect(await settings(next)).toEqual(before);
  });
});

describe("changes from outside", () => {
  it("are noticed by the rows of a sample, once the table is quiet, with one look for many", async () => {
    const { director, ipvs, outside } = await remembering({ quietMs: 20 });
    const looks = vi.spyOn(ipvs, "snapshot");
    for (let weight = 5; weight < 9; weight++) {
      await outside([{ command: "set-server", service: http, server: { ...web1, weight } }]);
      const { rows } = await ipvs.snapshot();
      director.noticed(rows);
    }
    await vi.waitFor(async () => expect((await director.revisions({ limit: 1 }))[0]?.by.source).toBe("outside"));
    expect(await director.revisions({ limit: 9 })).toHaveLength(2);
    expect(looks).toHaveBeenCalledTimes(5);
    director.noticed((await ipvs.snapshot()).rows);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(looks).toHaveBeenCalledTimes(6);
    await director.stop();
  });

  it("are never an own batch that is half way", async () => {
    const { director, ipvs } = await remembering({ quietMs: 0 });
    const write = ipvs.write.bind(ipvs);
    ipvs.write = async (commands) => {
      const [first, ...rest] = commands;
      const done = first ? await write([first]) : [];
      director.noticed((await ipvs.snapshot()).rows);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return [...done, ...(await write(rest))];
    };
    await director.apply(two);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await director.stop();
    expect((await director.revisions({ limit: 9 })).map(({ by }) => by.source)).toEqual(["console", "console"]);
  });
});
