import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ApplyOptions, JobProgress } from "#domain/revision";
import { parseRules } from "#domain/rules/parse";
import type { PlanMode } from "#domain/rules/plan";
import type { RulesApplied, RulesPlan } from "#domain/rules-exchange";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import type { RuleEditorProps } from "./editor/rule-editor.tsx";
import { docOf } from "./rule-doc.ts";
import { RulesPage } from "./rules-page.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));
const live = vi.hoisted(() => ({ editable: true, kind: "live" }));
vi.mock("../live/use-live.ts", () => ({
  useLiveState: () => live,
  useFollowed: (ids: string[]) => ids.map((id) => ({ id, values: [0, 0, 0, 0, 0, 0, 21, 0, 0], missing: false })),
}));
const went = vi.hoisted(() => vi.fn());
// What CodeMirror does needs a browser that lays out: what the page does with it does not.
vi.mock("./editor/rule-editor.tsx", () => ({
  RuleEditor: ({ label, doc, onEdit, remarks, handle }: RuleEditorProps) => {
    Object.assign(handle ?? {}, { current: { goTo: went } });
    return (
      <>
        <textarea aria-label={label} value={doc.read()} onChange={(event) => onEdit(docOf(event.target.value))} />
        <output data-testid="marks">
          {remarks ? `${remarks.problems.length}/${remarks.warnings.length}` : "none"}
        </output>
      </>
    );
  },
}));
vi.mock("./plan/diff-view.tsx", () => ({
  DiffView: ({ before, after }: { before: string; after: string }) => (
    <pre data-testid="diff">{`${before}→${after}`}</pre>
  ),
}));

const words = messages.rulesPage;
const table = "-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 5\n";
const key = { kind: "address" as const, protocol: "tcp", address: "192.0.2.10", port: 80 };
const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };

function planOf(text: string, mode: PlanMode, parts: Partial<RulesPlan> = {}): RulesPlan {
  const { problems, warnings, listing } = parseRules(text);
  const changes: RulesPlan["changes"] = [
    {
      change: { verb: "edit-service", service: key, spec: { ...spec, scheduler: "rr" }, expected: spec } as never,
      line: 1,
    },
  ];
  const replaces = mode === "replace";
  if (replaces) changes.push({ change: { verb: "remove-service", service: key, expected: spec }, line: null });
  const plan: RulesPlan = {
    ...{ mode, listing, problems, warnings, names: [], refusals: [], kept: [], changes },
    counts: { "edit-service": 1, ...(replaces ? { "remove-service": 1 } : {}) },
    totals: { problems: problems.length, warnings: warnings.length, refusals: 0, changes: changes.length },
    ...{ tag: "tag-1", before: table, after: replaces ? "" : "-A -f 7 -s rr\n" },
    needs: replaces ? "admin" : "operator",
    ...parts,
  };
  return plan;
}

let server: FakeConsole;
let planned: Partial<RulesPlan>;
let write: (input: ApplyOptions) => unknown;
let progress: JobProgress | null;
const answers = () => ({
  "director.status": () => ({ host: "lb1", kind: "kernel" }),
  "rules.text": () => ({ text: table, tag: "tag-1", services: 1, servers: 1 }),
  "rules.plan": ({ text, mode }: { text: string; mode: PlanMode }) => planOf(text, mode, planned),
  "rules.write": (input: ApplyOptions) => write(input),
  "rules.progress": () => progress,
  "rules.cancel": () => true,
  "rules.pending": () => null,
  "session.prove": () => ({ provedUntilMs: Date.now() + 600_000 }),
  "rules.boot": () => ({ savedAtMs: 5, drift: { added: 1, removed: 0 }, text: "-A -f 9 -s rr\n" }),
  "rules.revisions": () => ({ revisions: [revision], olderThanId: null }),
  "rules.revision": () => ({ ...revision, beforeText: "-A -f 1 -s rr\n", afterText: "-A -f 2 -s rr\n" }),
});
const revision = {
  ...{ id: 12, atMs: Date.UTC(2026, 10, 1), by: { name: "", source: "outside" }, note: null, what: {} },
  ...{ before: "a", after: "b", outcome: "done", left: [], undoes: null },
};
const done: RulesApplied = { changes: 1, revision: 12, confirmByMs: null };

