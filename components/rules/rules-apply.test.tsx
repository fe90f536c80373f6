import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { Refused } from "../people/console-harness.tsx";
import { appears, done, FakeRules, press, showPlan, table, went, words } from "./rules-harness.tsx";

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

describe("doing it", () => {
  test("sends the text, the table's tag and the note, and leads to the revision", async () => {
    const onUrlUpdate = vi.fn();
    await server.open({ onUrlUpdate });
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
    await server.open();
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
    await server.open();
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
    server.write = () => {
      if (asked++ === 0) throw new Refused("PASSWORD_NEEDED");
      return done;
    };
    await server.open();
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
    server.write = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    await server.open();
    await showPlan();
    press("Merge 1 change");
    server.progress = { done: 300, total: 5000, phase: "writing" };
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
    server.write = () => {
      throw new Refused("CONFLICT");
    };
    await server.open();
    await showPlan();
    press("Merge 1 change");
    await appears(words.apply.moved);
    server.write = () => {
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
