import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ConnectionQuery, connectionQuerySchema } from "#domain/connection";
import type { ServiceKey } from "#domain/service";
import { serviceId } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import messages from "../../messages/en.json" with { type: "json" };
import { answer } from "../connections/page-fixture.ts";
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { ServiceConnections } from "./service-connections.tsx";

const words = messages.connections.service;
const gauges = { active: 0, inactive: 0, persistent: 0 };
const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };
const key = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 } as const;

function record(of: ServiceKey, persistent = false): ServiceRecord {
  const id = serviceId(of);
  const persistence = persistent ? { timeoutS: 360, netmask: "255.255.255.255" } : null;
  const spec = {
    address: "10.0.0.7",
    port: 8080,
    forward: "nat",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
  } as const;
  return {
    ...{ kind: "service", id, key: of, counters, gauges },
    spec: { scheduler: "rr", schedulerFlags: [], persistence, onePacket: false, engine: null },
    servers: [
      {
        ...{ kind: "server", id: `${id}>10.0.0.7:8080`, serviceId: id, counters, gauges, drainedWeight: null },
        spec: { ...spec, tunnel: null },
      },
    ],
  };
}

const found = {
  server: [{ name: "10.0.0.7:8080", connections: 40 }],
  state: [
    { name: "ESTABLISHED", connections: 30 },
    { name: "FIN_WAIT", connections: 10 },
  ],
};

let server: FakeConsole;
beforeEach(() => {
  server = new FakeConsole({
    "connections.page": (input: object) => {
      const { group } = connectionQuerySchema.parse(input);
      if (group !== "server" && group !== "state") throw new Error(`grouped by ${group}`);
      const groups = { by: group, groups: found[group], total: found[group].length, others: 0 };
      return answer([], { matched: 40, rowsRead: 50 }, { groups });
    },
    "connections.progress": () => null,
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const asked = () => server.sent("connections.page") as ConnectionQuery[];
const rowsOf = (region: HTMLElement) => within(region).getAllByRole("row").slice(1);

test("nothing is read until somebody asks; then by server and by state, each leading to its connections", async () => {
  show(<ServiceConnections record={record(key)} />);
  expect(screen.getByText(words.help)).toBeTruthy();
  expect(asked()).toEqual([]);
  fireEvent.click(screen.getByRole("button", { name: words.look }));
  const servers = await screen.findByRole("region", { name: words.byServer });
  const states = await screen.findByRole("region", { name: words.byState });
  expect(rowsOf(servers).map((row) => row.textContent)).toEqual(["10.0.0.7:808040100.0 %"]);
  expect(rowsOf(states).map((row) => row.textContent)).toEqual(["ESTABLISHED3075.0 %", "FIN_WAIT1025.0 %"]);
  expect(asked().map(({ group, limit, filter }) => [group, limit, filter.virtual, filter.protocol?.join()])).toEqual([
    ["server", 0, "192.0.2.10:80", "tcp"],
    ["state", 0, "192.0.2.10:80", "tcp"],
  ]);
  const href = within(states).getByRole("link", { name: "FIN_WAIT" }).getAttribute("href");
  expect(href).toBe("/connections?protocol=tcp&virtual=192.0.2.10%3A80&state=FIN_WAIT");
  const all = screen.getByRole("link", { name: words.all }).getAttribute("href");
  expect(all).toBe("/connections?protocol=tcp&virtual=192.0.2.10%3A80");
  expect(screen.queryByRole("link", { name: words.templates })).toBeNull();

  fireEvent.click(screen.getByRole("button", { name: words.lookAgain }));
  await waitFor(() => expect(asked()).toHaveLength(4));
  expect(asked().every(({ read }) => read === undefined)).toBe(true);
});

test("all servers are asked for, as one that is drained has few; and where there are more it says so", async () => {
  const names = Array.from({ length: 500 }, (_, n) => ({ name: `10.0.${n >> 8}.${n & 255}:80`, connections: 500 - n }));
  server.answers["connections.page"] = (input: object) => {
    const { group, groupLimit } = connectionQuerySchema.parse(input);
    const groups = group === "server" ? names.slice(0, groupLimit) : found.state;
    const total = group === "server" ? 1012 : 2;
    return answer(
      [],
      { matched: 1000, rowsRead: 1000 },
      { groups: { by: group ?? "state", groups, total, others: 0 } },
    );
  };
  show(<ServiceConnections record={record(key)} />);
  fireEvent.click(screen.getByRole("button", { name: words.look }));
  expect(rowsOf(await screen.findByRole("region", { name: words.byServer }))).toHaveLength(500);
  expect(screen.getAllByText(/largest of/).map((line) => line.textContent)).toEqual([
    "The 500 largest of 1,012: “Show them”, grouped by these, has all.",
  ]);
});

test("none at the moment; and why it could not be read, without a second try", async () => {
  server.answers["connections.page"] = () => answer([], { rowsRead: 50 });
  show(<ServiceConnections record={record(key, true)} />);
  expect(screen.getByRole("link", { name: words.templates }).getAttribute("href")).toContain("kind=templates");
  fireEvent.click(screen.getByRole("button", { name: words.look }));
  await screen.findByText(words.none);
  cleanup();
  server.calls.length = 0;
  server.answers["connections.page"] = () => {
    throw new Refused("NOT_PERMITTED");
  };
  show(<ServiceConnections record={record(key)} />);
  fireEvent.click(screen.getByRole("button", { name: words.look }));
  expect((await screen.findByRole("alert")).textContent).toContain(messages.connections.notRead);
  expect(asked()).toHaveLength(1);
});

test("of a firewall mark it says why they cannot be told, and leads to those of its servers", () => {
  show(<ServiceConnections record={record({ kind: "fwmark", family: 4, mark: 7 }, true)} />);
  expect(screen.getByText(words.ofMark)).toBeTruthy();
  const link = screen.getByRole("link", { name: "10.0.0.7:8080" });
  expect(link.getAttribute("href")).toBe("/connections?server=10.0.0.7%3A8080");
  const templates = screen.getByRole("link", { name: words.templates }).getAttribute("href");
  expect(templates).toBe("/connections?kind=templates&protocol=ip&virtual=0.0.0.7");
  expect(screen.queryByRole("button")).toBeNull();
});