beforeEach(() => {
  toast.mockReset();
  went.mockReset();
  Object.assign(live, { editable: true, kind: "live" });
  planned = {};
  progress = null;
  write = () => done;
  server = new FakeConsole(answers() as never);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The page with the table read: the text that was worked on outlives a look at another page otherwise. */
async function open(options: Parameters<typeof show>[1] = {}) {
  show(<RulesPage />, options);
  const reads = server.sent("rules.text").length;
  fireEvent.click(screen.getByText(words.readTable));
  await waitFor(() => expect(server.sent("rules.text").length).toBeGreaterThan(reads));
  await waitFor(() => expect(editor().value).toBe(table), { timeout: 4000 });
  toast.mockReset();
}
const editor = () => screen.getByLabelText<HTMLTextAreaElement>(words.editorLabel);
const type = (text: string) => fireEvent.change(editor(), { target: { value: text } });
const press = (name: string | RegExp, scope: HTMLElement = document.body) =>
  fireEvent.click(within(scope).getByRole("button", { name }));
const appears = (text: string | RegExp) => screen.findByText(text, {}, { timeout: 4000 });
async function showPlan(mode: "Run" | "Merge" | "Replace" = "Merge") {
  fireEvent.click(screen.getByRole("radio", { name: mode }));
  press(words.showPlan);
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Plan: /), { timeout: 4000 });
}

describe("the text", () => {
  test("is the table at first, and is checked as it is typed: marks in the text, and a list that leads to them", async () => {
    await open();
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
    await open();
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
    const { "rules.text": read } = answers();
    await open();
    server.answers["rules.text"] = () => {
      throw new Refused("NOT_AVAILABLE");
    };
    press(words.readTable);
    await appears(messages.error.NOT_AVAILABLE);
    server.answers["rules.text"] = read;
    press(words.tryAgain);
    await waitFor(() => expect(screen.queryByText(messages.error.NOT_AVAILABLE)).toBeNull());
  });
});

