import { describe, expect, it } from "vitest";
import type { LocalAddress } from "#domain/local-address";
import { addServer, addService, editServer, http, http6, mark4, server, web1 } from "./samples.ts";
import { type MakeSubject, refusal, settings, useSubject } from "./subject.ts";

const fullnat = server({ forward: "fullnat", port: 8080 });
const addressesOf = (found: LocalAddress[]) => found.map(({ address }) => address).sort();

/** What every director does where the kernel is as mainline: it says so, and makes nothing that no client could use. */
export function withoutFullnatContract(make: MakeSubject): void {
  describe("a kernel without FULLNAT", () => {
    const subject = useSubject(make);

    it("is told by the status, and knows no local addresses", async () => {
      const { director } = subject();
      await director.apply([addService(http)]);
      expect((await director.status()).fullnat).toBe(false);
      for (const call of [
        () => director.localAddresses(http),
        () => director.addLocalAddresses(http, ["192.0.2.1"]),
        () => director.removeLocalAddresses(http, ["192.0.2.1"]),
        () => director.flushLocalAddresses(http),
        () => director.localAddresses(http6),
      ]) {
        expect(await refusal(call())).toEqual({ code: "NOT_SUPPORTED", params: {} });
      }
    });

    it("gets no FULLNAT server, of a batch neither, though it would take one", async () => {
      const { director } = subject();
      const adding = refusal(director.apply([addService(http), addServer(http, fullnat)]));
      expect(await adding).toMatchObject({ code: "NOT_SUPPORTED", changeIndex: 1, field: "forward" });
      await director.apply([addService(http), addServer(http, web1)]);
      const before = await settings(director);
      const editing = refusal(director.apply([editServer(http, { ...web1, forward: "fullnat" })]));
      expect(await editing).toMatchObject({ code: "NOT_SUPPORTED", changeIndex: 0, field: "forward" });
      expect(await settings(director)).toEqual(before);
    });
  });
}

