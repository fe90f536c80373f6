import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServiceKey } from "#domain/service";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeServer, Page, serverRecord, serviceRecord } from "./changes-harness.tsx";
import { useChanges } from "./changes-provider.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));
vi.mock("../live/use-live.ts", () => ({ useLiveState: () => ({ kind: "live", editable: true }) }));

const web: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const one = serverRecord(web, { address: "10.0.0.1", weight: 5 });
const two = serverRecord(web, { address: "10.0.0.2", weight: 7 });
const service = serviceRecord(web, [one, two]);

interface Said {
  kind: string;
  text: string;
  action?: { label: string; onClick: () => void };
  otherAction?: { label: string; onClick: () => void };
  description?: string;
}
const said = (): Said[] =>
  toast.mock.calls.map(([kind, text, options]) => ({ kind, text, ...(options as Omit<Said, "kind" | "text">) }));

let fake: FakeServer;
beforeEach(() => {
  toast.mockReset();
  fake = new FakeServer();
  fake.table = [service];
  fake.install();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Actions() {
  const changes = useChanges();
  return (
    <>
      <button type="button" onClick={() => changes.remove([service.id])}>
        remove
      </button>
      <button type="button" onClick={() => changes.setWeight([one.id])}>
        weight
      </button>
      <button type="button" onClick={() => changes.addService()}>
        add
      </button>
    </>
  );
}
const open = (name: string) => {
  render(
    <Page>
      <Actions />
    </Page>,
  );
  fireEvent.click(screen.getByText(name));
};
const box = (role: string) => screen.findByRole(role, {}, { timeout: 4000 });

async function removeService() {
  open("remove");
  fireEvent.click(within(await box("alertdialog")).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(said()).toHaveLength(1));
}

describe("undo", () => {
  it("brings a removed service back with its servers", async () => {
    await removeService();
    expect(said()[0]?.action?.label).toBe("Undo");
    said()[0]?.action?.onClick();
    await waitFor(() => expect(said().at(-1)?.text).toBe(messages.change.undone));
    expect(fake.sent[1]).toEqual([
      { verb: "add-service", service: web, spec: service.spec },
      { verb: "add-server", service: web, server: one.spec },
      { verb: "add-server", service: web, server: two.spec },
    ]);
  });

  it("says why, and offers nothing more, when somebody moved the row meanwhile", async () => {
    await removeService();
    fake.refusals.push({ code: "SERVICE_EXISTS", params: {}, changeIndex: 0 });
    said()[0]?.action?.onClick();
    await waitFor(() => expect(said()).toHaveLength(2));
    expect(said()[1]).toMatchObject({
      kind: "error",
      text: messages.change.notUndone,
      description: messages.error.SERVICE_EXISTS,
    });
    expect(said()[1]?.action).toBeUndefined();
  });

  it("sets a weight back on top of what the director says that it left", async () => {
    open("weight");
    const dialog = await box("dialog");
    fireEvent.change(within(dialog).getByLabelText("Weight"), { target: { value: "9" } });
    fake.table = [serviceRecord(web, [serverRecord(web, { address: "10.0.0.1", weight: 9 }), two])];
    fireEvent.click(within(dialog).getByRole("button", { name: "Set 1 weight" }));
    await waitFor(() => expect(said()).toHaveLength(1));
    said()[0]?.action?.onClick();
    await waitFor(() => expect(fake.sent).toHaveLength(2));
    expect(fake.sent[1]).toEqual([
      expect.objectContaining({ verb: "set-weight", weight: 5, expected: { ...one.spec, weight: 9 } }),
    ]);
  });

  it("leaves a new service alone that has servers by now", async () => {
    const added = serviceRecord({ ...web, port: 81 }, []);
    fake.answerWith(added);
    open("add");
    const dialog = await box("dialog");
    fireEvent.change(within(dialog).getByLabelText("Address"), { target: { value: "192.0.2.10" } });
    fireEvent.change(within(dialog).getByLabelText("Port"), { target: { value: "81" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Add service" }));
    await waitFor(() => expect(said()).toHaveLength(1));
    expect(said()[0]?.action?.label).toBe(messages.change.addServerNow);
    const undo = said()[0]?.otherAction;
    fake.table = [serviceRecord({ ...web, port: 81 }, [serverRecord({ ...web, port: 81 }, { address: "10.0.0.9" })])];
    undo?.onClick();
    await waitFor(() => expect(said().at(-1)?.description).toBe(messages.change.notUndoneServers));
    expect(fake.sent).toHaveLength(1);
    fake.table = [added];
    undo?.onClick();
    await waitFor(() => expect(fake.sent).toHaveLength(2));
    expect(fake.sent[1]).toEqual([{ verb: "remove-service", service: added.key, expected: added.spec }]);
  });
});
