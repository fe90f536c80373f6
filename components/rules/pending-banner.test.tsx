import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PendingConfirm, RevisionOutcome } from "#domain/revision";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { PendingBanner } from "./pending-banner.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));

const words = messages.pending;
let pending: PendingConfirm | null;
let outcome: RevisionOutcome;
let server: FakeConsole;
beforeEach(() => {
  toast.mockReset();
  outcome = "confirmed";
  pending = {
    ...{ revision: 7, by: { name: "ada", source: "page" }, note: "ticket 7", atMs: Date.now() },
    confirmBy: Date.now() + 42_000,
  };
  server = new FakeConsole({
    "rules.pending": () => pending,
    "rules.confirm": () => {
      pending = null;
      return null;
    },
    "rules.putBack": () => {
      throw new Refused("NOT_PENDING");
    },
    "rules.revision": () => ({ id: 7, outcome }),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("says who made the change, why, and how long is left; keeping it ends it, and is said", async () => {
  show(<PendingBanner />);
  const status = await screen.findByText(/^ada changed the table at /);
  expect(status.textContent).toContain("ticket 7");
  expect(screen.getByText(/^The old table comes back in 4[12] s\.$/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: words.keep }));
  await waitFor(() => expect(toast).toHaveBeenCalledWith("success", words.wasKept));
  expect(server.sent("rules.confirm")).toEqual([{ revision: 7 }]);
  expect(screen.queryByRole("button")).toBeNull();
});

test("says why it was not put back, and stays", async () => {
  show(<PendingBanner />);
  fireEvent.click(await screen.findByRole("button", { name: words.putBack }));
  await waitFor(() =>
    expect(toast).toHaveBeenCalledWith("error", words.failed.putBack, { description: messages.error.NOT_PENDING }),
  );
  expect(screen.getByRole("button", { name: words.keep })).toBeTruthy();
});

test("a viewer sees it, and has no part in it", async () => {
  show(<PendingBanner />, { me: { role: "viewer" } });
  await screen.findByText(/^ada changed the table at /);
  expect(screen.queryByRole("button")).toBeNull();
});

test("is asked for once while nothing waits, and every few seconds while something does", async () => {
  vi.useFakeTimers();
  pending = null;
  show(<PendingBanner />);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(server.sent("rules.pending")).toHaveLength(1);
  cleanup();
  pending = {
    revision: 8,
    by: { name: "", source: "api" },
    note: null,
    atMs: Date.now(),
    confirmBy: Date.now() + 10_000,
  };
  show(<PendingBanner />);
  await vi.advanceTimersByTimeAsync(7000);
  expect(server.sent("rules.pending").length).toBeGreaterThanOrEqual(3);
  expect(screen.getByText(/^Somebody changed the table/)).toBeTruthy();
  // Nobody confirms: the director puts the old table back by itself.
  outcome = "put-back";
  pending = null;
  await vi.advanceTimersByTimeAsync(4000);
  expect(toast).toHaveBeenCalledWith("warning", words.wasPutBack, expect.anything());
  const asked = server.sent("rules.pending").length;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(server.sent("rules.pending").length - asked).toBeLessThanOrEqual(1);
});
