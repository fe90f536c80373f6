import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Me } from "#domain/people";
import type { SyncDaemon } from "#domain/sync-daemon";
import type { Sysctl } from "#domain/sysctl";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { DirectorPage } from "./director-page.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));
const live = vi.hoisted(() => ({ editable: true, kind: "live" }));
const summary = { services: 2, servers: 5, values: [-1, 0, 0, 0, 0, 0, 41, 0, 0] };
vi.mock("../live/use-live.ts", () => ({
  useLiveState: () => live,
  useSummary: () => summary,
  useTableSize: () => summary,
}));

const words = messages.directorPage;
const eth0 = {
  name: "eth0",
  up: true,
  running: true,
  multicast: true,
  loopback: false,
  mtu: 1500,
  addresses: ["192.0.2.2/24"],
};
const idle = { ...eth0, name: "idle0", running: false, addresses: [] };
const sysctl = (name: string, value: string, more: Partial<Sysctl> = {}): Sysctl => ({
  name,
  value,
  readOnly: false,
  atBoot: null,
  ...more,
});

let server: FakeConsole;
let daemons: SyncDaemon[];
let sysctls: Sysctl[];
beforeEach(() => {
  toast.mockReset();
  Object.assign(live, { editable: true, kind: "live" });
  daemons = [];
  sysctls = [
    sysctl("drop_entry", "2"),
    sysctl("sync_threshold", "3 50"),
    sysctl("debug_level", "0", { readOnly: true }),
    sysctl("brand_new", "7"),
  ];
  server = new FakeConsole({
    "director.status": () => ({ host: "lb1", kind: "kernel" }),
    "director.timeouts": () => ({ tcpS: 900, tcpFinS: 120, udpS: 300 }),
    "director.setTimeouts": ({ tcpS, udpS }: { tcpS: number; udpS: number }) => ({ tcpS, tcpFinS: 120, udpS }),
    "director.clear": () => ({ revision: 12 }),
    "director.zero": () => ({ revision: 13 }),
    "director.daemons": () => daemons,
    "director.syncGround": () => ({ interfaces: [eth0, idle], mixed: null }),
    "director.startDaemon": () => [],
    "director.stopDaemon": () => [],
    "director.sysctls": () => sysctls,
    "director.setSysctl": ({ name, value }: { name: string; value: string }) => sysctl(name, value),
    "director.modules": () => ({
      schedulers: [{ name: "wlc", module: "ip_vs_wlc", state: "loaded", users: 3 }],
      engines: [{ name: "sip", module: "ip_vs_pe_sip", state: "missing", users: null }],
      helpers: [{ name: "ftp", module: "ip_vs_ftp", state: "unknown", users: null }],
      applications: [{ protocol: "TCP", port: 21, users: 1, name: "ftp" }],
      kernel: "6.1.0",
    }),
    "rules.revision": () => ({ beforeText: "-A -f 1 -s rr\n", afterText: "" }),
    "rules.plan": () => ({ tag: "tag-2" }),
    "rules.write": () => ({ changes: 1, revision: 14, confirmByMs: null }),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const open = (view: string, me: Partial<Me> = {}) => show(<DirectorPage />, { search: `?view=${view}`, me });
const press = (name: string | RegExp, scope: HTMLElement = document.body) =>
  fireEvent.click(within(scope).getByRole("button", { name }));
const type = (label: string | RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const command = () => screen.getByTestId("command").textContent;
const dialog = (role: "dialog" | "alertdialog" = "dialog") => screen.findByRole(role, {}, { timeout: 4000 });

describe("timeouts", () => {
  const tcp = () => screen.findByLabelText("TCP, seconds", {}, { timeout: 4000 });

  test("are shown and set; the command follows what is typed, and 0 says that it keeps", async () => {
    open("table");
    await tcp();
    expect(command()).toBe("ipvsadm --set 900 120 300");
    type("TCP, seconds", "1200");
    type("TCP after a FIN, seconds", "0");
    expect(command()).toBe("ipvsadm --set 1200 0 300");
    expect(screen.getByText("0 keeps what is set: 120.")).toBeTruthy();
    type("UDP, seconds", "");
    expect(command()).toBe("ipvsadm --set 1200 0 …");
    press(words.timeouts.submit);
    expect(await screen.findByText(messages.problem.REQUIRED)).toBeTruthy();
    expect(server.sent("director.setTimeouts")).toEqual([]);
    type("UDP, seconds", "60");
    press(words.timeouts.submit);
    const expected = { tcpS: 900, tcpFinS: 120, udpS: 300 };
    await waitFor(() =>
      expect(server.sent("director.setTimeouts")).toEqual([{ tcpS: 1200, tcpFinS: 0, udpS: 60, expected }]),
    );
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", words.timeouts.done));
    expect(screen.getByText("20 min")).toBeTruthy();
  });

  test("that somebody else has set meanwhile are shown, and setting again is then meant", async () => {
    open("table");
    await tcp();
    type("UDP, seconds", "60");
    const theirs = { tcpS: 4321, tcpFinS: 120, udpS: 300 };
    server.answers["director.timeouts"] = () => theirs;
    server.answers["director.setTimeouts"] = ({ expected }: { expected: { tcpS: number } }) => {
      if (expected.tcpS !== theirs.tcpS) throw new Refused("CONFLICT");
      return { ...theirs, udpS: 60 };
    };
    press(words.timeouts.submit);
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.CONFLICT);
    await waitFor(() => expect(command()).toBe("ipvsadm --set 4321 120 60"));
    press(words.timeouts.submit);
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", words.timeouts.done));
  });

  test("that the kernel refuses say why, and what was typed stays", async () => {
    server.answers["director.setTimeouts"] = () => {
      throw new Refused("TIMEOUT_TOO_LONG");
    };
    open("table");
    await tcp();
    type("TCP, seconds", "2678400");
    press(words.timeouts.submit);
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.TIMEOUT_TOO_LONG);
    expect((await tcp()).getAttribute("value")).toBe("2678400");
  });

  test("are a viewer's to see, and nobody's to set while the table on screen is old", async () => {
    open("table", { role: "viewer" });
    expect(await screen.findByText("15 min")).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button", { name: words.table.zeroAll })).toBeNull();
    cleanup();
    Object.assign(live, { editable: false, kind: "stale" });
    open("table");
    await tcp();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: words.timeouts.submit }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: words.table.clear }).disabled).toBe(true);
  });
});

