import { describe, expect, it } from "vitest";
import { addService, dns, http, removeServer, setWeight, threeWebs, web1, web2 } from "./samples.ts";
import { type MakeSubject, useSubject } from "./subject.ts";

export function bootContract(make: MakeSubject): void {
  describe("the table to start with", () => {
    const subject = useSubject(make);

    it("is none at first", async () => {
      expect(await subject().director.bootStatus()).toEqual({ savedAtMs: null, drift: null, text: null });
    });

    it("is kept as it is, and tells how far the table has gone from it", async () => {
      const { director } = subject();
      await director.apply(threeWebs);
      const saved = await director.saveBoot();
      expect(saved.drift).toEqual({ added: 0, removed: 0 });
      expect(saved.text).toContain("-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 2\n");
      expect(Math.abs((saved.savedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
      await director.apply([setWeight(http, web1, 9), removeServer(http, web2), addService(dns)]);
      expect(await director.bootStatus()).toEqual({ ...saved, drift: { added: 2, removed: 2 } });
      expect((await director.saveBoot()).drift).toEqual({ added: 0, removed: 0 });
    });
  });
}
