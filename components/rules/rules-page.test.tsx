import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { Refused } from "../people/console-harness.tsx";
import { appears, editor, FakeRules, press, showPlan, table, type, went, words } from "./rules-harness.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));
const live = vi.hoisted(() => ({ editable: true, kind: "live" }));
vi.mock("../live/use-live.ts", () => ({
  useLiveState: () => live,
  useFollowed: (ids: string[]) => ids.map((id) => ({ id, values: [0, 0, 0, 0, 0, 0, 21, 0, 0], missing: false })),
}));
vi.mock("./editor/rule-editor.tsx", async () => ({ RuleEditor: (await import("./rules-harness.tsx")).FakeEditor }));
vi.mock("./plan/diff-view.tsx", async () => ({ DiffView: (await import("./rules-harness.tsx")).FakeDiff }));

let server: FakeRules;
beforeEach(() => {
  toast.mockReset();
  went.mockReset();
  Object.assign(live, { editable: true, kind: "live" });
  server = new FakeRules();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the text", () => {
  test("is the table at first, and is checked as it is typed: marks in the text, and a list that leads to them", async () => {
    await server.open();
    await appears(words.remarks.sound);
    type("-A -t 192.0.2.10\n-A -t 10.1.1:80 -s rr\n");
    await appears("1 error, 1 warning.");
    expect(screen.getByTestId("marks").textContent).toBe("1/1");
    const list = screen.getByRole("region", { name: words.remarks.title });
    expect(within(list).getAllByRole("listitem")[0]?.textContent).toContain("There is no port behind 192.0.2.10.");
    press("Line 2", list);
    expect(went).toHaveBeenLastCalledWith(2, expect.any(Number));
  });

  test("comes from a file, and one that is no text is refused with its name", async () => {
    await server.open();
    const choose = (file: File) =>
      fireEvent.change(document.querySelector("input[type=file]") as Element, { target: { files: [file] } });
    choose(new File([new Uint8Array([0, 1, 2])], "core.bin"));
    await appears(/^core\.bin is not a text/);
    type("-C\n");
    choose(new File(["-A -f 7 -s rr\r\n"], "lb1.rules"));
    await waitFor(() => expect(editor().value).toBe("-A -f 7 -s rr\n"));
    expect(screen.queryByText(/^core\.bin/)).toBeNull();
    expect(screen.getByText("The file lb1.rules")).toBeTruthy();
    // What was typed before is not lost.
    const [, text, { action }] = toast.mock.calls.at(-1) ?? [];
    expect(text).toBe(words.replaced);
    action.onClick();
    await waitFor(() => expect(editor().value).toBe("-C\n"));
  });

  test("says why the table could not be read, and reads it again", async () => {
    const read = server.answers["rules.text"];
    await server.open();
    server.answers["rules.text"] = () => {
      throw new Refused("NOT_AVAILABLE");
    };
    press(words.readTable);
    await appears(messages.error.NOT_AVAILABLE);
    if (read) server.answers["rules.text"] = read;
    press(words.tryAgain);
    await waitFor(() => expect(screen.queryByText(messages.error.NOT_AVAILABLE)).toBeNull());
  });
});

