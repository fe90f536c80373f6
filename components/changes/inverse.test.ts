import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change";
import type { ObservedServerSpec } from "#domain/real-server";
import type { ServiceKey } from "#domain/service";
import { serverRecord, serviceRecord } from "./changes-harness.tsx";
import { inverseOf } from "./inverse.ts";

const web: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const one = serverRecord(web, { address: "10.0.0.1", weight: 5 });
const two = serverRecord(web, { address: "10.0.0.2", weight: 0 }, { drainedWeight: 8 });
const service = serviceRecord(web, [one, two]);
const key = { address: "10.0.0.1", port: 80 };
const at = (spec: Partial<ObservedServerSpec>) => serverRecord(web, { address: "10.0.0.1", ...spec });
const left = (record: ReturnType<typeof at> | null) => ({ kind: "server" as const, record });

describe("the way back", () => {
  it("from an addition is a removal of what was added, as it was left", () => {
    expect(inverseOf([{ verb: "add-server", service: web, server: one.spec } as Change], [left(one)])).toEqual([
      { verb: "remove-server", service: web, server: key, expected: one.spec },
    ]);
    expect(
      inverseOf(
        [{ verb: "add-service", service: web, spec: service.spec } as Change],
        [{ kind: "service", record: { ...service, servers: [] } }],
      ),
    ).toEqual([{ verb: "remove-service", service: web, expected: service.spec }]);
  });

  it("from a removal brings the row back, a service with its servers", () => {
    const removal: Change = { verb: "remove-service", service: web, expected: service.spec };
    expect(inverseOf([removal], [{ kind: "service", record: null }], service.servers)).toEqual([
      { verb: "add-service", service: web, spec: service.spec },
      { verb: "add-server", service: web, server: one.spec },
      { verb: "add-server", service: web, server: { ...two.spec, weight: 8 } },
      { verb: "drain-server", service: web, server: { address: "10.0.0.2", port: 80 } },
    ]);
    const one_: Change = { verb: "remove-server", service: web, server: key, expected: one.spec };
    expect(inverseOf([one_], [left(null)])).toEqual([{ verb: "add-server", service: web, server: one.spec }]);
  });

  it("from an edit is the edit back, on top of what it left behind", () => {
    const after = at({ weight: 5, forward: "direct" });
    const edit = { verb: "edit-server", service: web, server: after.spec, expected: one.spec } as Change;
    expect(inverseOf([edit], [left(after)])).toEqual([
      { verb: "edit-server", service: web, server: one.spec, expected: after.spec },
    ]);
  });

  it("from weights is weights, from a drain the weight that was kept", () => {
    const after = at({ weight: 9 });
    const weight: Change = { verb: "set-weight", service: web, server: key, weight: 9, expected: one.spec };
    expect(inverseOf([weight], [left(after)])).toEqual([
      { verb: "set-weight", service: web, server: key, weight: 5, expected: after.spec },
    ]);
    const drained = at({ weight: 0 });
    const drain: Change = { verb: "drain-server", service: web, server: key, expected: one.spec };
    expect(inverseOf([drain], [left(drained)])).toEqual([
      { verb: "restore-server", service: web, server: key, expected: drained.spec },
    ]);
  });

  it("from a weight that ended a drain is a drain that keeps the weight it kept", () => {
    const after = serverRecord(web, { address: "10.0.0.2", weight: 3 });
    const server = { address: "10.0.0.2", port: 80 };
    const weight: Change = { verb: "set-weight", service: web, server, weight: 3, expected: two.spec };
    expect(inverseOf([weight], [left(after)], [two])).toEqual([
      { verb: "set-weight", service: web, server, weight: 8, expected: after.spec },
      { verb: "drain-server", service: web, server },
    ]);
  });

  it("from an edit and a drain of one server is one edit, and goes from the last to the first", () => {
    const after = at({ weight: 0, forward: "direct" });
    const changes: Change[] = [
      { verb: "edit-server", service: web, server: { ...after.spec, weight: 5 }, expected: one.spec } as Change,
      { verb: "drain-server", service: web, server: key },
      { verb: "remove-server", service: web, server: { address: "10.0.0.2", port: 80 }, expected: two.spec },
    ];
    expect(inverseOf(changes, [left(after), left(after), left(null)], [two])).toEqual([
      { verb: "add-server", service: web, server: { ...two.spec, weight: 8 } },
      { verb: "drain-server", service: web, server: { address: "10.0.0.2", port: 80 } },
      { verb: "edit-server", service: web, server: one.spec, expected: after.spec },
    ]);
  });

  it("is none where what was there is not known, or is nothing that can be made here", () => {
    expect(inverseOf([{ verb: "remove-server", service: web, server: key }], [left(null)])).toBeNull();
    const foreign = { ...one.spec, forward: "bypass" as const };
    const removal: Change = { verb: "remove-server", service: web, server: key, expected: foreign };
    expect(inverseOf([removal], [left(null)])).toBeNull();
    expect(inverseOf([{ verb: "clear" }], [{ kind: "table", record: null }])).toBeNull();
    // Its weight alone can be set back: nothing else of it is written.
    const weight: Change = { verb: "set-weight", service: web, server: key, weight: 9, expected: foreign };
    expect(inverseOf([weight], [left(at({ forward: "bypass", weight: 9 }))])).toHaveLength(1);
  });
});
