import { useQuery } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Answered, AskPasswordProvider, useAskPassword } from "#components/session/ask-password";
import { EndBanner } from "#components/session/end-banner";
import { SessionGuard } from "#components/session/session-guard";
import { SessionProvider, useSession } from "#components/session/session-provider";
import { ApiProvider, useTRPC, useTRPCClient } from "#components/trpc";
import type { Me } from "#domain/people";
import messages from "../../messages/en.json" with { type: "json" };
import { LiveStore } from "../live/live-store.ts";
import { FakeConsole, Refused } from "../people/console-harness.tsx";
import { meAs } from "./me-fixture.ts";
import { hearOtherTabs, tellOtherTabs } from "./session-channel.ts";
import type { SessionStore } from "./session-store.ts";

const page = vi.hoisted(() => ({ live: {} as { store: LiveStore } }));
vi.mock("#components/live/live-provider", () => ({ useLive: () => page.live }));

let session: SessionStore;
beforeEach(() => {
  page.live = { store: new LiveStore() };
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const refuse = (...args: ConstructorParameters<typeof Refused>) => {
  throw new Refused(...args);
};

function Within({ children }: { children: React.ReactNode }) {
  session = useSession();
  return (
    <ApiProvider onRefused={session.refused}>
      <AskPasswordProvider>{children}</AskPasswordProvider>
      <SessionGuard />
      <EndBanner />
    </ApiProvider>
  );
}

function show(children: React.ReactNode, me: Me = meAs("operator")) {
  return render(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <SessionProvider me={me} serverNowMs={Date.now()}>
        <Within>{children}</Within>
      </SessionProvider>
    </NextIntlClientProvider>,
  );
}

const dialog = (name: string | RegExp) => screen.findByRole("dialog", { name }, { timeout: 4000 });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

let answered: Answered<unknown> | undefined;
function Caller() {
  const ask = useAskPassword();
  const client = useTRPCClient();
  const call = async () => {
    answered = await ask(() => client.tokens.revoke.mutate({ id: "t1" }));
  };
  return (
    <button type="button" onClick={() => void call()}>
      Revoke
    </button>
  );
}

function Work() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.account.sessions.queryOptions());
  return (
    <label>
      Note <input /> {data ? `${data.length} sessions` : "unknown"}
    </label>
  );
}

