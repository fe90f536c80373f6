import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { UrlUpdateEvent } from "nuqs/adapters/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ConnectionPage, type ConnectionQuery, connectionQuerySchema } from "#domain/connection";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { ConnectionsPage } from "./connections-page.tsx";
import { answer, connection } from "./page-fixture.ts";

const words = messages.connections;
const rows = [connection(1), connection(2, { protocol: "udp", state: "UDP", expiresS: 75 })];

let server: FakeConsole;
let next: (query: ConnectionQuery) => ConnectionPage;
beforeEach(() => {
  next = () => answer(rows);
  server = new FakeConsole({
    "connections.page": (query: object) => next(connectionQuerySchema.parse(query)),
    "connections.progress": () => null,
    "connections.cancel": () => true,
    "connections.names": (addresses: string[]) =>
      Object.fromEntries(addresses.map((address) => [address, address === "198.51.100.1" ? "client.example" : null])),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const asked = () => server.sent("connections.page") as ConnectionQuery[];
const table = () => screen.findByRole("region", { name: words.table.connections });
const linesOf = (region: HTMLElement) =>
  within(region)
    .getAllByRole("row")
    .map((row) => [...row.children].map((cell) => cell.textContent));

test("who is connected to what, through which server, in what state and for how long; and when that was read", async () => {
  show(<ConnectionsPage />);
  expect(linesOf(await table())).toEqual([
    ["Protocol", "Client", "Virtual", "Real server", "State", "Expires in"],
    ["tcp", "198.51.100.1:40001", "192.0.2.10:80", "10.0.1.11:8080", "ESTABLISHED", "14 min 59 s"],
    ["udp", "198.51.100.2:40002", "192.0.2.10:80", "10.0.1.11:8080", "UDP", "1 min 15 s"],
  ]);
  expect(screen.getByRole("status").textContent).toMatch(/^Read at \d\d:\d3:07 in 0\.4 s: 2 of 2 rows$/);
  expect(asked()).toHaveLength(1);
});

test("where they come from and what their engine knows, when the director tells", async () => {
  const engine = { name: "sip", data: "call-1@host" };
  next = () => answer([connection(1, { origin: "sync" }), connection(2, { origin: "local", engine })]);
  show(<ConnectionsPage />, { search: "?origin=any" });
  expect(linesOf(await table()).map((line) => line.slice(6))).toEqual([
    ["Origin", "Persistence engine"],
    ["Sync", ""],
    ["Local", "sip call-1@host"],
  ]);
  expect(asked()[0]?.filter.origin).toBe("any");
});

test("templates stand apart, with what they hold, and a firewall mark by its number", async () => {
  const template = { isTemplate: true, state: "NONE", holds: 1234 };
  next = ({ filter }) =>
    answer(
      filter.kind === "templates"
        ? [
            connection(1, { ...template, client: { address: "198.51.100.0", port: 0 } }),
            connection(2, {
              ...{ ...template, protocol: "ip", holds: 0, client: { address: "198.51.100.2", port: 0 } },
              ...{ virtual: { address: "0.0.1.4", port: 0 }, server: { address: "10.0.1.11", port: 0 } },
            }),
          ]
        : rows,
    );
  show(<ConnectionsPage />);
  await table();
  fireEvent.click(screen.getByRole("button", { name: words.kinds.templates }));
  const region = await screen.findByRole("region", { name: words.table.templates });
  expect(linesOf(region)[0]).toContain("Connections held");
  await waitFor(() =>
    expect(linesOf(region).slice(1)).toEqual([
      ["tcp", "198.51.100.0", "192.0.2.10:80", "10.0.1.11:8080", "NONE", "1,234", "14 min 59 s"],
      ["ip", "198.51.100.2", "Mark 260", "10.0.1.11", "NONE", "0", "14 min 59 s"],
    ]),
  );
});

describe("looking closer", () => {
  test("a click on a client, a virtual or a server leaves its rows alone", async () => {
    show(<ConnectionsPage />);
    const [first] = within(await table()).getAllByRole("button", { name: "198.51.100.1:40001" });
    if (first) fireEvent.click(first);
    await waitFor(() => expect(asked().at(-1)?.filter.client).toBe("198.51.100.1"));
    const [server_] = within(await table()).getAllByRole("button", { name: "10.0.1.11:8080" });
    if (server_) fireEvent.click(server_);
    await waitFor(() =>
      expect(asked().at(-1)?.filter).toMatchObject({ client: "198.51.100.1", server: "10.0.1.11:8080" }),
    );
  });

  test("groups have counts and shares; a click on one is a filter, and another click takes it back", async () => {
    const updates: UrlUpdateEvent[] = [];
    const groups = [
      { name: "ESTABLISHED", connections: 3000 },
      { name: "FIN_WAIT", connections: 1000 },
    ];
    next = () => answer(rows, { matched: 4000 }, { groups: { by: "state", groups, total: 2, others: 7 } });
    show(<ConnectionsPage />, { search: "?group=state&page=2", onUrlUpdate: (update) => updates.push(update) });
    const region = await screen.findByRole("region", { name: words.groups });
    const panel = within(region);
    expect(panel.getAllByRole("row").map((row) => row.textContent)).toEqual([
      "StateConnectionsShare",
      "ESTABLISHED3,00075.0 %",
      "FIN_WAIT1,00025.0 %",
    ]);
    expect(screen.getByText("7 rows are in further groups that were not told apart.")).toBeTruthy();
    const group = panel.getByRole("button", { name: "FIN_WAIT" });
    fireEvent.click(group);
    await waitFor(() => expect(updates.at(-1)?.queryString).toBe("?group=state&state=FIN_WAIT"));
    expect([updates.at(-1)?.options.history, group.getAttribute("aria-pressed")]).toEqual(["push", "true"]);
    await waitFor(() => expect(asked().at(-1)).toMatchObject({ filter: { state: ["FIN_WAIT"] }, offset: 0 }));
    fireEvent.click(group);
    await waitFor(() => expect(updates.at(-1)?.queryString).toBe("?group=state"));
  });

  test("columns sort and pages turn within the read that is there", async () => {
    next = ({ offset }) => answer(rows, { matched: 1_000_000, held: 250 }, { offset });
    show(<ConnectionsPage />);
    await table();
    expect(screen.getByText("Sorted and paged over the first 250 of 1,000,000 rows. Counts are of all.")).toBeTruthy();
    expect(screen.getByText("1–100 of 250")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: words.lastPage }));
    await screen.findByText("201–250 of 250");
    fireEvent.click(within(await table()).getByRole("button", { name: "Expires in" }));
    await screen.findByText("1–100 of 250");
    await waitFor(() => expect(asked()).toHaveLength(3));
    expect(asked().map(({ read, offset, sort }) => [read, offset, sort])).toEqual([
      [undefined, 0, null],
      ["r1", 200, null],
      ["r1", 0, "expires"],
    ]);
    expect(screen.getByRole("columnheader", { name: "Expires in" }).getAttribute("aria-sort")).toBe("ascending");
  });

  test("a page that is gone says so, and leads to the first", async () => {
    next = ({ offset }) => (offset === 0 ? answer(rows) : answer([], { matched: 2, held: 2 }, { offset }));
    show(<ConnectionsPage />, { search: "?page=9" });
    await screen.findByText(words.pastTheEnd);
    const [, first] = [null, ...screen.getAllByRole("button", { name: words.firstPage })];
    if (first) fireEvent.click(first);
    expect(linesOf(await table())).toHaveLength(3);
  });

  test("a pattern that cannot be understood reads nothing, and what was there stays", async () => {
    show(<ConnectionsPage />);
    await table();
    const field = screen.getByRole("searchbox", { name: "Client" });
    fireEvent.change(field, { target: { value: "somebody" } });
    fireEvent.keyDown(field, { key: "Enter" });
    expect((await screen.findByRole("alert")).textContent).toBe(words.misread);
    expect(linesOf(await table())).toHaveLength(3);
    expect(screen.getByText(words.other)).toBeTruthy();
    expect(asked()).toHaveLength(1);
    expect(screen.queryByRole("button", { name: words.export })).toBeNull();
  });
});

describe("nothing to show", () => {
  test("is not said of what is still being read, and rows stay what they were until others come", async () => {
    const { promise, resolve } = Promise.withResolvers<ConnectionPage>();
    show(<ConnectionsPage />);
    await table();
    server.answers["connections.page"] = () => promise;
    fireEvent.click(screen.getByRole("button", { name: words.kinds.templates }));
    await waitFor(() => expect(asked()).toHaveLength(2));
    expect(linesOf(await table())).toHaveLength(3);
    expect(screen.queryByRole("region", { name: words.table.templates })).toBeNull();
    resolve(answer([]));
    await screen.findByText(words.none.templates);
  });

  test("no connections at all; none that match, and the way out", async () => {
    next = ({ filter }) => (filter.client ? answer([], { rowsRead: 2 }) : answer(rows));
    show(<ConnectionsPage />, { search: "?client=10.0.0.9" });
    const empty = (await screen.findByText(words.noMatch.connections)).parentElement;
    if (empty) fireEvent.click(within(empty).getByRole("button", { name: words.clearFilters }));
    expect(linesOf(await table())).toHaveLength(3);
    cleanup();
    next = () => answer([]);
    show(<ConnectionsPage />);
    await screen.findByText(words.none.connections);
    expect(screen.queryByRole("button", { name: words.clearFilters })).toBeNull();
  });

  test("a director without the file says why, and is asked again at a button", async () => {
    next = () => {
      throw new Refused("NOT_AVAILABLE", { detail: "/proc/net/ip_vs_conn" });
    };
    show(<ConnectionsPage />);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toMatch(/^The connections could not be read\. .+/);
    next = () => answer(rows);
    fireEvent.click(screen.getByRole("button", { name: words.tryAgain }));
    expect(linesOf(await table())).toHaveLength(3);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("when another look fails", () => {
  const refuse = () => {
    throw new Refused("TOO_MANY_READS");
  };

  test("rows that stay say that they answer another one", async () => {
    show(<ConnectionsPage />);
    await table();
    expect(screen.queryByText(words.other)).toBeNull();
    next = refuse;
    fireEvent.click(screen.getByRole("button", { name: words.kinds.templates }));
    await screen.findByRole("alert");
    expect(screen.getByText(words.other)).toBeTruthy();
    next = () => answer([connection(1, { isTemplate: true, client: { address: "198.51.100.0", port: 0 }, holds: 1 })]);
    fireEvent.click(screen.getByRole("button", { name: words.tryAgain }));
    await screen.findByRole("region", { name: words.table.templates });
    expect(screen.queryByText(words.other)).toBeNull();
  });

  test("that there was nothing is not said of this one", async () => {
    next = () => answer([], { rowsRead: 2 });
    show(<ConnectionsPage />, { search: "?client=10.0.0.9" });
    const empty = (await screen.findByText(words.noMatch.connections)).parentElement;
    next = refuse;
    if (empty) fireEvent.click(within(empty).getByRole("button", { name: words.clearFilters }));
    await screen.findByRole("alert");
    expect(screen.queryByText(words.none.connections)).toBeNull();
    expect(screen.queryByText(words.noMatch.connections)).toBeNull();
  });
});

test("a connection that the table lists twice stands there twice, and goes when it is gone", async () => {
  next = () => answer([connection(1), connection(2), connection(1), connection(1)]);
  show(<ConnectionsPage />);
  expect(linesOf(await table())).toHaveLength(5);
  next = () => answer([connection(3)], { id: "r2" });
  fireEvent.click(screen.getByRole("button", { name: words.refresh }));
  await screen.findByText("198.51.100.3:40003");
  expect(linesOf(await table())).toHaveLength(2);
});

describe("a long read", () => {
  const part = { rowsRead: 412_000, rowsExpected: 1_084_000 };

  test("that its budget cut short asks whether to go on", async () => {
    next = ({ goOn }) => answer(rows, goOn ? {} : { ...part, state: "paused" });
    show(<ConnectionsPage />);
    await screen.findByText("Read 412,000 rows so far, about 38 %: continue? What stands below is of these.");
    fireEvent.click(screen.getByRole("button", { name: words.goOn }));
    await waitFor(() => expect(screen.queryByRole("button", { name: words.goOn })).toBeNull());
    expect(asked()[1]).toMatchObject({ read: "r1", goOn: true });
  });

  test("shows how far it is while it lasts, can be cancelled, and says that it was", async () => {
    const { promise, resolve } = Promise.withResolvers<ConnectionPage>();
    server.answers["connections.page"] = () => promise;
    server.answers["connections.progress"] = () => ({ ...part, state: "reading", matched: 1, held: 1, tookMs: 900 });
    show(<ConnectionsPage />);
    const bar = await screen.findByRole("progressbar", { name: words.progress });
    expect([bar.getAttribute("aria-valuenow"), bar.getAttribute("aria-valuetext")]).toEqual([
      "38",
      "412,000 rows read, about 38 %",
    ]);
    fireEvent.click(screen.getByRole("button", { name: words.cancel }));
    await waitFor(() => expect(server.sent("connections.cancel")).toEqual([asked()[0]?.asker]));
    resolve(answer(rows, { ...part, state: "cancelled" }));
    await screen.findByText("Cancelled after 412,000 rows, about 38 %. What stands below is of these.");
    expect(screen.queryByRole("progressbar")).toBeNull();
  });
});

describe("beside the rows", () => {
  test("names are asked for only when they are wanted, for what is on the page, once", async () => {
    show(<ConnectionsPage />);
    await table();
    expect(server.sent("connections.names")).toEqual([]);
    fireEvent.click(screen.getByRole("switch", { name: words.names }));
    await screen.findByText("client.example");
    expect(server.sent("connections.names")).toEqual([["198.51.100.1", "192.0.2.10", "10.0.1.11", "198.51.100.2"]]);
    fireEvent.click(screen.getByRole("switch", { name: words.names }));
    await waitFor(() => expect(screen.queryByText("client.example")).toBeNull());
  });

  test("names that were not known in time are asked for again with the next read, and no others", async () => {
    const late: Record<string, string> = { "198.51.100.1": "client.example" };
    server.answers["connections.names"] = (addresses: string[]) =>
      Object.fromEntries(addresses.map((address) => [address, late[address] ?? null]));
    show(<ConnectionsPage />, { search: "?names=true" });
    await screen.findByText("client.example");
    late["198.51.100.2"] = "late.example";
    next = () => answer(rows, { id: "r2" });
    fireEvent.click(screen.getByRole("button", { name: words.refresh }));
    await screen.findByText("late.example");
    expect(server.sent("connections.names")[1]).toEqual(["192.0.2.10", "10.0.1.11", "198.51.100.2"]);
  });

  test("names that cannot be asked for leave the page as it is", async () => {
    server.answers["connections.names"] = () => {
      throw new Refused("UNREACHABLE");
    };
    show(<ConnectionsPage />, { search: "?names=true" });
    await screen.findByText(words.noNames);
    expect(linesOf(await table())).toHaveLength(3);
  });

  test("all rows are to be had as files, of the read that is shown and in its order", async () => {
    show(<ConnectionsPage />, {
      search: "?protocol=tcp,udp&client=10.0.0.0/8&origin=any&sort=client&desc=true&page=2&group=state",
    });
    await table();
    fireEvent.click(screen.getByRole("button", { name: words.export }));
    const hrefs = (await screen.findAllByRole("menuitem")).map((item) => item.getAttribute("href") ?? "");
    const filter = { kind: "connections", protocol: "tcp,udp", client: "10.0.0.0/8", origin: "any" };
    expect(hrefs.map((href) => Object.fromEntries(new URL(href, "http://console").searchParams))).toEqual(
      ["csv", "json"].map((format) => ({ format, ...filter, sort: "client", descending: "true", read: "r1" })),
    );
    expect(hrefs[0]).toMatch(/^\/connections\/export\?/);
  });

  test("Refresh reads anew, whatever is held", async () => {
    show(<ConnectionsPage />);
    await table();
    next = () => answer(rows.slice(1), { id: "r2" });
    fireEvent.click(screen.getByRole("button", { name: words.refresh }));
    await waitFor(() => expect(screen.queryByText("198.51.100.1:40001")).toBeNull());
    expect(asked()[1]).toMatchObject({ freshMs: 0 });
    expect(asked()[1]?.read).toBeUndefined();
  });
});
