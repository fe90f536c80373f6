import { expect, test } from "vitest";
import { longestRowId, wholeList } from "#domain/list-query";
import { type ListQuery, type View, viewSchema } from "#domain/live";
import { ViewBoard } from "./view-board.ts";

const list = (search: string): ListQuery => ({ ...wholeList, search });

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

test("the tab's view is what all parts show, told once for all that change together", async () => {
  const views: View[] = [];
  const board = new ViewBoard((view) => views.push(view));
  const [charts, table] = [Symbol("charts"), Symbol("table")];
  board.put(charts, { follow: ["a", "b"] });
  board.put(table, { list: list("x"), follow: ["b", "c"], counters: true });
  await settled();
  expect(views).toEqual([{ list: list("x"), follow: ["a", "b", "c"], counters: true, totals: false }]);

  board.put(charts, { follow: ["a", "b"] });
  await settled();
  expect(views).toHaveLength(1);

  board.remove(table);
  await settled();
  expect(views.at(-1)).toEqual({ list: null, follow: ["a", "b"], counters: false, totals: false });
});

test("one page's list gives way to the next one's without an empty view between them", async () => {
  const views: View[] = [];
  const board = new ViewBoard((view) => views.push(view));
  const [before, after] = [Symbol("before"), Symbol("after")];
  board.put(before, { list: list("x") });
  await settled();
  board.remove(before);
  board.put(after, { list: list("y") });
  await settled();
  expect(views.map((view) => view.list?.search)).toEqual(["x", "y"]);
});

test("no more rows are followed than the server takes", async () => {
  const views: View[] = [];
  const board = new ViewBoard((view) => views.push(view));
  board.put(Symbol("many"), { follow: Array.from({ length: 500 }, (_, i) => `row-${i}`) });
  await settled();
  expect(views[0]?.follow).toHaveLength(300);
});

test("a name out of a link that no row can have is not followed, and the rest of the view is", async () => {
  const views: View[] = [];
  const board = new ViewBoard((view) => views.push(view));
  board.put(Symbol("page"), { follow: ["a".repeat(longestRowId + 1), "a".repeat(longestRowId)], totals: true });
  await settled();
  expect(views.at(-1)?.follow).toEqual(["a".repeat(longestRowId)]);
  expect(viewSchema.safeParse(views.at(-1)).success).toBe(true);
});
