import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiProvider } from "#components/trpc";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused } from "../people/console-harness.tsx";
import { meAs } from "../session/me-fixture.ts";
import { LogInPage } from "./log-in-page.tsx";
import { SetUpPage } from "./set-up-page.tsx";

let assign: ReturnType<typeof vi.spyOn>;
let replace: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  assign = vi.spyOn(location, "assign").mockImplementation(() => {});
  replace = vi.spyOn(location, "replace").mockImplementation(() => {});
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  history.replaceState(null, "", "/");
});

function show(page: React.ReactNode) {
  return render(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <ApiProvider>{page}</ApiProvider>
    </NextIntlClientProvider>,
  );
}

const state = (some: { setUp?: boolean; storeFailed?: boolean; me?: unknown } = {}) => ({
  "session.state": () => ({ setUp: false, storeFailed: false, me: null, ...some }),
});
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("log-in", () => {
  test("leads to the page that was asked for, and never to another host", async () => {
    for (const [next, page] of [
      ["/services?open=all", "/services?open=all"],
      ["//evil.example/", "/"],
    ]) {
      const fake = new FakeConsole({ ...state(), "session.logIn": () => meAs("viewer") });
      const { unmount } = show(<LogInPage next={next ?? null} />);
      type("Name", " Kim ");
      type("Password", "correct horse battery");
      press("Log in");
      await waitFor(() => expect(assign).toHaveBeenLastCalledWith(`${location.origin}${page}`));
      expect(fake.sent("session.logIn")).toEqual([{ name: "Kim", password: "correct horse battery" }]);
      unmount();
    }
  });

  test("asks for the next page once, though it hears of its own log-in as other tabs do", async () => {
    let me: unknown = null;
    const fake = new FakeConsole({
      "session.state": () => ({ setUp: false, storeFailed: false, me }),
      "session.logIn": () => {
        me = meAs("viewer");
        return me;
      },
    });
    show(<LogInPage next={null} />);
    type("Name", "kim");
    type("Password", "correct horse battery");
    press("Log in");
    await waitFor(() => expect(fake.sent("session.state")).toHaveLength(2));
    // What was answered is shown a turn later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([assign.mock.calls.length, replace.mock.calls.length]).toEqual([1, 0]);
  });

  test("what a password manager goes by", () => {
    new FakeConsole(state());
    show(<LogInPage next={null} />);
    const fields = ["Name", "Password"].map((label) => {
      const { id, name, type, autocomplete } = screen.getByLabelText<HTMLInputElement>(label);
      return { id, name, type, autocomplete };
    });
    expect(fields).toEqual([
      { id: "log-in-username", name: "username", type: "text", autocomplete: "username" },
      { id: "log-in-password", name: "password", type: "password", autocomplete: "current-password" },
    ]);
    press("Show password");
    expect(screen.getByLabelText<HTMLInputElement>("Password").type).toBe("text");
  });

  test("asks for what is missing before it asks the server", async () => {
    const fake = new FakeConsole(state());
    show(<LogInPage next={null} />);
    press("Log in");
    expect((await screen.findByRole("alert")).textContent).toBe(messages.problem.REQUIRED);
    expect(document.activeElement).toBe(screen.getByLabelText("Name"));
    type("Name", "kim");
    press("Log in");
    expect(document.activeElement).toBe(screen.getByLabelText("Password"));
    expect(fake.sent("session.logIn")).toEqual([]);
  });

  test("says why it was refused, and when to try again", async () => {
    new FakeConsole({
      ...state(),
      "session.logIn": () => {
        throw new Refused("TOO_MANY_TRIES", { retryAfterS: 42 });
      },
    });
    show(<LogInPage next={null} />);
    type("Name", "kim");
    type("Password", "x");
    press("Log in");
    expect((await screen.findByRole("alert")).textContent).toBe("Too many tries that failed. Try again in 42 seconds.");
    expect(assign).not.toHaveBeenCalled();
  });

  test("a console that does not answer is not called a director", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("no connection");
    });
    show(<LogInPage next={null} />);
    type("Name", "kim");
    type("Password", "x");
    press("Log in");
    expect((await screen.findByRole("alert")).textContent).toBe(messages.session.unreachable);
  });

  test("goes on by itself for who is logged in already", async () => {
    new FakeConsole(state({ me: meAs("viewer") }));
    show(<LogInPage next="/services" />);
    await waitFor(() => expect(replace).toHaveBeenCalledWith(`${location.origin}/services`));
  });

  test("before there is anybody, and without a store, says what to do instead", async () => {
    new FakeConsole(state({ setUp: true }));
    const { unmount } = show(<LogInPage next={null} />);
    await screen.findByRole("heading", { name: messages.door.notSetUp });
    expect(screen.getByText("setup-link")).toBeTruthy();
    expect(screen.queryByLabelText("Password")).toBeNull();
    unmount();
    new FakeConsole(state({ storeFailed: true }));
    show(<LogInPage next={null} />);
    expect((await screen.findByRole("alert")).textContent).toContain(messages.error.PEOPLE_STORE_FAILED);
  });
});

