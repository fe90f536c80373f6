import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { UrlUpdateEvent } from "nuqs/adapters/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AuditEntry, type AuditQuery, auditActions, auditQuerySchema } from "#domain/audit";
import { directorErrorCodes, peopleErrorCodes } from "#domain/errors";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { AuditPage } from "./audit-page.tsx";

const entry = (id: number, parts: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  atMs: Date.UTC(2026, 10, 21, 12, 0, id),
  actorKind: "user",
  actor: "ada",
  from: "192.0.2.9",
  action: "log-in",
  target: "ada",
  outcome: "done",
  before: null,
  after: null,
  ...parts,
});

let kept: AuditEntry[];
let server: FakeConsole;
beforeEach(() => {
  kept = [entry(1)];
  server = new FakeConsole({
    "audit.page": (input: AuditQuery) => {
      auditQuerySchema.parse(input);
      const older = kept.filter(({ id }) => input.beforeId === null || id < input.beforeId).sort((a, b) => b.id - a.id);
      const entries = older.slice(0, input.limit);
      return { entries, olderThanId: older.length > entries.length ? entries.at(-1)?.id : null };
    },
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const details = () => screen.findAllByRole("button", { name: / details$/ });
const lines = async () => (await details()).map((button) => button.closest("tr")?.textContent ?? "");
const asked = () => server.sent("audit.page") as AuditQuery[];
const noFilter = { actor: "", action: null, outcome: "any", text: "", sinceMs: null, untilMs: null };

test("somebody who is no admin is told so, and asks the server for nothing", () => {
  show(<AuditPage />, { me: { role: "viewer" } });
  expect(screen.getByText("This page is for admins. Your role is Viewer.")).toBeTruthy();
  expect(server.calls).toEqual([]);
});

describe("a line", () => {
  test("says who, what, to what, from where and with what outcome", async () => {
    kept = [
      entry(4, { actorKind: "command-line", actor: "", from: "", action: "user-add", target: "bo" }),
      entry(3, { actorKind: "token", actor: "prometheus", action: "token-use", target: "GET /metrics" }),
      entry(2, { actorKind: "nobody", actor: "root", outcome: "WRONG_CREDENTIALS", target: "" }),
      entry(1),
    ];
    show(<AuditPage />);
    const [made, used, refused, done] = await lines();
    expect(made).toMatch(/Command lineUser addedbothis hostDone$/);
    expect(used).toMatch(/prometheusTokenToken usedGET \/metrics192\.0\.2\.9Done$/);
    expect(refused).toMatch(/rootNot logged inLog-in192\.0\.2\.9Refused$/);
    expect(done).toMatch(/Nov 21, 2026, .*adaLog-inada192\.0\.2\.9Done$/);
  });

  test("has a word for every action", async () => {
    kept = auditActions.map((action, index) => entry(auditActions.length - index, { action }));
    show(<AuditPage />);
    const shown = await lines();
    expect(shown).toHaveLength(auditActions.length);
    for (const [index, action] of auditActions.entries()) {
      expect(shown[index]).toContain(`ada${messages.audit.action[action]}ada`);
    }
  });

  test("opens to what was before and after, and closes again", async () => {
    const before = { role: "viewer", name: "bo" };
    kept = [entry(1, { action: "user-role", target: "bo", before, after: { role: "admin", name: "bo" } })];
    show(<AuditPage />);
    const [button] = await details();
    if (!button) throw new Error("no line");
    expect(button.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(button);
    const below = document.getElementById(button.getAttribute("aria-controls") ?? "");
    if (!below) throw new Error("nothing opened");
    const rows = within(below)
      .getAllByRole("row")
      .map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).toEqual([
      ["Field", "Before", "After"],
      ["role", "viewer", "admin"],
    ]);
    fireEvent.click(button);
    expect([button.getAttribute("aria-expanded"), below.isConnected]).toEqual(["false", false]);
  });

  test("says why it was refused, for every code there is", async () => {
    const codes = [...directorErrorCodes, ...peopleErrorCodes];
    kept = codes.map((outcome, index) => entry(index + 1, { outcome }));
    show(<AuditPage />);
    for (const button of await details()) fireEvent.click(button);
    const why = screen.getAllByText("Why").map((term) => term.nextElementSibling?.textContent);
    expect(why).toHaveLength(codes.length);
    for (const sentence of why) {
      expect(sentence).toMatch(/^[A-Z].*\.$/u);
      expect(sentence).not.toMatch(/[{}]|undefined|error\./);
    }
  });

  test("a code that this version does not know stands for itself", async () => {
    kept = [entry(1, { outcome: "OF_TOMORROW" })];
    show(<AuditPage />);
    const [button] = await details();
    if (button) fireEvent.click(button);
    expect(screen.getByText("Why").nextElementSibling?.textContent).toBe("OF_TOMORROW");
  });
});

describe("the past", () => {
  test("comes page by page, and says when it is over", async () => {
    kept = Array.from({ length: 150 }, (_, index) => entry(index + 1));
    show(<AuditPage />);
    expect(await details()).toHaveLength(100);
    fireEvent.click(screen.getByRole("button", { name: "Show older ones" }));
    await screen.findByText("There are no older ones.");
    expect(await details()).toHaveLength(150);
    expect(asked().map(({ beforeId }) => beforeId)).toEqual([null, 51]);
  });

  test("newer lines come at a button, from the first page", async () => {
    show(<AuditPage />);
    expect(await details()).toHaveLength(1);
    kept.push(entry(2));
    fireEvent.click(screen.getByRole("button", { name: "Look for newer ones" }));
    await waitFor(async () => expect(await details()).toHaveLength(2));
  });

  test("nothing kept yet", async () => {
    kept = [];
    show(<AuditPage />);
    await screen.findByText("Nothing has been kept yet");
    expect(screen.queryByRole("button", { name: "Clear filters" })).toBeNull();
  });

  test("what cannot be read says why, and is read again at a button", async () => {
    const answer = server.answers["audit.page"] as (input: AuditQuery) => unknown;
    server.answers["audit.page"] = () => {
      throw new Refused("PEOPLE_STORE_FAILED");
    };
    show(<AuditPage />);
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.PEOPLE_STORE_FAILED);
    server.answers["audit.page"] = answer;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await details()).toHaveLength(1);
  });
});

describe("filters", () => {
  test("of a link are what is asked for, as lines and as a file", async () => {
    const search =
      "?actor=bo&action=user-role&outcome=refused&text=x%26y&since=2026-11-21T10:00:00.000Z&until=2026-11-21T11:00:00.000Z";
    show(<AuditPage />, { search });
    await details();
    const filter = {
      actor: "bo",
      action: "user-role",
      outcome: "refused",
      text: "x&y",
      sinceMs: Date.UTC(2026, 10, 21, 10),
      // To the end of that minute.
      untilMs: Date.UTC(2026, 10, 21, 11, 0, 59, 999),
    };
    expect(asked()).toEqual([{ ...filter, beforeId: null, limit: 100 }]);
    const address = screen.getByRole("link", { name: "Download as CSV" }).getAttribute("href") ?? "";
    const { pathname, searchParams } = new URL(address, "http://localhost");
    expect([pathname, Object.fromEntries(searchParams)]).toEqual([
      "/audit.csv",
      { ...filter, sinceMs: String(filter.sinceMs), untilMs: String(filter.untilMs) },
    ]);
  });

  test("that nobody could have chosen are left out", async () => {
    show(<AuditPage />, { search: "?action=nonsense&outcome=perhaps&since=yesterday&until=" });
    await details();
    expect(asked()).toEqual([{ ...noFilter, beforeId: null, limit: 100 }]);
    expect(screen.getByRole("link", { name: "Download as CSV" }).getAttribute("href")).toBe("/audit.csv");
  });

  test("go to the URL, and ask once when one stops typing", async () => {
    const updates: UrlUpdateEvent[] = [];
    show(<AuditPage />, { onUrlUpdate: (update) => updates.push(update) });
    await details();
    const field = screen.getByLabelText("Text");
    for (const value of ["b", "bo", "bob"]) fireEvent.change(field, { target: { value } });
    await waitFor(() => expect(asked()).toHaveLength(2));
    expect(asked()[1]).toMatchObject({ text: "bob" });
    await waitFor(() => expect(updates.at(-1)?.queryString).toBe("?text=bob"));
  });

  test("a time is typed in the viewer's time zone and stands in the URL in no one's", async () => {
    const updates: UrlUpdateEvent[] = [];
    show(<AuditPage />, { onUrlUpdate: (update) => updates.push(update) });
    await details();
    fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-11-21T10:00" } });
    const moment = new Date("2026-11-21T10:00");
    await waitFor(() => expect(asked().at(-1)).toMatchObject({ sinceMs: moment.getTime() }));
    expect(updates.at(-1)?.searchParams.get("since")).toBe(moment.toISOString());
    expect(screen.getByLabelText<HTMLInputElement>("From").value).toBe("2026-11-21T10:00");
  });

  test("that nothing fits say so and are cleared from there", async () => {
    const answer = server.answers["audit.page"] as (input: AuditQuery) => unknown;
    server.answers["audit.page"] = (input: AuditQuery) =>
      input.text === "" ? answer(input as never) : { entries: [], olderThanId: null };
    show(<AuditPage />, { search: "?text=nothing" });
    const empty = (await screen.findByText("No line matches")).parentElement;
    if (!empty) throw new Error("nothing around it");
    fireEvent.click(within(empty).getByRole("button", { name: "Clear filters" }));
    expect(await details()).toHaveLength(1);
  });
});