describe("a call for which the password is wanted again", () => {
  beforeEach(() => {
    answered = undefined;
  });

  test("is made again by itself once the right one is given", async () => {
    let proved = false;
    const fake = new FakeConsole({
      "tokens.revoke": () => (proved ? null : refuse("PASSWORD_NEEDED")),
      "session.prove": ({ password }: { password: string }) => {
        if (password !== "right") return refuse("WRONG_PASSWORD");
        proved = true;
        return { provedUntilMs: 0 };
      },
    });
    show(<Caller />);
    press("Revoke");
    await dialog(messages.session.askTitle);
    type("Password of kim", "wrong");
    press("Go on");
    await screen.findByText(messages.error.WRONG_PASSWORD);
    expect(fake.sent("tokens.revoke")).toHaveLength(1);
    type("Password of kim", "right");
    press("Go on");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(answered).toEqual({ ok: true, value: null }));
    expect(fake.sent("tokens.revoke")).toEqual([{ id: "t1" }, { id: "t1" }]);
  });

  test("is not made again when they would rather not", async () => {
    const fake = new FakeConsole({ "tokens.revoke": () => refuse("PASSWORD_NEEDED") });
    show(<Caller />);
    press("Revoke");
    await dialog(messages.session.askTitle);
    press("Cancel");
    await waitFor(() => expect(answered).toEqual({ ok: false, refusal: null }));
    expect(fake.sent("tokens.revoke")).toHaveLength(1);
  });

  test("tells any other refusal as it is", async () => {
    new FakeConsole({ "tokens.revoke": () => refuse("NO_SUCH_TOKEN") });
    show(<Caller />);
    press("Revoke");
    await waitFor(() => expect(answered).toEqual({ ok: false, refusal: { code: "NO_SUCH_TOKEN", params: {} } }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("a session that is over", () => {
  test("says so when a call finds out, keeps what was typed, and goes on after a log-in of the same person", async () => {
    let loggedIn = false;
    const again = { ...meAs("operator"), sessionId: "session-2" };
    const fake = new FakeConsole({
      "account.sessions": () => (loggedIn ? [] : refuse("NOT_LOGGED_IN")),
      "session.logIn": ({ password }: { password: string }) => {
        if (password !== "right") return refuse("WRONG_CREDENTIALS");
        loggedIn = true;
        return again;
      },
    });
    const told = vi.fn();
    const stop = hearOtherTabs(told);
    show(<Work />);
    const note = screen.getByRole("textbox", { name: /Note/ });
    fireEvent.change(note, { target: { value: "half a" } });
    note.focus();
    await dialog(messages.session.over);
    expect(screen.getByText(messages.session.endedSomehow)).toBeTruthy();
    fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("kim");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Password")));
    type("Password", "wrong");
    press("Log in");
    await screen.findByText(messages.error.WRONG_CREDENTIALS);
    type("Password", "right");
    press("Log in");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await screen.findByText(/0 sessions/);
    expect(screen.getByRole<HTMLInputElement>("textbox").value).toBe("half a");
    expect(session.me()).toEqual(again);
    await waitFor(() => expect(document.activeElement).toBe(note));
    expect(fake.sent("session.logIn")).toHaveLength(2);
    await waitFor(() => expect(told).toHaveBeenCalledWith({ kind: "logged-in", me: again }));
    stop();
  });

  test("loads the page anew for somebody else", async () => {
    const reload = vi.spyOn(location, "reload").mockImplementation(() => {});
    new FakeConsole({ "session.logIn": () => ({ ...meAs("operator"), userId: "user-2", name: "lee" }) });
    show(null);
    act(() => session.ended("idle"));
    await dialog(messages.session.over);
    type("Name", "lee");
    type("Password", "right");
    press("Log in");
    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  test.each(Object.entries(messages.session.ended))("for the reason %s", async (end, words) => {
    new FakeConsole({ "session.state": () => ({ me: null, setUp: false, storeFailed: false }) });
    show(null);
    act(() => session.ended(end as Parameters<SessionStore["ended"]>[0]));
    expect((await dialog(messages.session.over)).textContent).toContain(words);
  });

  test("with another role it says which one, and what is on screen is not for them", async () => {
    const reload = vi.spyOn(location, "reload").mockImplementation(() => {});
    new FakeConsole({ "session.state": () => ({ me: meAs("viewer"), setUp: false, storeFailed: false }) });
    show(null);
    act(() => session.ended("role"));
    await dialog("Your role is viewer now");
    press(messages.session.reload);
    expect(reload).toHaveBeenCalledOnce();
  });

  test("by the log-out of another tab, and goes on with the log-in of another tab", async () => {
    new FakeConsole({});
    show(null);
    tellOtherTabs({ kind: "logged-out" });
    expect((await dialog(messages.session.over)).textContent).toContain(messages.session.ended["logged-out"]);
    tellOtherTabs({ kind: "logged-in", me: { ...meAs("operator"), sessionId: "session-2" } });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  test("is asked for when the stream is lost, and a console that does not answer ends nothing", async () => {
    let state: () => unknown = () => {
      throw new TypeError("no connection");
    };
    const fake = new FakeConsole({ "session.state": () => state() });
    show(null);
    act(() => page.live.store.lost(null));
    await waitFor(() => expect(fake.sent("session.state")).toHaveLength(1));
    expect(session.status().kind).toBe("open");
    state = () => ({ me: null, setUp: false, storeFailed: true });
    act(() => page.live.store.lost(null));
    await waitFor(() => expect(fake.sent("session.state")).toHaveLength(2));
    expect(session.status().kind).toBe("open");
    state = () => ({ me: null, setUp: false, storeFailed: false });
    act(() => page.live.store.lost(null));
    await dialog(messages.session.over);
  });
});

describe("the end of a session, before it comes", () => {
  const minute = 60_000;
  const idleText = messages.session.soon.idle;
  beforeEach(
    () =>
      void vi.useFakeTimers({
        toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
      }),
  );
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

  test("is said two minutes before, and staying keeps it", async () => {
    const limits = () => ({ idleEndsAtMs: Date.now() + 30 * minute, endsAtMs: Date.now() + 600 * minute });
    const fake = new FakeConsole({ "session.touch": limits });
    show(null);
    await pass(27.9 * minute);
    expect(screen.queryByText(idleText)).toBeNull();
    await pass(0.2 * minute);
    expect(screen.getByText(idleText)).toBeTruthy();
    expect(screen.getByText("in 1 min 54 s")).toBeTruthy();
    await pass(30_000);
    expect(screen.getByText("in 1 min 24 s")).toBeTruthy();
    press(messages.session.stay);
    await pass(1000);
    expect(screen.queryByText(idleText)).toBeNull();
    expect(fake.sent("session.touch")).toEqual([null]);
  });

  test("is the absolute one: nothing keeps it", async () => {
    new FakeConsole({});
    show(null, { ...meAs("operator"), endsAtMs: Date.now() + minute, idleEndsAtMs: Date.now() + minute });
    await pass(0);
    expect(screen.getByText(messages.session.soon.expired)).toBeTruthy();
    expect(screen.queryByRole("button", { name: messages.session.stay })).toBeNull();
  });

  test("is put off by keys and presses, once a minute, and by nothing else", async () => {
    const fake = new FakeConsole({ "session.touch": () => ({ idleEndsAtMs: 0, endsAtMs: 0 }) });
    show(null);
    await pass(5 * minute);
    expect(fake.sent("session.touch")).toEqual([]);
    for (let i = 0; i < 10; i++) {
      fireEvent.keyDown(document.body, { key: "a" });
      fireEvent.pointerDown(document.body);
      await pass(5000);
    }
    expect(fake.sent("session.touch")).toHaveLength(1);
    await pass(10_000);
    fireEvent.pointerDown(document.body);
    await pass(0);
    expect(fake.sent("session.touch")).toHaveLength(2);
  });

  test("when it has come and nobody said so, the server is asked", async () => {
    const fake = new FakeConsole({ "session.state": () => ({ me: null, setUp: false, storeFailed: false }) });
    show(null);
    await pass(30 * minute + 10_000);
    expect(fake.sent("session.state")).toHaveLength(1);
    expect(session.status()).toEqual({ kind: "over", end: "idle" });
  });
});