describe("set-up", () => {
  const answers = (setUp: () => unknown) => ({ ...state({ setUp: true }), "session.setUp": setUp });
  const open = () => history.replaceState(null, "", "/setup#token=abc-123_x");
  const submit = "Make the admin and log in";

  test("takes the token out of the address, and sends it", async () => {
    open();
    const fake = new FakeConsole(answers(() => meAs("admin")));
    show(<SetUpPage />);
    expect(location.href).toBe(`${location.origin}/setup`);
    type("Password", "correct horse battery");
    press(submit);
    await waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
    expect(fake.sent("session.setUp")).toEqual([
      { token: "abc-123_x", name: "admin", password: "correct horse battery" },
    ]);
  });

  test("reads a link that is pasted where the page stands already", async () => {
    history.replaceState(null, "", "/setup");
    new FakeConsole(answers(() => meAs("admin")));
    show(<SetUpPage />);
    expect(screen.queryByLabelText("Password")).toBeNull();
    open();
    fireEvent(window, new Event("hashchange"));
    await screen.findByLabelText("Password");
    expect(location.hash).toBe("");
  });

  test("ticks off the rules, and sends nothing that breaks one", async () => {
    open();
    const fake = new FakeConsole(answers(() => meAs("admin")));
    show(<SetUpPage />);
    const described = () => {
      const ids = screen.getByLabelText("Password").getAttribute("aria-describedby") ?? "";
      return document.getElementById(ids)?.textContent;
    };
    type("Password", "aaaaaaaaaaaa");
    expect(described()).toBe("At least 12 characters(kept)At least 4 different ones");
    press(submit);
    expect((await screen.findByRole("alert")).textContent).toBe(messages.problem.PASSWORD_TOO_PLAIN);
    type("Name", "7up");
    press(submit);
    await waitFor(() => expect(screen.getAllByRole("alert")).toHaveLength(2));
    expect(document.activeElement).toBe(screen.getByLabelText("Name"));
    expect(fake.sent("session.setUp")).toEqual([]);
  });

  test.each(["SETUP_LINK_WRONG", "SETUP_LINK_LATE"] as const)("says what to do after %s", async (code) => {
    open();
    new FakeConsole(
      answers(() => {
        throw new Refused(code);
      }),
    );
    show(<SetUpPage />);
    type("Password", "correct horse battery");
    press(submit);
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error[code]);
    expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe("correct horse battery");
  });

  test("is over once there is somebody", async () => {
    open();
    new FakeConsole(state());
    show(<SetUpPage />);
    await screen.findByText(messages.error.SETUP_OVER);
    expect(screen.getByRole("link", { name: "Log in" }).getAttribute("href")).toBe("/login");
  });
});
