import { act, renderHook, waitFor } from "@testing-library/react";
import { NuqsTestingAdapter, type UrlUpdateEvent } from "nuqs/adapters/testing";
import type { ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { connectionQuerySchema } from "#domain/connection";
import { useConnectionQuery } from "./use-connection-query.ts";

function query(search = "") {
  const updates: UrlUpdateEvent[] = [];
  const wrapper = ({ children }: { children: ReactNode }) => (
    <NuqsTestingAdapter searchParams={search} hasMemory onUrlUpdate={(update) => updates.push(update)}>
      {children}
    </NuqsTestingAdapter>
  );
  return { result: renderHook(() => useConnectionQuery(), { wrapper }).result, updates };
}

describe("a link", () => {
  test("without anything looks at all connections as the kernel lists them", () => {
    const { current } = query().result;
    expect(current.look).toEqual({
      filter: { kind: "connections", protocol: [], state: [] },
      ...{ group: null, sort: null, descending: false, offset: 0, limit: 100, groupOffset: 0, groupLimit: 0 },
    });
    expect(current.filtered).toBe(false);
    expect(connectionQuerySchema.safeParse(current.look).success).toBe(true);
  });

  test("looks at what its sender looked at, patterns in their one way of writing", () => {
    const { current } = query(
      "?kind=templates&protocol=tcp,udp&state=ESTABLISHED,FIN_WAIT&client=10.1.2.3/8&virtual=:443&server=2001:DB8::7&any=[::1]:80&origin=sync&group=client-net&sort=expires&desc=true&page=3&groups=2&names=true",
    ).result;
    expect(current.look).toEqual({
      filter: {
        ...{ kind: "templates", protocol: ["tcp", "udp"], state: ["ESTABLISHED", "FIN_WAIT"], origin: "sync" },
        ...{ client: "10.0.0.0/8", virtual: ":443", server: "2001:db8::7", any: "[::1]:80" },
      },
      ...{ group: "client-net", sort: "expires", descending: true },
      ...{ offset: 200, limit: 100, groupOffset: 50, groupLimit: 50 },
    });
    expect([current.names, current.filtered]).toEqual([true, true]);
  });

  test("with what nobody could have chosen asks only what the director takes", () => {
    const search = `?kind=x&protocol=icmp,udp&state=established,A%20B,${"S".repeat(17)},UDP&group=x&sort=x&page=-4&groups=99999999&origin=x`;
    const { look } = query(search).result.current;
    expect(look).toMatchObject({ filter: { kind: "connections", protocol: ["udp"], state: ["UDP"] }, offset: 0 });
    expect(connectionQuerySchema.safeParse(look).success).toBe(true);
  });

  test("with a pattern that cannot be understood looks at nothing, and says which one it is", () => {
    const { current } = query("?client=nobody&any=10.0.0.1&server=10.0.0.1:70000").result;
    expect(current).toMatchObject({ look: null, misread: ["client", "server"], filtered: true });
    expect(current.patterns.client).toBe("nobody");
    expect(query(`?client=${"1".repeat(200)}`).result.current.look).toBeNull();
  });
});

describe("what is changed", () => {
  test("begins on the first page, and stands in the URL", async () => {
    const { result, updates } = query("?page=4&groups=2&group=client");
    await act(async () => result.current.setFilter({ client: "10.0.0.1", protocol: ["udp"] }));
    expect(result.current.look).toMatchObject({
      filter: { client: "10.0.0.1", protocol: ["udp"] },
      offset: 0,
      groupOffset: 0,
    });
    await waitFor(() => expect(updates.at(-1)?.queryString).toBe("?group=client&client=10.0.0.1&protocol=udp"));
    await act(async () => result.current.setFilter({ client: "", protocol: [] }));
    await waitFor(() => expect(updates.at(-1)?.queryString).toBe("?group=client"));
  });

  test("is a step that Back takes away only where it was a click on a row or a group", async () => {
    const { result, updates } = query();
    await act(async () => result.current.setFilter({ client: "10.0.0.1" }));
    await waitFor(() => expect(updates.map(({ options }) => options.history)).toEqual(["replace"]));
    await act(async () => result.current.setFilter({ server: "10.0.0.1:80" }, true));
    await waitFor(() => expect(updates.map(({ options }) => options.history)).toEqual(["replace", "push"]));
  });

  test("of the kind leaves states, which are others there; of the filters keeps what is shown", async () => {
    const { result } = query("?state=ESTABLISHED&client=10.0.0.1&origin=any&group=state&names=true");
    await act(async () => result.current.setKind("templates"));
    expect(result.current.look?.filter).toMatchObject({ kind: "templates", state: [], client: "10.0.0.1" });
    await act(async () => result.current.clearFilters());
    expect(result.current).toMatchObject({ filtered: false, kind: "templates", group: "state", names: true });
    expect(result.current.look?.filter.origin).toBe("any");
  });

  test("of the order goes up, down, and back to the kernel's", async () => {
    const { result } = query("?page=2");
    const orders = [];
    for (let click = 0; click < 4; click++) {
      await act(async () => result.current.sortBy("client"));
      orders.push([result.current.sort, result.current.descending]);
    }
    expect(orders).toEqual([
      ["client", false],
      ["client", true],
      [null, false],
      ["client", false],
    ]);
    expect(result.current.look?.offset).toBe(0);
  });
});
