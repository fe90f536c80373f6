import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ObservedServerSpec } from "#domain/real-server";
import type { ServiceKey } from "#domain/service";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeServer, Page, serverRecord } from "../changes/changes-harness.tsx";
import { ServerForm } from "./server-form.tsx";

vi.mock("../live/use-live.ts", () => ({ useLiveState: () => ({ kind: "live", editable: true }) }));

const key: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const words = messages.form;

let fake: FakeServer;
const onDone = vi.fn();
beforeEach(() => {
  fake = new FakeServer();
  fake.install();
  onDone.mockReset();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(server: ObservedServerSpec | null, service = key) {
  render(
    <Page>
      <ServerForm service={service} server={server} onClose={() => {}} onDone={onDone} />
    </Page>,
  );
}
const offered = () => screen.getAllByRole("radio").map((radio) => (radio as HTMLInputElement).value);
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (label: string, text: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });

it("offers the three that every kernel has", async () => {
  show(null);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(offered()).toEqual(["nat", "tunnel", "direct"]);
});

it("offers full NAT where the kernel has it, to any port, with ipvsctl's command", async () => {
  fake.fullnat = true;
  show(null);
  fireEvent.click(await screen.findByLabelText(words.forward.fullnat));
  expect(await screen.findByText(words.forwardHelp.fullnat)).toBeTruthy();
  type("Address", "10.0.0.7");
  type("Port", "8080");
  await waitFor(() =>
    expect(screen.getByTestId("command").textContent).toMatch(/^ipvsctl server add .*--forward fnat/),
  );
  press(words.addServerSubmit);
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(fake.sent[0]).toMatchObject([
    { verb: "add-server", server: { forward: "fullnat", port: 8080, tunnel: null } },
  ]);
});

it("shows no command for full NAT behind a mark, which no tool has one for", async () => {
  fake.fullnat = true;
  show(null, { kind: "fwmark", family: 4, mark: 7 });
  fireEvent.click(await screen.findByLabelText(words.forward.fullnat));
  await waitFor(() => expect(screen.queryByTestId("command")).toBeNull());
});

it("says at the method that the kernel has no full NAT after all", async () => {
  fake.fullnat = true;
  fake.refusals.push({ code: "NOT_SUPPORTED", params: {}, changeIndex: 0, field: "forward" });
  show(null);
  fireEvent.click(await screen.findByLabelText(words.forward.fullnat));
  type("Address", "10.0.0.7");
  press(words.addServerSubmit);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe(messages.error.NOT_SUPPORTED);
  expect(alert.closest("fieldset")?.querySelector("legend")?.textContent).toBe(words.field.forward);
});

it.each(["local", "bypass", "fullnat", "forward-6", "mask"] as const)(
  "explains %s, which another program set, never sets it, and offers the way out",
  async (forward) => {
    const { spec } = serverRecord(key, { address: "10.0.0.1", forward });
    show(spec);
    expect(offered()).toContain(forward);
    expect(screen.getByText(`${words.foreignForward[forward]} ${words.help.foreignForward}`)).toBeTruthy();
    if (forward !== "fullnat") {
      type("Weight", "3");
      press(words.save);
      expect((await screen.findByRole("alert")).textContent).toContain(forward);
      expect(fake.sent).toEqual([]);
    }
    fireEvent.click(screen.getByLabelText(words.forward.nat));
    // What was there stays in sight until the form is saved.
    expect(offered()).toContain(forward);
    press(words.save);
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(fake.sent[0]).toMatchObject([{ verb: "edit-server", server: { forward: "nat" }, expected: spec }]);
  },
);
