import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServiceKey } from "#domain/service";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeServer, Page, serverRecord } from "../changes/changes-harness.tsx";
import type { LiveStateNow } from "../live/use-live.ts";
import { ServerForm } from "./server-form.tsx";
import { ServiceForm } from "./service-form.tsx";

const live = vi.hoisted(() => ({ state: { kind: "live", editable: true } as LiveStateNow }));
vi.mock("../live/use-live.ts", () => ({ useLiveState: () => live.state }));

const key: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const server = serverRecord(key, { address: "10.0.0.1", weight: 5 });

let fake: FakeServer;
const onDone = vi.fn();
beforeEach(() => {
  fake = new FakeServer();
  fake.install();
  live.state = { kind: "live", editable: true };
  onDone.mockReset();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const type = (label: string, text: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
/** Long enough for what was begun to reach the server. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
const command = () => screen.getByTestId("command").textContent;
/** What screen readers say about a field beside its label. */
const saidOf = (label: string) => {
  const field = screen.getByLabelText(label);
  return document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent ?? "";
};

function addService() {
  render(
    <Page>
      <ServiceForm service={null} onClose={() => {}} onDone={onDone} />
    </Page>,
  );
}

function editServer() {
  render(
    <Page>
      <ServerForm service={key} server={server.spec} onClose={() => {}} onDone={onDone} />
    </Page>,
  );
}

describe("the form for a virtual service", () => {
  it("shows the command as it is typed, and sends the record", async () => {
    addService();
    expect(command()).toBe("ipvsadm -A -t …:… -s wlc");
    type("Address", " 192.0.2.10 ");
    type("Port", "80");
    type("Scheduler", "sh");
    fireEvent.click(screen.getByLabelText("sh-port"));
    fireEvent.click(screen.getByLabelText("Persistent connections"));
    type("Client netmask", "24");
    expect(command()).toBe("ipvsadm -A -t 192.0.2.10:80 -s sh -p 360 -M 255.255.255.0 -b sh-port");
    press("Add service");
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(fake.sent).toEqual([
      [
        {
          verb: "add-service",
          service: key,
          spec: {
            scheduler: "sh",
            schedulerFlags: ["flag-2"],
            persistence: { timeoutS: 360, netmask: "255.255.255.0" },
            onePacket: false,
            engine: null,
          },
        },
      ],
    ]);
  });

  it("says what is wrong at its field, and sends nothing", async () => {
    addService();
    press("Add service");
    await waitFor(() => expect(saidOf("Address")).toBe(messages.problem.REQUIRED));
    expect(saidOf("Port")).toBe(messages.problem.REQUIRED);
    expect(screen.getByLabelText("Port").getAttribute("aria-invalid")).toBe("true");
    await settled();
    expect(fake.sent).toEqual([]);
  });

  it("says what lies between fields together with what is wrong with one", async () => {
    addService();
    type("Port", "0");
    press("Add service");
    await waitFor(() => expect(saidOf("Address")).toBe(messages.problem.REQUIRED));
    expect(saidOf("Port")).toBe(messages.problem.PORT_ZERO_NEEDS_PERSISTENCE);
    await settled();
    expect(fake.sent).toEqual([]);
  });

  it("looks again at a problem between two fields when the other one changes", async () => {
    addService();
    type("Address", "192.0.2.10");
    type("Port", "0");
    press("Add service");
    await waitFor(() => expect(saidOf("Port")).toBe(messages.problem.PORT_ZERO_NEEDS_PERSISTENCE));
    fireEvent.click(screen.getByLabelText("Persistent connections"));
    await waitFor(() => expect(saidOf("Port")).toBe(messages.form.help.servicePort));
  });

  it("shows a kernel's refusal at its field until that field changes, and keeps what was typed", async () => {
    addService();
    type("Address", "192.0.2.10");
    type("Port", "80");
    type("Scheduler", "twos");
    fake.refusals.push({ code: "NO_SUCH_SCHEDULER_OR_ENGINE", params: {}, field: "scheduler", changeIndex: 0 });
    press("Add service");
    await waitFor(() => expect(saidOf("Scheduler")).toBe(messages.error.NO_SUCH_SCHEDULER_OR_ENGINE));
    expect(onDone).not.toHaveBeenCalled();
    type("Port", "81");
    expect(saidOf("Scheduler")).toBe(messages.error.NO_SUCH_SCHEDULER_OR_ENGINE);
    type("Scheduler", "rr");
    await waitFor(() => expect(saidOf("Scheduler")).toBe(messages.form.schedulerHelp.rr));
    expect((screen.getByLabelText("Address") as HTMLInputElement).value).toBe("192.0.2.10");
  });

  it("shows what exists already at the address, and a director's problems at their fields", async () => {
    addService();
    type("Address", "192.0.2.10");
    type("Port", "80");
    fake.refusals.push(
      { code: "SERVICE_EXISTS", params: {}, changeIndex: 0 },
      {
        code: "INVALID",
        params: {},
        problems: [{ code: "VIP_MULTICAST", params: { text: "x" }, path: [0, "service", "address"] }],
      },
    );
    press("Add service");
    await waitFor(() => expect(saidOf("Address")).toBe(messages.error.SERVICE_EXISTS));
    press("Add service");
    await waitFor(() => expect(saidOf("Address")).toContain("x is a multicast address"));
  });

  it("says at persistence that a service for every port cannot be without", async () => {
    const spec = {
      scheduler: "wlc",
      schedulerFlags: [],
      persistence: { timeoutS: 360, netmask: "255.255.255.255" },
      onePacket: false,
      engine: null,
    };
    render(
      <Page>
        <ServiceForm service={{ key: { ...key, port: 0 }, spec }} onClose={() => {}} onDone={onDone} />
      </Page>,
    );
    fireEvent.click(screen.getByLabelText("Persistent connections"));
    press("Save");
    await waitFor(() => expect(saidOf("Persistent connections")).toBe(messages.problem.PORT_ZERO_NEEDS_PERSISTENCE));
    await settled();
    expect(fake.sent).toEqual([]);
  });
});

describe("the form for a real server", () => {
  it("refuses an emptied weight: it is no 0", async () => {
    editServer();
    type("Weight", "");
    press("Save");
    await waitFor(() => expect(saidOf("Weight")).toBe(messages.problem.REQUIRED));
    expect(command()).toContain("-w …");
    await settled();
    expect(fake.sent).toEqual([]);
  });

  it("says that the thresholds are crossed though the weight is empty", async () => {
    editServer();
    type("Weight", "");
    type("Upper threshold", "5");
    type("Lower threshold", "6");
    press("Save");
    await waitFor(() => expect(saidOf("Weight")).toBe(messages.problem.REQUIRED));
    expect(saidOf("Lower threshold")).toContain("is above the upper one");
    type("Upper threshold", "7");
    await waitFor(() => expect(saidOf("Lower threshold")).toBe(messages.form.help.lowerThreshold));
    expect(saidOf("Weight")).toBe(messages.problem.REQUIRED);
  });

  it("edits what was seen, as a whole", async () => {
    editServer();
    type("Weight", "3");
    press("Save");
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(fake.sent).toEqual([
      [{ verb: "edit-server", service: key, server: { ...server.spec, weight: 3 }, expected: server.spec }],
    ]);
  });

  it("makes a weight of 0 a drain, which remembers, behind whatever else was edited", async () => {
    editServer();
    type("Weight", "0");
    press("Save");
    await waitFor(() => expect(fake.sent).toHaveLength(1));
    const drain = { verb: "drain-server", service: key, server: { address: "10.0.0.1", port: 80 } };
    expect(fake.sent[0]).toEqual([{ ...drain, expected: server.spec }]);
    type("Upper threshold", "9");
    expect(command()).toBe("ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 0 -x 9");
    press("Save");
    await waitFor(() => expect(fake.sent).toHaveLength(2));
    expect(fake.sent[1]).toEqual([
      { verb: "edit-server", service: key, server: { ...server.spec, upperThreshold: 9 }, expected: server.spec },
      drain,
    ]);
  });

  it("takes the service's port for methods that keep it", async () => {
    render(
      <Page>
        <ServerForm service={key} server={null} onClose={() => {}} onDone={onDone} />
      </Page>,
    );
    type("Address", "10.0.0.7");
    type("Port", "8080");
    fireEvent.click(screen.getByLabelText("Direct routing"));
    await waitFor(() => expect(command()).toBe("ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.7:80 -g -w 1"));
    expect((screen.getByLabelText("Port") as HTMLInputElement).readOnly).toBe(true);
  });

  it("shows theirs and yours in a conflict, and puts yours on top of theirs without losing either", async () => {
    editServer();
    type("Weight", "3");
    type("Upper threshold", "100");
    const theirs = { ...server.spec, weight: 7, forward: "direct" as const };
    fake.refusals.push({ code: "CONFLICT", params: {}, current: { ...server, spec: theirs }, changeIndex: 0 });
    press("Save");
    const conflict = await screen.findByRole("alert", { name: messages.change.conflictTitle });
    const rows = within(conflict)
      .getAllByRole("row")
      .map((row) =>
        within(row)
          .queryAllByRole("cell")
          .map((cell) => cell.textContent),
      );
    expect(rows).toContainEqual(["Weight", "5", "7", "3"]);
    expect(rows).toContainEqual(["Forwarding method", "NAT", "Direct routing", "NAT"]);
    expect(rows).toContainEqual(["Upper threshold", "0", "0", "100"]);
    expect((screen.getByRole("button", { name: "Save" }) as HTMLButtonElement).disabled).toBe(true);

    press(messages.change.keepMine);
    expect(command()).toBe("ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.1:80 -g -w 3 -x 100");
    press("Save");
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(fake.sent[1]).toEqual([
      { verb: "edit-server", service: key, server: { ...theirs, weight: 3, upperThreshold: 100 }, expected: theirs },
    ]);
  });

  it("keeps what was typed when the server is gone, and can add it again", async () => {
    editServer();
    type("Weight", "3");
    fake.refusals.push({ code: "CONFLICT", params: {}, current: null, changeIndex: 0 });
    press("Save");
    await screen.findByText(messages.change.gone);
    expect(command()).toBe("ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 3");
    press(messages.form.addAgain);
    await waitFor(() => expect(onDone).toHaveBeenCalledWith(expect.anything(), true, expect.anything()));
    expect(fake.sent[1]).toEqual([{ verb: "add-server", service: key, server: { ...server.spec, weight: 3 } }]);
  });

  it("is blocked, with the reason and with what was typed, while the table on screen is old", async () => {
    live.state = { kind: "stale", lost: "director", code: "UNREACHABLE", params: {}, retryAt: null, editable: false };
    editServer();
    type("Weight", "3");
    expect(screen.getByText(messages.change.blockedStale)).toBeTruthy();
    expect((screen.getByRole("button", { name: "Save" }) as HTMLButtonElement).disabled).toBe(true);
    expect((screen.getByLabelText("Weight") as HTMLInputElement).value).toBe("3");
  });

  it("does not take a lost answer for a refusal", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    editServer();
    type("Weight", "3");
    press("Save");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe(`${messages.error.UNREACHABLE} (Failed to fetch) ${messages.change.maybeDone}`);
  });
});
