import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SessionRow } from "#domain/people";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { AccountPage } from "./account-page.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));

const session = (parts: Partial<SessionRow>): SessionRow => ({
  id: "s1",
  current: false,
  startedAtMs: Date.UTC(2026, 10, 21, 12),
  activeAtMs: Date.UTC(2026, 10, 22, 12),
  from: "192.0.2.9",
  agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  ...parts,
});

let sessions: SessionRow[];
let server: FakeConsole;
beforeEach(() => {
  toast.mockReset();
  sessions = [session({ current: true }), session({ id: "s2", from: "2001:db8::9", agent: "" })];
  server = new FakeConsole({
    "account.sessions": () => sessions,
    "account.endSession": () => null,
    "account.endOtherSessions": () => ({ ended: 1 }),
    "account.setPassword": () => null,
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("says who one is and when the session ends", async () => {
  show(<AccountPage />, { me: { role: "operator", endsAtMs: Date.UTC(2026, 10, 22, 12) } });
  const who = screen.getByRole("region", { name: "You" }).textContent;
  expect(who).toMatch(/Nameada.*RoleOperator.*Over at Nov 22, 2026, .*after 30 min without input/);
  await screen.findByRole("table");
});

describe("sessions", () => {
  test("this one is marked and cannot be ended here; the others can", async () => {
    show(<AccountPage />);
    const [own, other] = (await screen.findAllByRole("row")).slice(1);
    if (!own || !other) throw new Error("there are not two");
    expect(own.textContent).toMatch(/Firefox 145 on Linux.*This one.*192\.0\.2\.9.*Now/);
    expect(within(own).queryByRole("button")).toBeNull();
    expect(other.textContent).toMatch(/Unknown browser.*2001:db8::9.*Nov 21, 2026.*Nov 22, 2026/);
    sessions = sessions.slice(0, 1);
    const name = "End the session of Unknown browser from 2001:db8::9";
    fireEvent.click(within(other).getByRole("button", { name }));
    await screen.findByText("You are logged in nowhere else.");
    expect(server.sent("account.endSession")).toEqual([{ id: "s2" }]);
    expect(screen.queryByRole("button", { name: "End all others" })).toBeNull();
  });

  test("all others at once", async () => {
    show(<AccountPage />);
    fireEvent.click(await screen.findByRole("button", { name: "End all others" }));
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", "One session ended."));
    expect(server.sent("account.endOtherSessions")).toEqual([null]);
  });

  test("one that was over already is said, and the list is read again", async () => {
    server.answers["account.endSession"] = () => {
      sessions = sessions.slice(0, 1);
      throw new Refused("NO_SUCH_SESSION");
    };
    show(<AccountPage />);
    fireEvent.click(await screen.findByRole("button", { name: /^End the session/ }));
    await screen.findByText("You are logged in nowhere else.");
    expect(toast).toHaveBeenCalledWith("error", messages.error.NO_SUCH_SESSION);
  });
});

describe("the password", () => {
  const next = "a new and long one";
  const current = () => screen.getByLabelText<HTMLInputElement>("Current password");
  const type = (field: HTMLElement, text: string) => fireEvent.input(field, { target: { value: text } });
  const send = () => fireEvent.click(screen.getByRole("button", { name: "Change password" }));

  test("password managers are told whose it is, which is the old one and which the new", async () => {
    show(<AccountPage />);
    await screen.findByRole("table");
    const fields = [...(current().form?.elements ?? [])].filter((field) => field instanceof HTMLInputElement);
    expect(fields.map(({ autocomplete, value }) => [autocomplete, value])).toEqual([
      ["username", "ada"],
      ["current-password", ""],
      ["new-password", ""],
    ]);
  });

  test("both are needed before anything is sent", async () => {
    show(<AccountPage />);
    await screen.findByRole("table");
    type(screen.getByLabelText("New password"), "short");
    send();
    expect(screen.getAllByRole("alert").map((alert) => alert.textContent)).toEqual([
      messages.problem.REQUIRED,
      expect.stringContaining("At least 12 characters."),
    ]);
    expect(document.activeElement).toBe(current());
    expect(server.sent("account.setPassword")).toEqual([]);
  });

  test("a wrong one is said at its field, until something else is typed there; the right one empties the form", async () => {
    server.answers["account.setPassword"] = ({ current: given }: { current: string }) => {
      if (given !== "right") throw new Refused("WRONG_PASSWORD");
      return null;
    };
    show(<AccountPage />);
    await screen.findByRole("table");
    type(current(), "wrong");
    type(screen.getByLabelText("New password"), next);
    send();
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.WRONG_PASSWORD);
    expect(document.activeElement).toBe(current());
    type(current(), "right");
    expect(screen.queryByRole("alert")).toBeNull();
    send();
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", messages.account.passwordChanged));
    expect(server.sent("account.setPassword").at(-1)).toEqual({ current: "right", next });
    expect([current().value, screen.getByLabelText<HTMLInputElement>("New password").value]).toEqual(["", ""]);
    await waitFor(() => expect(server.sent("account.sessions")).toHaveLength(2));
  });
});
