import { act, renderHook } from "@testing-library/react";
import { NuqsTestingAdapter } from "nuqs/adapters/testing";
import type { ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { listQuerySchema } from "#domain/live";
import { defaultColumns } from "./columns.ts";
import { useListState } from "./use-list-state.ts";

function listState(search = "") {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <NuqsTestingAdapter searchParams={search} hasMemory>
      {children}
    </NuqsTestingAdapter>
  );
  return renderHook(() => useListState(), { wrapper }).result;
}

/** What the server does with what the page asks. */
const accepted = (settings: object) =>
  listQuerySchema.safeParse({ ...settings, service: null, from: 0, to: 40 }).success;

describe("useListState", () => {
  test("an empty URL is the usual list", () => {
    const { current } = listState();
    expect(current.settings).toMatchObject({ search: "", sort: "name", descending: false, open: [], closed: [] });
    expect(current.columns).toEqual(defaultColumns);
    expect(current.filtered).toBe(false);
  });

  test("a link shows what its sender saw", () => {
    const { current } = listState(
      "?q=443&protocol=tcp,udp&family=6&sort=inBytesPerSecond&desc=true&open=all&closed=tcp:10.0.0.1:80&cols=weight,inBytes",
    );
    expect(current.settings).toMatchObject({
      search: "443",
      protocol: ["tcp", "udp"],
      family: ["6"],
      sort: "inBytesPerSecond",
      descending: true,
      open: "all",
      closed: ["tcp:10.0.0.1:80"],
    });
    expect(current.columns).toEqual(["weight", "inBytes"]);
    expect(current.filtered).toBe(true);
  });

  test("whatever a link says, the server is asked something it takes", () => {
    const { current } = listState(
      `?q=${"x".repeat(500)}&protocol=gopher&family=5&sort=constructor&desc=maybe&open=${"y".repeat(300)},all&cols=nothing`,
    );
    expect(accepted(current.settings)).toBe(true);
    expect(accepted(listState(`?open=all&closed=${"y".repeat(300)},${"z,".repeat(2000)}`).current.settings)).toBe(true);
    expect(current.settings).toMatchObject({ sort: "name", protocol: [] });
  });

  test("numbers sort from the top, names from A, and once more turns it round", async () => {
    const result = listState();
    await act(async () => result.current.sortBy("active"));
    expect(result.current.settings).toMatchObject({ sort: "active", descending: true });
    await act(async () => result.current.sortBy("active"));
    expect(result.current.settings).toMatchObject({ sort: "active", descending: false });
    await act(async () => result.current.sortBy("name"));
    expect(result.current.settings).toMatchObject({ sort: "name", descending: false });
  });

  test("after all were unfolded, folding one leaves the others unfolded", async () => {
    const result = listState("?open=tcp:10.0.0.1:80");
    await act(async () => result.current.foldAll(true));
    await act(async () => result.current.fold("tcp:10.0.0.2:80", false));
    await act(async () => result.current.fold("tcp:10.0.0.3:80", false));
    expect(result.current.settings).toMatchObject({ open: "all", closed: ["tcp:10.0.0.2:80", "tcp:10.0.0.3:80"] });
    await act(async () => result.current.fold("tcp:10.0.0.2:80", true));
    expect(result.current.settings).toMatchObject({ open: "all", closed: ["tcp:10.0.0.3:80"] });
    await act(async () => result.current.foldAll(false));
    expect(result.current.settings).toMatchObject({ open: [], closed: [] });
  });

  test("while all are folded, unfolding one names it, and folding it forgets it", async () => {
    const result = listState();
    await act(async () => result.current.fold("fwmark:7", true));
    await act(async () => result.current.fold("fwmark:8", true));
    await act(async () => result.current.fold("fwmark:7", false));
    expect(result.current.settings).toMatchObject({ open: ["fwmark:8"], closed: [] });
  });

  test("clearing the filters leaves order, columns and what is unfolded", async () => {
    const result = listState("?q=a&state=up&sort=active&desc=true&open=tcp:10.0.0.1:80&cols=weight");
    await act(async () => result.current.clearFilters());
    expect(result.current.filtered).toBe(false);
    expect(result.current.settings).toMatchObject({ sort: "active", descending: true, open: ["tcp:10.0.0.1:80"] });
    expect(result.current.columns).toEqual(["weight"]);
  });

  test("columns stand in the table's own order, whatever order they were chosen in", async () => {
    const result = listState("?cols=weight");
    await act(async () => result.current.setColumns(["share", "weight", "state"]));
    expect(result.current.columns).toEqual(["state", "weight", "share"]);
  });
});
