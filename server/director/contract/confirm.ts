import { describe, expect, it } from "vitest";
import { addService, dns, drain, http, removeServer, setWeight, threeWebs, web1, web2 } from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

const by = { name: "ann", source: "page", from: "192.0.2.7" } as const;

export function confirmContract(make: MakeSubject): void {
  describe("a change that must be confirmed", () => {
    const subject = useSubject(make);

    const armed = async () => {
      const { director } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      const before = await settings(director);
      const startedMs = Date.now();
      const { revision, confirmBy } = await director.apply(
        [setWeight(http, web1, 50), removeServer(http, web2), addService(dns)],
        { by, note: "new weights", confirmS: 600 },
      );
      if (revision === null || confirmBy === undefined) throw new Error("not armed");
      return { director, before, revision, confirmBy, startedMs };
    };

    it("waits, and says for whom and until when", async () => {
      const { director, revision, confirmBy, startedMs } = await armed();
      expect(await director.pending()).toMatchObject({ revision, by, note: "new weights", confirmBy });
      expect(Math.abs(confirmBy - startedMs - 600_000)).toBeLessThan(60_000);
      expect((await director.revision(revision)).outcome).toBe("waiting");
    });

    it("stays once it is confirmed", async () => {
      const { director, revision } = await armed();
      await director.confirm(revision);
      expect(await director.pending()).toBeNull();
      expect((await director.service(http)).servers).toHaveLength(2);
      expect((await director.revision(revision)).outcome).toBe("confirmed");
      expect((await refusal(director.confirm(revision))).code).toBe("NOT_PENDING");
      expect((await refusal(director.rollBackNow(revision))).code).toBe("NOT_PENDING");
    });

    it("goes back when asked to, drained weights too, and that is a revision of its own", async () => {
      const { director, revision, before } = await armed();
      await director.rollBackNow(revision, by);
      expect(await settings(director)).toEqual(before);
      const drained = (await director.service(http)).servers.find(({ spec }) => spec.address === web2.address);
      expect(drained?.drainedWeight).toBe(2);
      expect(await director.pending()).toBeNull();
      const [back, change] = await director.revisions({ limit: 2 });
      expect(change).toMatchObject({ id: revision, outcome: "put-back", left: [] });
      expect(back).toMatchObject({
        by,
        undoes: revision,
        outcome: "done",
        before: change?.after,
        after: change?.before,
      });
    });

    it("leaves alone what somebody else moved since, and names it", async () => {
      const { director, revision } = await armed();
      await subject().outside([{ command: "set-server", service: http, server: { ...web1, weight: 77 } }]);
      await director.rollBackNow(revision);
      const weights = (await director.service(http)).servers.map(({ spec }) => [spec.address, spec.weight]);
      expect(Object.fromEntries(weights)).toEqual({ "10.0.0.1": 77, "10.0.0.2": 0, "10.0.0.3": 3 });
      expect((await director.revision(revision)).left).toEqual(["tcp:192.0.2.10:80>10.0.0.1:80"]);
    });

    it("does not wait for two at once, and goes on with other changes", async () => {
      const { director, revision } = await armed();
      expect((await refusal(director.apply([setWeight(http, web1, 7)], { confirmS: 60 }))).code).toBe(
        "CONFIRM_PENDING",
      );
      await director.apply([setWeight(http, web1, 7)]);
      expect((await director.pending())?.revision).toBe(revision);
      expect((await refusal(director.confirm(revision + 1))).code).toBe("NOT_PENDING");
    });

    it("waits for a single change too", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      const before = await settings(director);
      const { revision } = await director.apply([setWeight(http, web1, 50)], { confirmS: 60 });
      await director.rollBackNow(revision ?? 0);
      expect(await settings(director)).toEqual(before);
    });
  });
}
