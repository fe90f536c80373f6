import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TokenRow, UserRow } from "#domain/people";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "./console-harness.tsx";
import { PeoplePage } from "./people-page.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));

const user = (parts: Partial<UserRow>): UserRow => ({
  id: "u2",
  name: "bo",
  role: "viewer",
  disabled: false,
  createdAtMs: 0,
  loggedInAtMs: null,
  sessions: 0,
  ...parts,
});
const token = (parts: Partial<TokenRow>): TokenRow => ({
  id: "t1",
  name: "prometheus",
  role: "viewer",
  createdAtMs: Date.UTC(2026, 10, 1),
  createdBy: "ada",
  usedAtMs: null,
  usedFrom: null,
  endsAtMs: null,
  ...parts,
});
const password = "correct horse battery";

let users: UserRow[];
let tokens: TokenRow[];
let server: FakeConsole;
beforeEach(() => {
  toast.mockReset();
  users = [user({ id: "u1", name: "ada", role: "admin", sessions: 1 }), user({ sessions: 2 })];
  tokens = [token({})];
  server = new FakeConsole({
    "people.users": () => users,
    "tokens.list": () => tokens,
    "people.setRole": () => null,
    "people.setDisabled": () => null,
    "people.remove": () => null,
    "people.setPassword": () => null,
    "people.endSessions": () => ({ ended: 2 }),
    "people.add": (input: { name: string; role: "viewer" }) => user({ id: "u3", ...input }),
    "tokens.add": (input: { name: string }) => ({ row: token({ name: input.name }), token: "ipvs_secret" }),
    "tokens.revoke": () => null,
    "session.prove": (input: { password: string }) => {
      if (input.password !== password) throw new Refused("WRONG_PASSWORD");
      return { provedUntilMs: Date.now() + 600_000 };
    },
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const lineOf = (name: string) => screen.findByRole("row", { name: new RegExp(`^${name}\\b`) });
const type = (label: string, text: string) => {
  const field = within(screen.getByRole("dialog")).getByLabelText(label);
  fireEvent.change(field, { target: { value: text } });
  fireEvent.input(field);
};
const press = (name: string, within_: HTMLElement = screen.getByRole("dialog")) =>
  fireEvent.click(within(within_).getByRole("button", { name }));
const confirm = (name: string) => press(name, screen.getByRole("alertdialog"));

async function choose(name: string, item: string) {
  const button = within(await lineOf(name)).getByRole("button", { name: `Actions for ${name}` });
  fireEvent.keyDown(button, { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: item }));
}

describe("users", () => {
  test("somebody who is no admin is told so, and asks the server for nothing", () => {
    show(<PeoplePage />, { me: { role: "operator" } });
    expect(screen.getByText("This page is for admins. Your role is Operator.")).toBeTruthy();
    expect(server.calls).toEqual([]);
  });

  test("a list that cannot be read says why, and is read again at a button", async () => {
    const answer = server.answers["people.users"] as () => UserRow[];
    server.answers["people.users"] = () => {
      throw new Refused("PEOPLE_STORE_FAILED");
    };
    show(<PeoplePage />);
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.PEOPLE_STORE_FAILED);
    server.answers["people.users"] = answer;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await lineOf("bo");
  });

  test("says who is who", async () => {
    users.push(user({ id: "u3", name: "eve", disabled: true, loggedInAtMs: Date.UTC(2026, 10, 21, 12) }));
    show(<PeoplePage />);
    expect((await lineOf("ada")).textContent).toMatch(/^adaYou.*Active.*Never/);
    expect((await lineOf("eve")).textContent).toMatch(/Disabled.*Nov 21, 2026/);
  });

  test("a role that is chosen is asked about, and stays as it was until then", async () => {
    show(<PeoplePage />);
    const role = within(await lineOf("bo")).getByRole<HTMLSelectElement>("combobox", { name: "Role of bo" });
    fireEvent.change(role, { target: { value: "operator" } });
    const question = screen.getByRole("alertdialog", { name: "Make bo an operator?" });
    expect(question.textContent).toContain("An operator also changes");
    expect([role.value, server.sent("people.setRole")]).toEqual(["viewer", []]);
    confirm("Cancel");
    expect(server.sent("people.setRole")).toEqual([]);

    fireEvent.change(role, { target: { value: "operator" } });
    users = users.map((row) => (row.id === "u2" ? { ...row, role: "operator" } : row));
    confirm("Change role");
    await waitFor(() => expect(role.value).toBe("operator"));
    expect(server.sent("people.setRole")).toEqual([{ id: "u2", role: "operator" }]);
    expect(toast).toHaveBeenCalledWith("success", "bo is an operator now.");
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  test("the last admin cannot step down, and is told so where it was tried", async () => {
    server.answers["people.setRole"] = () => {
      throw new Refused("LAST_ADMIN");
    };
    show(<PeoplePage />);
    fireEvent.change(within(await lineOf("ada")).getByRole("combobox"), { target: { value: "viewer" } });
    expect(screen.getByRole("alertdialog").textContent).toContain("This is you.");
    confirm("Change role");
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.LAST_ADMIN);
  });

  test.each([
    ["Disable", "Disable", "people.setDisabled", { id: "u2", disabled: true }],
    ["End 2 sessions", "End sessions", "people.endSessions", { id: "u2" }],
    ["Remove", "Remove", "people.remove", { id: "u2" }],
  ])("%s asks first", async (item, button, procedure, input) => {
    show(<PeoplePage />);
    await choose("bo", item);
    expect(server.sent(procedure)).toEqual([]);
    confirm(button);
    await waitFor(() => expect(server.sent(procedure)).toEqual([input]));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(toast.mock.lastCall?.[0]).toBe("success");
  });

  test("enabling does not ask", async () => {
    users = [user({ disabled: true })];
    show(<PeoplePage />);
    await choose("bo", "Enable");
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", "bo can log in again."));
    expect(server.sent("people.setDisabled")).toEqual([{ id: "u2", disabled: false }]);
  });

  test("a new user: what is wrong stands at its field, a name that is taken too, and what was typed stays", async () => {
    show(<PeoplePage />);
    await lineOf("bo");
    fireEvent.click(screen.getByRole("button", { name: "Add user" }));
    type("Name", "9");
    type("Password", "short");
    press("Add user");
    expect(screen.getAllByRole("alert").map((alert) => alert.textContent)).toEqual([
      "A name starts with a letter and has at most 32 characters: letters a to z, digits, dot, dash and underline.",
      "At least 12 characters. A few words in a row are easy to remember and hard to guess.",
    ]);
    expect(document.activeElement).toBe(screen.getByLabelText("Name"));
    expect(server.sent("people.add")).toEqual([]);

    server.answers["people.add"] = () => {
      throw new Refused("USER_EXISTS");
    };
    type("Name", "Bo");
    type("Password", password);
    press("Add user");
    await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(messages.error.USER_EXISTS));
    expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe(password);

    server.answers["people.add"] = (input: { name: string }) => user({ id: "u3", name: input.name });
    type("Name", "Eve");
    fireEvent.change(screen.getByLabelText("Role"), { target: { value: "operator" } });
    press("Add user");
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", "eve added."));
    expect(server.sent("people.add").at(-1)).toEqual({ name: "eve", role: "operator", password });
  });

  test("a password for somebody else says that their sessions end", async () => {
    show(<PeoplePage />);
    await choose("bo", "Set password");
    expect(screen.getByRole("dialog").textContent).toContain("All sessions of bo end.");
    type("New password", password);
    press("Set password");
    await waitFor(() => expect(server.sent("people.setPassword")).toEqual([{ id: "u2", password }]));
  });
});

describe("the password again", () => {
  beforeEach(() => {
    server.answers["people.add"] = (input: { name: string }) => {
      if (server.sent("session.prove").length < 2) throw new Refused("PASSWORD_NEEDED");
      return user({ id: "u3", name: input.name });
    };
  });

  const asking = () => screen.findByRole("dialog", { name: messages.session.askTitle });
  async function sendEve() {
    show(<PeoplePage />);
    await lineOf("bo");
    fireEvent.click(screen.getByRole("button", { name: "Add user" }));
    type("Name", "eve");
    type("Password", password);
    press("Add user");
  }

  test("is asked for above the form, and then the same is sent once more by itself", async () => {
    await sendEve();
    const dialog = await asking();
    const give = (text: string) => {
      const field = dialog.querySelector<HTMLInputElement>("input[autocomplete=current-password]");
      if (!field) throw new Error("no field");
      fireEvent.change(field, { target: { value: text } });
      press(messages.session.askSubmit, dialog);
    };
    give("wrong");
    await within(dialog).findByRole("alert");
    give(password);
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", "eve added."));
    const sent = server.sent("people.add");
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual(sent[1]);
  });

  test("whoever would rather not finds everything as it was typed", async () => {
    await sendEve();
    press("Cancel", await asking());
    await waitFor(() => expect(screen.queryByRole("dialog", { name: messages.session.askTitle })).toBeNull());
    const form = screen.getByRole("dialog", { name: "Add a user" });
    expect(within(form).getByLabelText<HTMLInputElement>("Name").value).toBe("eve");
    expect(within(form).getByLabelText<HTMLInputElement>("Password").value).toBe(password);
    expect(within(form).queryByRole("alert")).toBeNull();
    expect(within(form).getByRole("button", { name: "Add user" }).getAttribute("aria-busy")).toBeNull();
  });
});

describe("tokens", () => {
  test("are listed with what they are for and when they end", async () => {
    tokens = [
      token({ usedAtMs: Date.UTC(2026, 10, 20, 12), usedFrom: "192.0.2.9" }),
      token({ id: "t2", name: "old", endsAtMs: Date.UTC(2026, 0, 2, 12) }),
    ];
    show(<PeoplePage />);
    expect((await lineOf("prometheus")).textContent).toMatch(
      /Viewer.*by ada.*Nov 20, 2026.*from 192.0.2.9.*When revoked/,
    );
    expect((await lineOf("old")).textContent).toMatch(/Never.*Jan 2, 2026.*Ended/);
  });

  test("a new one is shown once, with an example of its use, and is not on the page after that", async () => {
    show(<PeoplePage />);
    await lineOf("bo");
    fireEvent.click(screen.getByRole("button", { name: "Add token" }));
    type("Name", "backup");
    fireEvent.change(screen.getByLabelText("Ends after"), { target: { value: "never" } });
    press("Add token");
    const once = await screen.findByRole("dialog", { name: "Token “backup”" });
    expect(server.sent("tokens.add")).toEqual([{ name: "backup", role: "viewer", days: null }]);
    const [shown, example] = within(once).getAllByRole("figure");
    expect(shown?.querySelector("code")?.textContent).toBe("ipvs_secret");
    expect(example?.querySelector("code")?.textContent).toContain("-H 'Authorization: Bearer ipvs_secret' http");
    press("Done", once);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(document.documentElement.innerHTML).not.toContain("ipvs_secret");
  });

  test("holds for 90 days unless another time is chosen", async () => {
    show(<PeoplePage />);
    await lineOf("bo");
    fireEvent.click(screen.getByRole("button", { name: "Add token" }));
    type("Name", "backup");
    press("Add token");
    await waitFor(() => expect(server.sent("tokens.add")).toEqual([{ name: "backup", role: "viewer", days: 90 }]));
  });

  test("is revoked after a question that says when it was used last", async () => {
    tokens = [token({ usedAtMs: Date.UTC(2026, 10, 20, 12), usedFrom: "192.0.2.9" })];
    show(<PeoplePage />);
    fireEvent.click(within(await lineOf("prometheus")).getByRole("button", { name: "Revoke prometheus" }));
    expect(screen.getByRole("alertdialog").textContent).toMatch(/It was last used on Nov 20, 2026.* from 192.0.2.9\./);
    tokens = [];
    confirm("Revoke");
    expect(await screen.findByText("There are no tokens.")).toBeTruthy();
    expect(server.sent("tokens.revoke")).toEqual([{ id: "t1" }]);
  });
});