describe("a plan", () => {
  test("says what is done in words, with the line that asks for it, and shows both tables", async () => {
    await open();
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
    await open();
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
    planned = {
      changes: [],
      refusals: [{ line: 2, column: 4, endColumn: 9, code: "SERVER_EXISTS" }],
      totals: { problems: 0, warnings: 0, refusals: 1, changes: 0 },
    };
    await open();
    await showPlan("Run");
    expect(screen.getByText(messages.error.SERVER_EXISTS)).toBeTruthy();
    press("Line 2");
    expect(went).toHaveBeenLastCalledWith(2, 4);
    expect(screen.queryByRole("button", { name: /^Run \d/ })).toBeNull();
  });

  test("names what each name became, the lines that a merge leaves, and that there is nothing to do", async () => {
    planned = {
      ...{ changes: [], counts: {}, kept: [3], totals: { problems: 0, warnings: 0, refusals: 0, changes: 0 } },
      names: [{ kind: "host", name: "web1", protocol: null, became: "10.0.0.9", others: ["10.0.0.10"] }],
    };
    await open();
    await showPlan();
    expect(screen.getByRole("row", { name: "web1 10.0.0.9 10.0.0.10" })).toBeTruthy();
    expect(screen.getByText(/would remove something/).textContent).toContain("Line 3");
    expect(screen.getByText(words.plan.nothing)).toBeTruthy();
  });

  test("is shown to a viewer, who is not offered to do it", async () => {
    await open({ me: { role: "viewer" } });
    await showPlan();
    expect(screen.getByText("Doing this needs the role operator.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /change/ })).toBeNull();
    cleanup();
    await open({ me: { role: "operator" } });
    await showPlan("Replace");
    expect(screen.getByText("Doing this needs the role admin.")).toBeTruthy();
  });

  test("is not done while the table on screen is old", async () => {
    Object.assign(live, { editable: false, kind: "stale" });
    await open();
    await showPlan();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Merge 1 change" }).disabled).toBe(true);
    expect(screen.getByText(messages.change.blockedStale)).toBeTruthy();
  });
});

describe("doing it", () => {
  test("sends the text, the table's tag and the note, and leads to the revision", async () => {
    const onUrlUpdate = vi.fn();
    await open({ onUrlUpdate });
    await showPlan();
    fireEvent.change(screen.getByLabelText(words.apply.note), { target: { value: " ticket 7 " } });
    press("Merge 1 change");
    await appears("Done: 1 change.");
    expect(server.sent("rules.write")).toEqual([
      {
        ...{ text: table, mode: "merge", tag: "tag-1", note: "ticket 7", confirmS: null },
        jobId: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    press("Revision 12");
    await waitFor(() => expect(onUrlUpdate.mock.lastCall?.[0].queryString).toBe("?view=revisions&revision=12"));
  });

  test("wants the host's name typed for a replace, says what is lost, and arms the way back", async () => {
    await open();
    await showPlan("Replace");
    press("Replace with 2 changes");
    const box = await screen.findByRole("alertdialog");
    expect(box.textContent).toContain("1 virtual service and 1 real server will be gone.");
    expect(box.textContent).toContain("21 active connections break.");
    expect(box.textContent).toContain("within 60 seconds");
    const confirm = within(box).getByRole<HTMLButtonElement>("button", { name: "Replace" });
    expect(confirm.disabled).toBe(true);
    fireEvent.change(within(box).getByRole("textbox"), { target: { value: "LB1" } });
    fireEvent.click(confirm);
    await appears("Done: 1 change.");
    expect(server.sent("rules.write")).toEqual([expect.objectContaining({ mode: "replace", confirmS: 60 })]);
  });

  test("does not take a time that is none", async () => {
    await open();
    await showPlan("Replace");
    const button = () => screen.getByRole<HTMLButtonElement>("button", { name: "Replace with 2 changes" });
    for (const seconds of ["", "9", "3601", "a minute", "60.5"]) {
      fireEvent.change(screen.getByLabelText(words.apply.timerSeconds), { target: { value: seconds } });
      expect([seconds, button().disabled]).toEqual([seconds, true]);
    }
    fireEvent.click(screen.getByRole("checkbox", { name: words.apply.timer }));
    expect(button().disabled).toBe(false);
  });

  test("asks for the password when the server wants it again, and goes on", async () => {
    let asked = 0;
    write = () => {
      if (asked++ === 0) throw new Refused("PASSWORD_NEEDED");
      return done;
    };
    await open();
    await showPlan();
    press("Merge 1 change");
    const box = await screen.findByRole("dialog", {}, { timeout: 4000 });
    fireEvent.change(within(box).getByLabelText(/^Password/), { target: { value: "secret" } });
    fireEvent.submit(box.querySelector("form") as Element);
    await appears("Done: 1 change.");
    expect(server.sent("rules.write")).toHaveLength(2);
  });

  test("shows how far it is by the director's count, and can be stopped", async () => {
    let refuse = (_: unknown) => {};
    write = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    await open();
    await showPlan();
    press("Merge 1 change");
    progress = { done: 300, total: 5000, phase: "writing" };
    await appears("300 of 5,000");
    expect(screen.getByRole("progressbar").getAttribute("value")).toBe("300");
    press(words.job.cancel);
    await appears(words.job.cancelling);
    const [{ jobId }] = server.sent("rules.write") as [{ jobId: string }];
    await waitFor(() => expect(server.sent("rules.cancel")).toEqual([{ jobId }]));
    refuse(new Refused("CANCELLED"));
    await appears(messages.error.CANCELLED);
  });

  test("leads to a new plan when the table moved, and to the line that the kernel refused", async () => {
    write = () => {
      throw new Refused("CONFLICT");
    };
    await open();
    await showPlan();
    press("Merge 1 change");
    await appears(words.apply.moved);
    write = () => {
      const refused = new Refused("REFUSED");
      Object.assign(refused.shape, { changeIndex: 0 });
      throw refused;
    };
    press(words.apply.planAnew);
    await waitFor(() => expect(server.sent("rules.plan")).toHaveLength(2));
    await waitFor(() => expect(screen.queryByText(words.apply.moved)).toBeNull());
    fireEvent.click(await screen.findByRole("button", { name: "Merge 1 change" }));
    const alert = (await appears(messages.error.REFUSED)).closest("div") as HTMLElement;
    press("Line 1", alert);
    expect(went).toHaveBeenLastCalledWith(1, 1);
  });
});

describe("revisions and boot rules", () => {
  test("a change from outside is marked as one, and a revision leads back by a plan", async () => {
    await open({ search: "?view=revisions&revision=12" });
    const line = await screen.findByRole("row", { name: /Outside of this console/ }, { timeout: 4000 });
    expect(line.textContent).toContain(words.revisions.seen);
    fireEvent.click(await screen.findByRole("button", { name: words.revisions.revert.before }, { timeout: 4000 }));
    await waitFor(() => expect(server.sent("rules.plan")).toEqual([{ text: "-A -f 1 -s rr\n", mode: "replace" }]));
    expect(screen.getByText("The table before revision 12")).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Replace" }).checked).toBe(true);
  });

  test("boot rules say how far the table is from them, and only an admin can keep others", async () => {
    await open({ search: "?view=boot" });
    await appears("The table differs: 1 row that the boot rules lack, none that only they have.");
    server.answers["rules.saveBoot"] = () => ({ savedAtMs: 9, drift: { added: 0, removed: 0 }, text: table });
    press(words.boot.save);
    await appears(words.boot.same);
    cleanup();
    await open({ search: "?view=boot", me: { role: "operator" } });
    await appears(words.boot.needsAdmin);
    expect(screen.queryByRole("button", { name: words.boot.save })).toBeNull();
  });
});