describe("the whole table", () => {
  test("is cleared once the host's name is typed, says what went, and comes back with one click", async () => {
    open("table");
    await screen.findByText("2 virtual services, 5 real servers");
    press(words.table.clear);
    const asked = await dialog("alertdialog");
    expect(asked.textContent).toContain(
      "2 virtual services and 5 real servers will be gone. 41 active connections break.",
    );
    const clear = within(asked).getByRole<HTMLButtonElement>("button", { name: words.clear.confirm });
    expect(clear.disabled).toBe(true);
    fireEvent.change(await screen.findByLabelText("Type lb1 to confirm"), { target: { value: "LB1" } });
    fireEvent.click(clear);
    const note = await screen.findByRole("region", { name: words.clear.doneTitle });
    expect(note.textContent).toContain("2 virtual services and 5 real servers are gone.");
    expect(within(note).getByRole("link").getAttribute("href")).toBe("/rules?view=revisions&revision=12");
    press(words.clear.back, note);
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", words.clear.isBack));
    expect(document.activeElement?.textContent).toBe("2 virtual services, 5 real servers");
    expect(server.sent("rules.revision")).toEqual([{ id: 12 }]);
    expect(server.sent("rules.write")).toMatchObject([
      { text: "-A -f 1 -s rr\n", mode: "merge", tag: "tag-2", note: "Brought back from revision 12" },
    ]);
  });

  test("stays when the kernel or the disk refuses, and says so where it was asked", async () => {
    server.answers["director.clear"] = () => {
      throw new Refused("STORE_FAILED");
    };
    open("table");
    await screen.findByText("2 virtual services, 5 real servers");
    press(words.table.clear);
    fireEvent.change(await screen.findByLabelText("Type lb1 to confirm"), { target: { value: "lb1" } });
    press(words.clear.confirm, await dialog("alertdialog"));
    expect((await screen.findByRole("alert")).textContent).toBe(messages.error.STORE_FAILED);
  });

  test("has its counters set to zero by an operator, who is offered no more", async () => {
    open("table", { role: "operator" });
    await screen.findByText("2 virtual services, 5 real servers");
    expect(screen.queryByRole("button", { name: words.table.clear })).toBeNull();
    press(words.table.zeroAll);
    const asked = await dialog("alertdialog");
    expect(asked.textContent).toContain("ip_vs_stats_percpu go on counting");
    expect(within(asked).getByTestId("command").textContent).toBe("ipvsadm -Z");
    press(messages.change.zero.confirm, asked);
    await waitFor(() => expect(server.sent("director.zero")).toEqual([{ id: null }]));
  });
});

