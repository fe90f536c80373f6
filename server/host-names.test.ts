import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HostNameBook } from "./host-names.ts";

let nowMs: number;
let asked: string[];
beforeEach(() => {
  nowMs = 0;
  asked = [];
});
afterEach(() => void vi.useRealTimers());

/** A book whose name server answers as told, by address. */
function book(answers: Record<string, string[] | Error> = {}): HostNameBook {
  return new HostNameBook({
    nowMs: () => nowMs,
    reverse: async (address) => {
      asked.push(address);
      const answer = answers[address] ?? new Error("ENOTFOUND");
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
}

describe("names of addresses", () => {
  test("are the first that the name server tells, or none", async () => {
    const names = book({ "192.0.2.1": ["a.example", "b.example"], "2001:db8::1": ["six.example"], "192.0.2.2": [] });
    expect(await names.lookUp(["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "192.0.2.1"])).toEqual({
      "192.0.2.1": "a.example",
      "192.0.2.2": null,
      "192.0.2.3": null,
      "2001:db8::1": "six.example",
    });
    expect(asked).toHaveLength(4);
  });

  test("that no host can have are none", async () => {
    const names = ["<script>", "a b", "", "-a", `${"a".repeat(250)}.com`, "\x1b[2J", "a.example."];
    const answers = Object.fromEntries(names.map((name, at) => [`192.0.2.${at}`, [name]]));
    expect(Object.values(await book(answers).lookUp(Object.keys(answers)))).toEqual(names.map(() => null));
  });

  test("are kept, also that there is none, and asked for again after a while", async () => {
    const names = book({ "192.0.2.1": ["a.example"] });
    for (const atMs of [0, 59_000, 61_000, 599_000, 601_000]) {
      nowMs = atMs;
      await names.lookUp(["192.0.2.1", "192.0.2.2"]);
    }
    expect(asked.filter((address) => address === "192.0.2.1")).toHaveLength(2);
    expect(asked.filter((address) => address === "192.0.2.2")).toHaveLength(3);
  });

  test("are asked for once by all who want them at the same time, sixteen at most together", async () => {
    let together = 0;
    let most = 0;
    const names = new HostNameBook({
      reverse: async (address) => {
        asked.push(address);
        most = Math.max(most, ++together);
        await new Promise((resolve) => setImmediate(resolve));
        together--;
        return ["a.example"];
      },
    });
    const addresses = Array.from({ length: 40 }, (_, at) => `192.0.2.${at}`);
    const [first, second] = await Promise.all([names.lookUp(addresses), names.lookUp(addresses.slice(20))]);
    expect(Object.values(first)).toEqual(addresses.map(() => "a.example"));
    expect(Object.values(second)).toEqual(Array(20).fill("a.example"));
    expect(asked).toHaveLength(40);
    expect(most).toBe(16);
  });

  test("so many at most are remembered, the least lately wanted forgotten", async () => {
    const names = new HostNameBook({
      reverse: async (address) => {
        asked.push(address);
        return ["a.example"];
      },
    });
    await names.lookUp(["10.0.0.0"]);
    for (let net = 1; net <= 100; net++) {
      await names.lookUp(Array.from({ length: 50 }, (_, at) => `10.1.${net}.${at}`));
      await names.lookUp(["10.0.0.0"]);
    }
    const before = asked.length;
    await names.lookUp(["10.0.0.0"]);
    expect(asked).toHaveLength(before);
    await names.lookUp(["10.1.1.0"]);
    expect(asked).toHaveLength(before + 1);
  });
});

describe("a name server that does not answer", () => {
  test("is waited for two seconds, and what it says later is known the next time", async () => {
    vi.useFakeTimers();
    let answer: (names: string[]) => void = () => {};
    const names = new HostNameBook({
      nowMs: () => nowMs,
      reverse: (address) => {
        asked.push(address);
        return address === "192.0.2.1" ? Promise.resolve(["a.example"]) : new Promise((resolve) => (answer = resolve));
      },
    });
    const slow = names.lookUp(["192.0.2.1", "192.0.2.2"]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await slow).toEqual({ "192.0.2.1": "a.example", "192.0.2.2": null });
    answer(["late.example"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(await names.lookUp(["192.0.2.2"])).toEqual({ "192.0.2.2": "late.example" });
    expect(asked).toEqual(["192.0.2.1", "192.0.2.2"]);
  });

  test("those that did not get their turn are not asked for any more", async () => {
    vi.useFakeTimers();
    const waiting: (() => void)[] = [];
    const names = new HostNameBook({
      reverse: (address) => {
        asked.push(address);
        return new Promise((_, reject) => waiting.push(() => reject(new Error("ETIMEOUT"))));
      },
    });
    const addresses = Array.from({ length: 30 }, (_, at) => `192.0.2.${at}`);
    const all = names.lookUp(addresses);
    await vi.advanceTimersByTimeAsync(2000);
    expect(Object.values(await all)).toEqual(addresses.map(() => null));
    for (const end of waiting) end();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(16);
    // Their places are free again, and they may be asked for anew.
    void names.lookUp(["192.0.2.29"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.at(-1)).toBe("192.0.2.29");
  });

  test("who joins a request that gives up is not given up with it", async () => {
    vi.useFakeTimers();
    const waiting: (() => void)[] = [];
    const names = new HostNameBook({
      reverse: (address) => {
        if (address === "192.0.2.99") return Promise.resolve(["a.example"]);
        return new Promise((_, reject) => waiting.push(() => reject(new Error("ETIMEOUT"))));
      },
    });
    const first = names.lookUp([...Array.from({ length: 16 }, (_, at) => `192.0.2.${at}`), "192.0.2.99"]);
    await vi.advanceTimersByTimeAsync(1000);
    const second = names.lookUp(["192.0.2.99"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await first)["192.0.2.99"]).toBeNull();
    for (const end of waiting) end();
    await vi.advanceTimersByTimeAsync(0);
    expect(await second).toEqual({ "192.0.2.99": "a.example" });
  });
});
