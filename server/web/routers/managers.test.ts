import { describe, expect, test, vi } from "vitest";
import type { FoundManager } from "#domain/doctor";
import { DirectorError } from "#domain/errors";
import { codeOf } from "../web-fixture.ts";
import { RulesPeople, rules } from "./rules-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const people = new RulesPeople();
const keepalived: FoundManager = { manager: "keepalived", evidence: "/proc/77/comm", here: true };
const docker: FoundManager = { manager: "docker", evidence: "/run/docker/netns/ingress_sbox", here: false };
const found = (...managers: FoundManager[]) =>
  vi.spyOn(people.subject.director, "managers").mockResolvedValue(managers);

const service = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
const server = { address: "10.0.0.1", port: 80 };
const heavier = () =>
  people.caller("oleg").table.change({ changes: [{ verb: "set-weight", service, server, weight: 7 }] as never });
const newest = async () => (await people.as("vera").revisions({ beforeId: null, limit: 1 })).revisions[0];

describe("a table that another program manages", () => {
  test("is not edited before somebody has said that it is meant; then it is, and the revision says in spite of whom", async () => {
    await people.set(rules);
    found(keepalived, docker);
    expect(await people.caller("vera").managers.state()).toEqual({ managers: [keepalived], agreed: false });
    const changes: [string, () => Promise<unknown>][] = [
      ["a row", heavier],
      ["rule text", () => people.write("oleg", "-A -f 9 -s rr\n")],
      ["timeouts", () => people.caller("oleg").director.setTimeouts({ tcpS: 1, tcpFinS: 0, udpS: 0 })],
      ["all of it", () => people.caller("root").director.clear(null)],
      ["a daemon", () => people.caller("root").director.startDaemon({ role: "master", interface: "eth0", syncId: 1 })],
      ["local addresses", () => people.caller("oleg").localAddresses.flush({ id: "tcp:192.0.2.10:80" })],
    ];
    for (const [what, change] of changes) expect([what, await codeOf(change())]).toEqual([what, "OTHER_MANAGER"]);
    expect(await people.now()).toBe(rules);
    expect(await people.subject.director.timeouts()).toEqual({ tcpS: 900, tcpFinS: 120, udpS: 300 });
    expect(people.audit().filter(({ outcome }) => outcome === "OTHER_MANAGER")).toHaveLength(changes.length);
    expect(await codeOf(people.caller("oleg").director.zero({ id: null }))).toBe("answered");

    expect(await codeOf(people.caller("vera").managers.editAnyway(["keepalived"]))).toBe("ROLE_TOO_SMALL");
    expect(await people.caller("oleg").managers.editAnyway(["keepalived"])).toEqual({
      managers: [keepalived],
      agreed: true,
    });
    expect(people.audit().at(-1)).toMatchObject({ actor: "oleg", action: "edit-anyway", target: "keepalived" });
    await heavier();
    expect(await newest()).toMatchObject({ by: { name: "oleg" }, note: "(despite keepalived)" });
    await people.write("oleg", "-A -f 9 -s rr\n", "run", { note: "x".repeat(500) });
    expect((await newest())?.note).toMatch(/^x{479} \(despite keepalived\)$/);
    // One that was not shown when it was said is not meant.
    const kubeProxy = { manager: "kube-proxy", evidence: "/sys/class/net/kube-ipvs0", here: true } as const;
    found(keepalived, kubeProxy);
    expect(await people.caller("oleg").managers.editAnyway(["keepalived"])).toMatchObject({ agreed: false });
    expect(await codeOf(heavier())).toBe("OTHER_MANAGER");
    found(keepalived);
    // Another session has said nothing, and one manager more is asked about anew.
    expect(await codeOf(people.caller("root").director.clear(null))).toBe("OTHER_MANAGER");
    found(keepalived, { manager: "kube-proxy", evidence: "/sys/class/net/kube-ipvs0", here: true });
    expect(await codeOf(heavier())).toBe("OTHER_MANAGER");
  });

  test("is nobody's where none is found in this namespace, or where nobody can tell", async () => {
    await people.set(rules);
    found(docker);
    await heavier();
    expect((await newest())?.note).toBeNull();
    vi.spyOn(people.subject.director, "managers").mockRejectedValue(new DirectorError("UNREACHABLE"));
    expect(await people.caller("vera").managers.state()).toEqual({ managers: [], agreed: true });
    expect(await codeOf(people.caller("oleg").director.setTimeouts({ tcpS: 7, tcpFinS: 0, udpS: 0 }))).toBe("answered");
  });
});