describe("synchronisation daemons", () => {
  const master: SyncDaemon = {
    role: "master",
    interface: "eth0",
    syncId: 7,
    maxLength: 1472,
    group: "224.0.0.81",
    port: 8848,
    ttl: 1,
  };

  test("are started with every option, each in the command, on an interface that is told about", async () => {
    open("sync");
    await screen.findByRole("region", { name: words.sync.role.backup });
    await waitFor(() => expect(server.sent("director.syncGround").length).toBeGreaterThan(0));
    await waitFor(() => press(words.sync.start.backup));
    const form = await dialog();
    expect(form.textContent).toContain("Up · multicast · MTU 1,500 · 192.0.2.2/24");
    expect(command()).toBe("ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 0");
    fireEvent.input(screen.getByLabelText(words.sync.part.interface), { target: { value: "idle0" } });
    expect(form.textContent).toContain(words.sync.interface.noCarrier);
    const typed = { syncId: "9", maxLength: "1400", group: "ff02::81", port: "8850", ttl: "3" } as const;
    for (const [part, value] of Object.entries(typed)) type(words.sync.part[part as keyof typeof typed], value);
    expect(command()).toBe(
      "ipvsadm --start-daemon backup --mcast-interface idle0 --syncid 9 --sync-maxlen 1400 --mcast-group ff02::81 --mcast-port 8850 --mcast-ttl 3",
    );
    press(words.sync.submit, form);
    await waitFor(() =>
      expect(server.sent("director.startDaemon")).toEqual([
        { role: "backup", interface: "idle0", syncId: 9, maxLength: 1400, group: "ff02::81", port: 8850, ttl: 3 },
      ]),
    );
    await waitFor(() => expect(toast).toHaveBeenCalledWith("success", words.sync.started.backup));
  });

  test("that cannot be started say why, at the field where there is one", async () => {
    server.answers["director.startDaemon"] = () => {
      throw new Refused("NO_SUCH_INTERFACE");
    };
    open("sync");
    await screen.findByRole("region", { name: words.sync.role.master });
    press(words.sync.start.master);
    const form = await dialog();
    type(words.sync.part.group, "10.0.0.1");
    press(words.sync.submit, form);
    expect(await screen.findByText("10.0.0.1 is not a multicast address.")).toBeTruthy();
    type(words.sync.part.group, "");
    press(words.sync.submit, form);
    expect(await screen.findByText(messages.error.NO_SUCH_INTERFACE)).toBeTruthy();
    server.answers["director.startDaemon"] = () => {
      throw new Refused("DAEMON_REFUSED");
    };
    press(words.sync.submit, form);
    expect(await screen.findByText(messages.error.DAEMON_REFUSED)).toBeTruthy();
  });

  test("that run are shown with all they have, and with what to know of them; stopping says what is missed", async () => {
    daemons = [{ ...master, role: "backup", syncId: 0 }];
    open("sync");
    const card = await screen.findByRole("region", { name: words.sync.role.backup });
    for (const text of ["eth0", "1472", "224.0.0.81", "8848"]) expect(within(card).getByText(text)).toBeTruthy();
    const known = await screen.findByRole("list", { name: words.sync.warnings });
    expect(known.textContent).toContain("Only the backup runs here.");
    expect(known.textContent).toContain("has sync id 0");
    expect(known.textContent).toContain("no authentication");
    press(words.sync.stop.backup, card);
    const asked = await dialog("alertdialog");
    expect(command()).toBe("ipvsadm --stop-daemon backup");
    press(words.sync.stopConfirm, asked);
    await waitFor(() => expect(server.sent("director.stopDaemon")).toEqual([{ role: "backup" }]));
  });

  test("are an admin's to start", async () => {
    open("sync", { role: "operator" });
    expect(await screen.findByText(words.sync.needsAdmin)).toBeTruthy();
    expect(screen.queryByRole("button", { name: words.sync.start.master })).toBeNull();
  });
});

