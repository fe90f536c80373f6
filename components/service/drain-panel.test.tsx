import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { NuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MeProvider } from "#components/session/me";
import type { Role } from "#domain/roles";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import messages from "../../messages/en.json";
import { ChartFeed } from "../charts/chart-feed.ts";
import { ChartGroup } from "../charts/chart-group.tsx";
import { metrics } from "../charts/timeline.ts";
import { meAs } from "../session/me-fixture.ts";
import { DrainPanel } from "./drain-panel.tsx";

const page = vi.hoisted(() => ({ restore: vi.fn(), block: null as string | null }));
vi.mock("../live/use-live.ts", () => ({ usePaused: () => [false, () => {}] }));
vi.mock("../changes/changes-provider.tsx", () => ({ useChanges: () => ({ restore: page.restore }) }));
vi.mock("../changes/use-edit-block.ts", () => ({ useEditBlock: () => page.block }));

beforeEach(() => {
  page.block = null;
  page.restore.mockReset();
});
afterEach(cleanup);

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };
const serviceId = "tcp:192.0.2.1:80";

function server(address: string, weight: number): ServerRecord {
  const spec = {
    address,
    port: 80,
    forward: "nat",
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
  } as const;
  const gauges = { active: 0, inactive: 0, persistent: 0 };
  return { kind: "server", id: `${serviceId}>${address}:80`, serviceId, spec, counters, gauges, drainedWeight: null };
}

function service(persistent: boolean, servers: ServerRecord[]): ServiceRecord {
  const persistence = persistent ? { timeoutS: 360, netmask: "255.255.255.255" } : null;
  const spec = { scheduler: "rr", schedulerFlags: [], persistence, onePacket: false, engine: null };
  const key = { kind: "address", protocol: "tcp", address: "192.0.2.1", port: 80 } as const;
  return {
    kind: "service",
    id: serviceId,
    key,
    spec,
    counters,
    gauges: { active: 0, inactive: 0, persistent: 0 },
    servers,
  };
}

/** Active and inactive connections of each server at one second. */
function take(feed: ChartFeed, second: number, connections: Record<string, [active: number, inactive: number]>): void {
  const rows = Object.entries(connections).map(([address, [active, inactive]]) => {
    const values = metrics.map((metric) => (metric === "active" ? active : metric === "inactive" ? inactive : 0));
    return [`${serviceId}>${address}:80`, values] as const;
  });
  act(() => void feed.sample(1_700_000_000_000 + second * 1000, 1000, new Map(rows)));
}

function show(feed: ChartFeed, record: ServiceRecord, role: Role = "operator") {
  return render(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <NuqsTestingAdapter>
        <ChartGroup feed={feed} syncKey="test">
          <MeProvider me={meAs(role)}>
            <DrainPanel record={record} servers={record.servers} />
          </MeProvider>
        </ChartGroup>
      </NuqsTestingAdapter>
    </NextIntlClientProvider>,
  );
}

test("says what is left of a drained server, how fast it falls, and when it will be empty", () => {
  const feed = new ChartFeed(60_000, () => 0);
  for (let second = 0; second <= 20; second++) {
    take(feed, second, { "10.0.0.1": [80 - 2 * second, 20], "10.0.0.2": [500, 0] });
  }
  show(feed, service(false, [server("10.0.0.1", 0), server("10.0.0.2", 1)]));
  expect(screen.getByRole("heading", { name: "One real server is draining" })).toBeTruthy();
  const item = screen.getByRole("listitem");
  expect(item.textContent).toContain("60 left falling 2.00/s, empty in about 30 s");
  const bar = screen.getByRole("progressbar", { name: "Connections left on 10.0.0.1:80" });
  expect([bar.getAttribute("aria-valuenow"), bar.getAttribute("aria-valuemax")]).toEqual(["60", "100"]);
  expect(screen.queryByText(/expire_quiescent_template/)).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Restore weight" }));
  expect(page.restore).toHaveBeenCalledExactlyOnceWith([`${serviceId}>10.0.0.1:80`]);
});

test("makes no promise while connections do not become fewer, and names what keeps persistent clients coming", () => {
  const feed = new ChartFeed(60_000, () => 0);
  for (let second = 0; second <= 20; second++) take(feed, second, { "10.0.0.1": [50, 0] });
  show(feed, service(true, [server("10.0.0.1", 0)]));
  expect(screen.getByRole("listitem").textContent).toContain("50 left not falling");
  expect(screen.getByText(/expire_quiescent_template/)).toBeTruthy();
});

test("is gone when the last connection is, and is not there without a drain", () => {
  const feed = new ChartFeed(60_000, () => 0);
  take(feed, 1, { "10.0.0.1": [1, 0], "10.0.0.2": [5, 0] });
  const { container } = show(feed, service(false, [server("10.0.0.1", 0), server("10.0.0.2", 3)]));
  expect(screen.getAllByRole("listitem")).toHaveLength(1);
  take(feed, 2, { "10.0.0.1": [0, 0], "10.0.0.2": [5, 0] });
  expect(container.textContent).toBe("");
});

test("a weight cannot be restored while edits are blocked, and the button says why", () => {
  page.block = "The director does not answer.";
  const feed = new ChartFeed(60_000, () => 0);
  take(feed, 1, { "10.0.0.1": [1, 0] });
  show(feed, service(false, [server("10.0.0.1", 0)]));
  const button = screen.getByRole("button", { name: "Restore weight" });
  expect([button.hasAttribute("disabled"), button.title]).toEqual([true, "The director does not answer."]);
});

test("who may not edit sees the drain, and no button", () => {
  const feed = new ChartFeed(60_000, () => 0);
  take(feed, 1, { "10.0.0.1": [1, 0] });
  show(feed, service(false, [server("10.0.0.1", 0)]), "viewer");
  expect(screen.getByRole("listitem").textContent).toContain("1 left");
  expect(screen.queryByRole("button")).toBeNull();
});