/** What every director does on a FULLNAT kernel. */
export function localAddressContract(make: MakeSubject): void {
  describe("local addresses", () => {
    const subject = useSubject(make);

    it("are none at first, are added, listed, removed one by one and flushed", async () => {
      const { director } = subject();
      await director.apply([addService(http), addService(mark4)]);
      expect((await director.status()).fullnat).toBe(true);
      expect(await director.localAddresses(http)).toEqual([]);
      const two = await director.addLocalAddresses(http, ["192.0.2.21", "192.0.2.22"]);
      expect(two).toHaveLength(2);
      expect(two).toContainEqual({ address: "192.0.2.21", portConflicts: "0", connections: 0 });
      expect(addressesOf(await director.addLocalAddresses(http, ["192.0.2.23"]))).toEqual([
        "192.0.2.21",
        "192.0.2.22",
        "192.0.2.23",
      ]);
      expect(await director.localAddresses(mark4)).toEqual([]);
      expect(addressesOf(await director.addLocalAddresses(mark4, ["192.0.2.21"]))).toEqual(["192.0.2.21"]);
      expect(addressesOf(await director.removeLocalAddresses(http, ["192.0.2.22"]))).toEqual([
        "192.0.2.21",
        "192.0.2.23",
      ]);
      expect(await director.flushLocalAddresses(http)).toEqual([]);
      expect(await director.flushLocalAddresses(http)).toEqual([]);
      expect(addressesOf(await director.localAddresses(mark4))).toEqual(["192.0.2.21"]);
    });

    it("of IPv6 come back as they went, whatever they end in", async () => {
      const { director } = subject();
      await director.apply([addService(http6)]);
      const added = await director.addLocalAddresses(http6, ["2001:DB8::0021", "2001:db8::", "::ffff:192.0.2.9"]);
      expect(addressesOf(added)).toEqual(["2001:db8::", "2001:db8::21", "::ffff:192.0.2.9"]);
      expect(addressesOf(await director.removeLocalAddresses(http6, ["2001:db8::"]))).toEqual([
        "2001:db8::21",
        "::ffff:192.0.2.9",
      ]);
    });

    it("are added and removed all or none", async () => {
      const { director } = subject();
      await director.apply([addService(http)]);
      await director.addLocalAddresses(http, ["192.0.2.21", "192.0.2.22"]);
      expect(await refusal(director.addLocalAddresses(http, ["192.0.2.20", "192.0.2.22"]))).toEqual({
        code: "LOCAL_ADDRESS_EXISTS",
        params: { address: "192.0.2.22" },
      });
      expect(await refusal(director.removeLocalAddresses(http, ["192.0.2.21", "192.0.2.23"]))).toEqual({
        code: "NO_SUCH_LOCAL_ADDRESS",
        params: { address: "192.0.2.23" },
      });
      expect(addressesOf(await director.localAddresses(http))).toEqual(["192.0.2.21", "192.0.2.22"]);
    });

    it("need their service, and go with it", async () => {
      const { director } = subject();
      for (const call of [
        () => director.localAddresses(http),
        () => director.addLocalAddresses(http, ["192.0.2.21"]),
        () => director.removeLocalAddresses(http, ["192.0.2.21"]),
        () => director.flushLocalAddresses(http),
      ]) {
        expect((await refusal(call())).code).toBe("NO_SUCH_SERVICE");
      }
      await director.apply([addService(http)]);
      await director.addLocalAddresses(http, ["192.0.2.21"]);
      await director.apply([{ verb: "remove-service", service: http }]);
      await director.apply([addService(http)]);
      expect(await director.localAddresses(http)).toEqual([]);
    });

    it("stay when their service is edited", async () => {
      const { director } = subject();
      await director.apply([addService(http)]);
      await director.addLocalAddresses(http, ["192.0.2.21"]);
      await director.apply([{ ...addService(http, { scheduler: "rr" }), verb: "edit-service" } as never]);
      expect(addressesOf(await director.localAddresses(http))).toEqual(["192.0.2.21"]);
    });

    it.each([
      ["none at all", [], "WRONG_SHAPE", ["addresses"]],
      ["a multicast address", ["224.0.0.1"], "LOCAL_ADDRESS_NOT_UNICAST", ["addresses", 0]],
      ["any address", ["192.0.2.1", "0.0.0.0"], "LOCAL_ADDRESS_NOT_UNICAST", ["addresses", 1]],
      ["one of the other family", ["2001:db8::1"], "LOCAL_ADDRESS_OTHER_FAMILY", ["addresses", 0]],
      ["the same twice", ["192.0.2.1", "192.0.2.1"], "GIVEN_TWICE", ["addresses", 1]],
      ["a name", ["lip.example.org"], "ADDRESS_INVALID", ["addresses", 0]],
      ["a range", ["192.0.2.0/24"], "ADDRESS_INVALID", ["addresses", 0]],
      ["too many", Array.from({ length: 257 }, (_, i) => `10.9.${i >> 8}.${i & 255}`), "TOO_MANY", ["addresses"]],
    ])("are refused when they are %s", async (_why, addresses, code, path) => {
      const { director } = subject();
      await director.apply([addService(http)]);
      for (const verb of ["addLocalAddresses", "removeLocalAddresses"] as const) {
        expect(await refusal(director[verb](http, addresses))).toMatchObject({
          code: "INVALID",
          problems: [{ code, path }],
        });
      }
      expect(await director.localAddresses(http)).toEqual([]);
    });
  });

  describe("the forwarding method FULLNAT", () => {
    const subject = useSubject(make);

    it("is made, to any port, is edited, weighed and removed", async () => {
      const { director } = subject();
      await director.apply([addService(http), addServer(http, fullnat)]);
      const now = async () => (await director.service(http)).servers.map(({ spec }) => spec);
      expect(await now()).toEqual([fullnat]);
      await director.apply([editServer(http, { ...fullnat, weight: 7, upperThreshold: 9 })]);
      expect(await now()).toEqual([{ ...fullnat, weight: 7, upperThreshold: 9 }]);
      await director.apply([editServer(http, { ...fullnat, forward: "nat" })]);
      expect(await now()).toEqual([{ ...fullnat, forward: "nat" }]);
      await director.apply([editServer(http, fullnat)]);
      await director.apply([{ verb: "remove-server", service: http, server: { address: "10.0.0.1", port: 8080 } }]);
      expect(await now()).toEqual([]);
    });

    it("does not cross address families", async () => {
      const { director } = subject();
      const crossing = addServer(http, { ...fullnat, address: "2001:db8::1" });
      expect(await refusal(director.apply([addService(http), crossing]))).toMatchObject({
        code: "INVALID",
        problems: [{ code: "FAMILY_MIX_NEEDS_TUNNELING", path: [1, "server", "address"] }],
      });
    });
  });
}
