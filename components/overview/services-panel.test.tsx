import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { NuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RowValues } from "#domain/live";
import messages from "../../messages/en.json" with { type: "json" };
import { LiveStore } from "../live/live-store.ts";
import { ServicesPanel } from "./services-panel.tsx";

const page = vi.hoisted(() => ({
  live: {} as { store: LiveStore; board: { put: () => void; remove: () => void } },
}));
vi.mock("#components/live/live-provider", () => ({ useLive: () => page.live }));

beforeEach(() => {
  page.live = { store: new LiveStore(), board: { put: () => {}, remove: () => {} } };
});
afterEach(cleanup);

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };
const values = [-1, 0, 0, 0, 0, 0, 0, 0, 0] as RowValues;

function show(list: string): void {
  render(
    <NuqsTestingAdapter searchParams={`?list=${list}`} hasMemory>
      <NextIntlClientProvider locale="en" messages={messages}>
        <ServicesPanel />
      </NextIntlClientProvider>
    </NuqsTestingAdapter>,
  );
}

function sample(attention: number): void {
  act(() =>
    page.live.store.take({
      state: { kind: "live" },
      sample: { atMs: 0, ageMs: 0, cadenceMs: 1000 },
      summary: { services: 9, servers: 9, attention, values, counters },
      window: { from: 0, totalRows: 0, matchedServices: 0, matchedServers: 0, slots: [] },
    }),
  );
}

test("above the busiest stands how many need attention, and leads to them", () => {
  show("busiest");
  sample(3);
  expect(screen.getByRole("status").textContent).toContain("3 virtual services need attention");
  fireEvent.click(screen.getByRole("button", { name: "Show them" }));
  const choice = screen.getByRole("button", { name: /^Need attention/ });
  expect(choice.getAttribute("aria-pressed")).toBe("true");
  expect(choice.textContent).toBe("Need attention3");
  expect(screen.queryByRole("status")).toBeNull();
});

test("it goes when nothing needs attention any more", () => {
  show("busiest");
  sample(1);
  expect(screen.getByRole("status").textContent).toContain("One virtual service needs attention");
  sample(0);
  expect(screen.queryByRole("status")).toBeNull();
});

test("that nothing needs attention is said only when the count says so too", () => {
  show("attention");
  sample(1);
  expect(screen.queryByText(/^Nothing needs attention/)).toBeNull();
  sample(0);
  expect(screen.getByText(/^Nothing needs attention/)).toBeTruthy();
});