describe("a plan", () => {
  test("says what is done in words, with the line that asks for it, and shows both tables", async () => {
    await server.open();
    await showPlan();
    const list = screen.getByRole("list", { name: words.plan.changes });
    expect(list.textContent).toContain("TCP 192.0.2.10:80");
    expect(list.textContent).toContain("Scheduler wlcrr");
    press("Line 1", list);
    expect(went).toHaveBeenLastCalledWith(1, 1);
    press(words.plan.diff);
    expect((await screen.findByTestId("diff")).textContent).toBe(`${table}→-A -f 7 -s rr\n`);
  });

  test("is of no use once the text or its meaning was changed, until it is shown again", async () => {
    await server.open();
    await showPlan();
    const apply = () => screen.getByRole<HTMLButtonElement>("button", { name: "Merge 1 change" });
    expect(apply().disabled).toBe(false);
    fireEvent.click(screen.getByRole("radio", { name: "Run" }));
    expect(apply().disabled).toBe(true);
    fireEvent.click(screen.getByRole("radio", { name: "Merge" }));
    expect(apply().disabled).toBe(false);
    type("-C\n");
    expect(apply().disabled).toBe(true);
    press(words.plan.again);
    await waitFor(() => expect(server.sent("rules.plan")).toHaveLength(2));
    expect(server.sent("rules.plan")[1]).toEqual({ text: "-C\n", mode: "merge" });
  });

  test("cannot be done with errors or refusals, each at its line", async () => {
    server.planned = {
      changes: [],
      refusals: [{ line: 2, column: 4, endColumn: 9, code: "SERVER_EXISTS" }],
      totals: { problems: 0, warnings: 0, refusals: 1, changes: 0 },
    };
    await server.open();
    await showPlan("Run");
    expect(screen.getByText(messages.error.SERVER_EXISTS)).toBeTruthy();
    press("Line 2");
    expect(went).toHaveBeenLastCalledWith(2, 4);
    expect(screen.queryByRole("button", { name: /^Run \d/ })).toBeNull();
  });

  test("names what each name became, the lines that a merge leaves, and that there is nothing to do", async () => {
    server.planned = {
      ...{ changes: [], counts: {}, kept: [3], totals: { problems: 0, warnings: 0, refusals: 0, changes: 0 } },
      names: [{ kind: "host", name: "web1", protocol: null, became: "10.0.0.9", others: ["10.0.0.10"] }],
    };
    await server.open();
    await showPlan();
    expect(screen.getByRole("row", { name: "web1 10.0.0.9 10.0.0.10" })).toBeTruthy();
    expect(screen.getByText(/would remove something/).textContent).toContain("Line 3");
    expect(screen.getByText(words.plan.nothing)).toBeTruthy();
  });

  test("is shown to a viewer, who is not offered to do it", async () => {
    await server.open({ me: { role: "viewer" } });
    await showPlan();
    expect(screen.getByText("Doing this needs the role operator.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /change/ })).toBeNull();
    cleanup();
    await server.open({ me: { role: "operator" } });
    await showPlan("Replace");
    expect(screen.getByText("Doing this needs the role admin.")).toBeTruthy();
  });

  test("is not done while the table on screen is old", async () => {
    Object.assign(live, { editable: false, kind: "stale" });
    await server.open();
    await showPlan();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Merge 1 change" }).disabled).toBe(true);
    expect(screen.getByText(messages.change.blockedStale)).toBeTruthy();
  });
});

describe("revisions and boot rules", () => {
  test("a change from outside is marked as one, and a revision leads back by a plan", async () => {
    await server.open({ search: "?view=revisions&revision=12" });
    const line = await screen.findByRole("row", { name: /Outside of this console/ }, { timeout: 4000 });
    expect(line.textContent).toContain(words.revisions.seen);
    const revert = await screen.findByRole("button", { name: words.revisions.revert.before }, { timeout: 4000 });
    // A paragraph holds no list: a browser that parses it would end the paragraph there.
    expect(document.querySelector("p ul")).toBeNull();
    fireEvent.click(revert);
    await waitFor(() => expect(server.sent("rules.plan")).toEqual([{ text: "-A -f 1 -s rr\n", mode: "replace" }]));
    expect(screen.getByText("The table before revision 12")).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Replace" }).checked).toBe(true);
  });

  test("boot rules say how far the table is from them, and only an admin can keep others", async () => {
    await server.open({ search: "?view=boot" });
    await appears("The table differs: 1 row that the boot rules lack, none that only they have.");
    server.answers["rules.saveBoot"] = () => ({ savedAtMs: 9, drift: { added: 0, removed: 0 }, text: table });
    press(words.boot.save);
    await appears(words.boot.same);
    cleanup();
    await server.open({ search: "?view=boot", me: { role: "operator" } });
    await appears(words.boot.needsAdmin);
    expect(screen.queryByRole("button", { name: words.boot.save })).toBeNull();
  });
});
