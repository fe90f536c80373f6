import { act, renderHook, waitFor } from "@testing-library/react";
import { NuqsTestingAdapter, type UrlUpdateEvent } from "nuqs/adapters/testing";
import type { ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { maxSelected, useSelection } from "./use-selection.ts";

const list = ["a", "b", "c", "d", "e"];
const between = (from: string, to: string) => {
  const ends = [list.indexOf(from), list.indexOf(to)].sort((a, b) => a - b) as [number, number];
  return ends[0] < 0 ? null : list.slice(ends[0], ends[1] + 1);
};

function selection(search = "") {
  const updates: UrlUpdateEvent[] = [];
  const wrapper = ({ children }: { children: ReactNode }) => (
    <NuqsTestingAdapter searchParams={search} hasMemory onUrlUpdate={(update) => updates.push(update)}>
      {children}
    </NuqsTestingAdapter>
  );
  const hook = renderHook(() => useSelection(), { wrapper });
  const toggle = (id: string, ranged = false) => act(async () => hook.result.current.toggle(id, ranged, between));
  return { hook, toggle, updates, ids: () => [...hook.result.current.ids] };
}

describe("useSelection", () => {
  test("a click takes a row in, another lets it go", async () => {
    const { toggle, ids } = selection();
    await toggle("b");
    expect(ids()).toEqual(["b"]);
    await toggle("b");
    expect(ids()).toEqual([]);
  });

  test("shift takes all from the row before to this one, downwards and upwards", async () => {
    const down = selection();
    await down.toggle("b");
    await down.toggle("d", true);
    expect(down.ids()).toEqual(["b", "c", "d"]);
    const up = selection();
    await up.toggle("d");
    await up.toggle("b", true);
    expect(new Set(up.ids())).toEqual(new Set(["b", "c", "d"]));
  });

  test("shift on a selected row lets the range go", async () => {
    const { toggle, ids } = selection("?sel=a,b,c,d");
    await toggle("b");
    await toggle("d", true);
    expect(ids()).toEqual(["a"]);
  });

  test("shift with the other end out of sight is one row", async () => {
    const { toggle, ids } = selection();
    await toggle("far away");
    await toggle("b", true);
    expect(ids()).toEqual(["far away", "b"]);
  });

  test("it stands in the URL, and comes from there", async () => {
    const { toggle, updates } = selection();
    await toggle("tcp:10.0.0.1:80>10.0.0.7:80");
    await waitFor(() => expect(updates.at(-1)?.searchParams.get("sel")).toBe("tcp:10.0.0.1:80>10.0.0.7:80"));
    expect(selection("?sel=a,c").ids()).toEqual(["a", "c"]);
  });

  test("no link selects more than the limit", () => {
    const many = Array.from({ length: maxSelected + 50 }, (_, i) => `row-${i}`).join(",");
    const { hook, ids } = selection(`?sel=${many}`);
    expect(ids()).toHaveLength(maxSelected);
    expect(hook.result.current.full).toBe(true);
  });
});