describe("sysctls", () => {
  test("say which defence is active now, what is lost at reboot, and the lines that keep it", async () => {
    open("sysctls");
    expect((await screen.findByTestId("sysctl-drop_entry")).textContent).toBe("2 (automatic, active now)");
    expect(screen.getByText(/^Active now, because memory is short: drop_entry\./)).toBeTruthy();
    expect(screen.getByTestId("sysctl-snippet").textContent).toMatch(/^# .*\nnet\.ipv4\.vs\.drop_entry = 1\n$/);
    expect(screen.getByText(words.sysctls.unknown)).toBeTruthy();
    expect(screen.getByText(words.sysctls.readOnly)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Set debug_level" })).toBeNull();
  });

  test("are set with the command beside, within the kernel's limits", async () => {
    open("sysctls");
    await screen.findByTestId("sysctl-sync_threshold");
    press("Set sync_threshold");
    const form = await dialog();
    type(words.sysctls.value, "50 3");
    press(words.sysctls.submit, form);
    expect(await screen.findByText(messages.problem.SYNC_THRESHOLD_INVALID)).toBeTruthy();
    type(words.sysctls.value, "5 20");
    expect(command()).toBe('sysctl -w net.ipv4.vs.sync_threshold="5 20"');
    press(words.sysctls.submit, form);
    await waitFor(() =>
      expect(server.sent("director.setSysctl")).toEqual([{ name: "sync_threshold", value: "5 20", expected: "3 50" }]),
    );
    await waitFor(() => expect(screen.getByTestId("sysctl-sync_threshold").textContent).toBe("5 20"));
  });

  test("that somebody else has set meanwhile say to what, and setting again is then meant", async () => {
    server.answers["director.setSysctl"] = ({ expected }: { expected: string }) => {
      if (expected !== "9 99") throw new Refused("CONFLICT", {}, sysctl("sync_threshold", "9 99"));
      return sysctl("sync_threshold", "5 20");
    };
    open("sysctls");
    await screen.findByTestId("sysctl-sync_threshold");
    press("Set sync_threshold");
    const form = await dialog();
    type(words.sysctls.value, "5 20");
    press(words.sysctls.submit, form);
    expect((await screen.findByRole("alert")).textContent).toContain("it is 9 99 now");
    press(words.sysctls.submit, form);
    await waitFor(() => expect(screen.getByTestId("sysctl-sync_threshold").textContent).toBe("5 20"));
  });

  test("that the kernel refuses after all say so in the dialog", async () => {
    server.answers["director.setSysctl"] = () => {
      throw new Refused("SYSCTL_REFUSED");
    };
    open("sysctls");
    await screen.findByTestId("sysctl-brand_new");
    press("Set brand_new");
    press(words.sysctls.submit, await dialog());
    expect(await screen.findByText(messages.error.SYSCTL_REFUSED)).toBeTruthy();
  });

  test("are an admin's to set", async () => {
    open("sysctls", { role: "operator" });
    await screen.findByTestId("sysctl-drop_entry");
    expect(screen.queryByRole("button", { name: /^Set / })).toBeNull();
    expect(screen.getByText(words.sysctls.needsAdmin)).toBeTruthy();
  });
});

test("modules are listed with where they are, and the helper that nothing loads has its command", async () => {
  open("modules");
  const list = await screen.findByRole("region", { name: words.modules.tableOf.schedulers });
  expect(within(list).getAllByRole("row")[1]?.textContent).toBe("wlc weighted least connectionsip_vs_wlcloaded3");
  expect(screen.getByText(words.modules.stateOf.missing)).toBeTruthy();
  expect(screen.getByText("modprobe ip_vs_ftp")).toBeTruthy();
  expect(screen.getByRole("region", { name: words.modules.applications }).textContent).toContain("ftpTCP211");
});
