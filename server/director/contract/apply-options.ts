import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change";
import { tagOfRecords } from "../table-tag.ts";
import { addServer, addService, dns, http, setWeight, threeWebs, web1, web2, web3 } from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

export function applyOptionsContract(make: MakeSubject): void {
  describe("how a batch is applied", () => {
    const subject = useSubject(make);

    it("writes nothing to another table than the one it was made for", async () => {
      const { director, outside } = subject();
      await director.apply([...threeWebs, addService(dns)]);
      const ifTable = tagOfRecords(await director.table());
      await outside([{ command: "new-server", service: dns, server: web1 }]);
      const before = await settings(director);
      const shape = await refusal(director.apply([setWeight(http, web1, 9)], { ifTable }));
      expect(shape).toMatchObject({ code: "CONFLICT" });
      expect(shape.changeIndex).toBeUndefined();
      expect(await settings(director)).toEqual(before);
      const tagNow = tagOfRecords(await director.table());
      await director.apply([setWeight(http, web1, 9)], { ifTable: tagNow });
      expect(tagOfRecords(await director.table())).not.toBe(tagNow);
    });

    it("answers the plain table as it is, whichever was known, and its tag", async () => {
      const { director, outside } = subject();
      await director.apply([...threeWebs, addService(dns)]);
      const plain = async (known?: string) => {
        const { tag, table } = await director.plainTable(known);
        const now = await director.table();
        expect(tag).toBe(tagOfRecords(now));
        expect(table.map(({ key }) => key)).toEqual(now.map(({ key }) => key));
        expect(table.map(({ spec }) => spec)).toEqual(now.map(({ spec }) => spec));
        const servers = (list: typeof table) => list.map((one) => one.servers.map(({ spec }) => spec));
        expect(servers(table)).toEqual(servers(now));
        return tag;
      };
      const tag = await plain();
      expect(await plain(tag)).toBe(tag);
      expect(await plain("0".repeat(64))).toBe(tag);
      await director.apply([setWeight(http, web1, 9)]);
      const next = await plain(tag);
      expect(next).not.toBe(tag);
      await outside([{ command: "new-server", service: dns, server: web1 }]);
      expect(await plain(tag)).not.toBe(next);
      expect((await refusal(director.plainTable("no tag"))).code).toBe("INVALID");
    });

    it("lets one of two batches for the same table win", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      const ifTable = tagOfRecords(await director.table());
      const answers = await Promise.allSettled(
        [20, 30].map((weight) =>
          director.apply([setWeight(http, web1, weight), setWeight(http, web2, weight)], { ifTable }),
        ),
      );
      const lost = answers.filter(({ status }) => status === "rejected");
      expect(lost).toHaveLength(1);
      expect(lost[0]).toMatchObject({ reason: { code: "CONFLICT" } });
      const weights = new Set((await director.service(http)).servers.map(({ spec }) => spec.weight));
      expect(weights.size).toBe(2);
    });

    it("tells a table by its settings, not by the order of its rows", async () => {
      const { director } = subject();
      await director.apply([addService(dns), ...threeWebs]);
      const tag = tagOfRecords(await director.table());
      await director.clear();
      await director.apply([
        addService(http),
        ...[web3, web1, web2].map((one) => addServer(http, one)),
        addService(dns),
      ]);
      expect(tagOfRecords(await director.table())).toBe(tag);
      await director.apply([setWeight(http, web3, 4)]);
      expect(tagOfRecords(await director.table())).not.toBe(tag);
    });

    it("reads nothing back when nothing is asked for", async () => {
      const { director } = subject();
      expect((await director.apply(threeWebs, { records: false })).results).toEqual([]);
      expect((await director.service(http)).servers).toHaveLength(3);
    });

    it("knows of no batch that is over", async () => {
      const { director } = subject();
      await director.apply(threeWebs, { jobId: "job-1" });
      expect([await director.progress("job-1"), await director.cancel("job-1")]).toEqual([null, false]);
    });

    it("tells how far a long one is, and cancels one that waits behind it", { timeout: 120_000 }, async () => {
      const { director } = subject();
      const many = Array.from({ length: 10_000 }, (_, at): Change => addService({ ...http, port: 1 + at }));
      const first = director.apply(many, { jobId: "long", records: false });
      const moved = async (id: string) => {
        for (;;) {
          const progress = await director.progress(id);
          if (progress) return progress;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      expect(await moved("long")).toMatchObject({ total: 10_000 });
      const second = refusal(director.apply([addService(dns)], { jobId: "short" }));
      expect((await moved("short")).phase).toBe("waiting");
      expect(await director.cancel("short")).toBe(true);
      expect((await second).code).toBe("CANCELLED");
      await first;
      expect(await director.table()).toHaveLength(10_000);
      await director.clear();
    });

    it.each<[string, object]>([
      ["a tag that is none", { ifTable: "abc" }],
      ["no time to confirm", { confirmS: 0 }],
      ["a source that is none", { by: { name: "ann", source: "heaven" } }],
      ["a note as long as a book", { note: "x".repeat(501) }],
    ])("refuses %s", async (_why, options) => {
      const { director } = subject();
      expect((await refusal(director.apply([addService(http)], options as never))).code).toBe("INVALID");
      expect(await director.table()).toEqual([]);
    });
  });
}
