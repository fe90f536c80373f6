import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEvent } from "#domain/live";
import type { ServiceRecord } from "#domain/table";
import { LiveStore } from "../live/live-store.ts";
import { useServiceRecord } from "./use-service-record.ts";

const page = vi.hoisted(() => ({
  live: {} as { store: LiveStore; board: { put: () => void; remove: () => void } },
  read: vi.fn<(id: string) => Promise<unknown>>(),
}));
vi.mock("#components/live/live-provider", () => ({ useLive: () => page.live }));
vi.mock("#components/trpc", () => {
  const queryOptions = ({ id }: { id: string }, options: object) => ({
    queryKey: ["service", id],
    queryFn: () => page.read(id),
    ...options,
  });
  return { useTRPC: () => ({ table: { service: { queryOptions } } }) };
});

const id = "tcp:192.0.2.1:80";
const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };
const row = {
  kind: "service",
  id,
  key: { kind: "address", protocol: "tcp", address: "192.0.2.1", port: 80 },
  spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
} as const satisfies Partial<ServiceRecord>;
const record = (scheduler: string): ServiceRecord => ({
  ...row,
  spec: { ...row.spec, schedulerFlags: [], scheduler },
  counters,
  gauges: { active: 0, inactive: 0, persistent: 0 },
  servers: [],
});
const described = (servers: number): LiveEvent => ({
  rows: [
    {
      slot: 3,
      row: { ...row, spec: { ...row.spec, schedulerFlags: [] } },
      drainedWeight: null,
      servers,
      usable: servers,
    },
  ],
});
const refused = { data: { refusal: { code: "NO_SUCH_SERVICE", params: {} } } };

beforeEach(() => {
  page.live = { store: new LiveStore(), board: { put: () => {}, remove: () => {} } };
  page.read.mockReset();
  page.read.mockResolvedValue(record("rr"));
});
afterEach(cleanup);

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(() => useServiceRecord(id), { wrapper }).result;
}
const tell = (event: LiveEvent) => act(async () => page.live.store.take(event));
const settled = (check: () => void) => act(() => vi.waitFor(check));

test("is read once there is a living director, and again when it or one of its servers was edited", async () => {
  const result = show();
  expect(page.read).not.toHaveBeenCalled();
  await tell({ state: { kind: "live" }, ...described(1) });
  await settled(() => expect(result.current.record?.spec.scheduler).toBe("rr"));
  page.read.mockResolvedValue(record("wlc"));
  await tell(described(2));
  await settled(() => expect(result.current.record?.spec.scheduler).toBe("wlc"));
  expect(result.current).toMatchObject({ gone: false, refusal: null });
});

test("a removed service is gone, and what was read last stays", async () => {
  const result = show();
  await tell({ state: { kind: "live" }, ...described(1) });
  await settled(() => expect(result.current.record).not.toBeNull());
  page.read.mockRejectedValue(refused);
  await tell({ missing: [id] });
  await settled(() => expect(result.current).toMatchObject({ gone: true, refusal: null }));
  expect(result.current.record?.id).toBe(id);
  page.read.mockResolvedValue(record("sh"));
  await tell({ missing: [], ...described(0) });
  await settled(() => expect(result.current).toMatchObject({ gone: false, record: { spec: { scheduler: "sh" } } }));
});

test("one that never was is gone from the start", async () => {
  page.read.mockRejectedValue(refused);
  const result = show();
  await tell({ state: { kind: "live" }, missing: [id] });
  await settled(() => expect(result.current).toEqual({ record: null, refusal: null, gone: true }));
});

test("any other refusal is told apart", async () => {
  page.read.mockRejectedValue({ data: { refusal: { code: "TIMED_OUT", params: {} } } });
  const result = show();
  await tell({ state: { kind: "live" } });
  await settled(() => expect(result.current).toMatchObject({ gone: false, refusal: { code: "TIMED_OUT" } }));
});
