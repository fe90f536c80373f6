import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change";
import {
  addServer,
  drain,
  editServer,
  http,
  removeServer,
  restore,
  setWeight,
  spec,
  threeWebs,
  web2,
} from "./samples.ts";
import { type MakeSubject, refusal, useSubject } from "./subject.ts";

export function drainContract(make: MakeSubject): void {
  describe("draining", () => {
    const subject = useSubject(make);
    const state = async () => {
      const one = (await subject().director.service(http)).servers.find((each) => each.spec.address === web2.address);
      return one ? [one.spec.weight, one.drainedWeight] : null;
    };

    it("takes the weight away and gives it back", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      const {
        results: [drained],
      } = await director.apply([drain(http, web2)]);
      expect(drained).toMatchObject({ kind: "server", record: { spec: { ...web2, weight: 0 }, drainedWeight: 2 } });
      expect(
        (await director.table())[0]?.servers.find((each) => each.spec.address === web2.address)?.drainedWeight,
      ).toBe(2);
      const {
        results: [restored],
      } = await director.apply([restore(http, web2)]);
      expect(restored).toMatchObject({ kind: "server", record: { spec: web2, drainedWeight: null } });
      expect((await refusal(director.apply([restore(http, web2)]))).code).toBe("NOT_DRAINED");
    });

    it("drains twice as once", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      await director.apply([drain(http, web2)]);
      await director.apply([drain(http, web2)]);
      expect(await state()).toEqual([0, 2]);
    });

    it("finds nothing to keep of a weight that was 0, and nothing to give back", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, setWeight(http, web2, 0)]);
      await director.apply([drain(http, web2)]);
      expect(await state()).toEqual([0, null]);
      expect(await refusal(director.apply([restore(http, web2)]))).toMatchObject({
        code: "NOT_DRAINED",
        changeIndex: 0,
      });
    });

    it.each<[string, Change[], [number, number | null]]>([
      ["a weight set by hand", [setWeight(http, web2, 7)], [7, null]],
      ["an edit with a weight", [editServer(http, { ...web2, weight: 7 })], [7, null]],
      ["a weight raised and taken by hand", [setWeight(http, web2, 7), setWeight(http, web2, 0)], [0, null]],
      ["a removal", [removeServer(http, web2), addServer(http, { ...web2, weight: 0 })], [0, null]],
      [
        "a removal of the service",
        [{ verb: "remove-service", service: http }, ...threeWebs, setWeight(http, web2, 0)],
        [0, null],
      ],
    ])("forgets the weight after %s", async (_name, changes, expected) => {
      const { director } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      for (const change of changes) await director.apply([change]);
      expect(await state()).toEqual(expected);
    });

    it.each<[string, Change]>([
      ["weight 0 set again", setWeight(http, web2, 0)],
      ["an edit that leaves it at 0", editServer(http, { ...web2, weight: 0, upperThreshold: 50 })],
    ])("remembers the weight over %s", async (_name, change) => {
      const { director } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      await director.apply([change]);
      expect(await state()).toEqual([0, 2]);
    });

    it("forgets every weight when the table is cleared", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      await director.clear();
      await director.apply([...threeWebs, setWeight(http, web2, 0)]);
      expect(await state()).toEqual([0, null]);
    });

    it.each<[string, Change]>([
      ["server", removeServer(http, web2)],
      ["service", { verb: "remove-service", service: http }],
    ])("tells nothing of a %s that was removed here and added by another manager", async (kind, change) => {
      const { director, outside } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      await director.apply([change]);
      if (kind === "service") await outside([{ command: "new-service", service: http, spec: spec() }]);
      await outside([{ command: "new-server", service: http, server: { ...web2, weight: 0 } }]);
      expect(await state()).toEqual([0, null]);
    });

    it("does not tell or give back a weight that another manager has replaced", async () => {
      const { director, outside } = subject();
      await director.apply([...threeWebs, drain(http, web2)]);
      await outside([{ command: "set-server", service: http, server: { ...web2, weight: 9 } }]);
      expect(await state()).toEqual([9, null]);
      expect((await refusal(director.apply([restore(http, web2)]))).code).toBe("NOT_DRAINED");
      await director.apply([drain(http, web2)]);
      expect(await state()).toEqual([0, 9]);
    });
  });
}
