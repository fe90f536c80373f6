import { describe, expect, it } from "vitest";
import {
  addServer,
  addService,
  broadcast,
  dns,
  http,
  server,
  setWeight,
  spec,
  threeWebs,
  web1,
  web2,
} from "./samples.ts";
import { type MakeSubject, refusal, useSubject } from "./subject.ts";

const by = { name: "ann", source: "api", from: "2001:db8::7" } as const;
const webs = `-A -t 192.0.2.10:80 -s wlc
-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 2
-a -t 192.0.2.10:80 -r 10.0.0.3:80 -m -w 3
`;

export function revisionContract(make: MakeSubject): void {
  describe("revisions", () => {
    const subject = useSubject(make);

    it("remembers who changed what, when and why, with both tables", async () => {
      const { director } = subject();
      const startedMs = Date.now();
      const first = await director.apply(threeWebs, { by, note: "  three webs " });
      const second = await director.apply([setWeight(http, web1, 9), addService(dns)]);
      expect((await director.revisions({ limit: 10 })).map(({ id }) => id)).toEqual([second.revision, first.revision]);
      const revision = await director.revision(first.revision ?? 0);
      expect(revision).toMatchObject({
        ...{ by, note: "three webs", what: { "add-service": 1, "add-server": 3 }, outcome: "done", left: [] },
        ...{ undoes: null, beforeText: "", afterText: webs },
      });
      expect(revision.atMs).toBeGreaterThan(startedMs - 60_000);
      const after = await director.revision(second.revision ?? 0);
      expect(after).toMatchObject({ before: revision.after, beforeText: webs });
      expect(after.afterText).toContain("-r 10.0.0.1:80 -m -w 9");
    });

    it("tells what others did before as a change of theirs", async () => {
      const { director, outside } = subject();
      const first = await director.apply(threeWebs, { by });
      await outside([
        { command: "new-service", service: dns, spec: spec() },
        { command: "set-server", service: http, server: { ...web2, weight: 22 } },
      ]);
      const second = await director.apply([setWeight(http, web2, 33)], { by });
      const [own, foreign, earlier] = await director.revisions({ limit: 10 });
      expect([own?.id, earlier?.id]).toEqual([second.revision, first.revision]);
      expect(foreign).toMatchObject({
        by: { name: "", source: "outside" },
        before: earlier?.after,
        after: own?.before,
      });
      const { beforeText, afterText } = await director.revision(foreign?.id ?? 0);
      expect(beforeText).toBe(webs);
      expect(afterText).toContain("-r 10.0.0.2:80 -m -w 22");
      expect(afterText).toContain("-A -u 192.0.2.10:53 -s wlc");
    });

    it("makes none of what changes nothing or was refused", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(dns)]);
      expect((await director.apply([setWeight(http, web1, 1)])).revision).toBeNull();
      await refusal(director.apply([setWeight(http, web1, 2), addServer(dns, server({ address: broadcast }))]));
      expect(await director.revisions({ limit: 10 })).toHaveLength(1);
      expect((await refusal(director.revision(999))).code).toBe("NO_SUCH_REVISION");
    });

    it("tells them page by page", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      for (let weight = 2; weight < 7; weight++) await director.apply([setWeight(http, web1, weight)]);
      const all = (await director.revisions({ limit: 100 })).map(({ id }) => id);
      expect(all).toHaveLength(6);
      expect((await director.revisions({ limit: 2, beforeId: all[1] as number })).map(({ id }) => id)).toEqual(
        all.slice(2, 4),
      );
      expect((await refusal(director.revisions({ limit: 0 }))).code).toBe("INVALID");
    });
  });
}
