import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServiceKey } from "#domain/service";
import messages from "../../messages/en.json" with { type: "json" };
import type { LiveStateNow } from "../live/use-live.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { FakeServer, Page, serverRecord, serviceRecord } from "./changes-harness.tsx";
import { useChanges } from "./changes-provider.tsx";
import { WeightCell } from "./weight-cell.tsx";

const live = vi.hoisted(() => ({ state: { kind: "live", editable: true } as LiveStateNow }));
vi.mock("../live/use-live.ts", () => ({ useLiveState: () => live.state }));

const web: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const busy = serverRecord(web, { address: "10.0.0.1", weight: 5 }, { active: 12 });
const drained = serverRecord(web, { address: "10.0.0.2", weight: 0 }, { active: 3, drainedWeight: 8 });
const idle = serverRecord(web, { address: "10.0.0.3", weight: 1 });
const service = serviceRecord(web, [busy, drained, idle], {
  persistence: { timeoutS: 360, netmask: "255.255.255.255" },
});

let fake: FakeServer;
beforeEach(() => {
  fake = new FakeServer();
  fake.table = [service];
  fake.install();
  live.state = { kind: "live", editable: true };
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Actions({ ids }: { ids: string[] }) {
  const changes = useChanges();
  return (
    <>
      <button type="button" onClick={() => changes.remove(ids)}>
        open remove
      </button>
      <BulkBar ids={ids} onClear={() => {}} />
    </>
  );
}

const open = (ids: string[]) =>
  render(
    <Page>
      <Actions ids={ids} />
    </Page>,
  );
const press = (name: string, within_ = screen.getByRole("toolbar")) =>
  fireEvent.click(within(within_).getByRole("button", { name }));
const dialog = (role = "dialog") => screen.findByRole(role, {}, { timeout: 4000 });
/** Long enough for what was begun to reach the server. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
const cells = (scope: HTMLElement) =>
  within(scope)
    .getAllByRole("row")
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    );

describe("removing", () => {
  it("says what is lost and wants the name of what has connections typed", async () => {
    open([service.id]);
    fireEvent.click(screen.getByText("open remove"));
    const box = await dialog("alertdialog");
    expect(
      within(box).getByText("1 virtual service and 3 real servers will be gone. 15 active connections break."),
    ).toBeTruthy();
    const remove = within(box).getByRole("button", { name: "Remove" }) as HTMLButtonElement;
    expect(remove.disabled).toBe(true);
    fireEvent.change(within(box).getByRole("textbox"), { target: { value: "tcp 192.0.2.10:80" } });
    expect(remove.disabled).toBe(false);
    fireEvent.click(remove);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(fake.sent).toEqual([[{ verb: "remove-service", service: web, expected: service.spec }]]);
  });

  it("asks no name for what has no connections, and stays open with the reason when it is refused", async () => {
    open([idle.id]);
    fake.refusals.push({ code: "CONFLICT", params: {}, current: null, changeIndex: 0 });
    fireEvent.click(screen.getByText("open remove"));
    const box = await dialog("alertdialog");
    expect(within(box).queryByRole("textbox")).toBeNull();
    fireEvent.click(within(box).getByRole("button", { name: "Remove" }));
    await within(box).findByText(`${messages.error.CONFLICT} ${messages.change.planReadAgain}`);
    fireEvent.click(within(box).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(fake.sent).toHaveLength(2);
  });

  it("leads to draining instead", async () => {
    open([busy.id]);
    fireEvent.click(screen.getByText("open remove"));
    fireEvent.click(within(await dialog("alertdialog")).getByRole("button", { name: messages.change.drainInstead }));
    expect(within(await dialog()).getByText("Drain 10.0.0.1:80")).toBeTruthy();
  });
});

describe("a plan for many", () => {
  it("drains those that take connections, in one batch, and warns of persistence", async () => {
    open([service.id]);
    press("Drain");
    const box = await dialog();
    expect(within(box).getByText(messages.change.persistentStillCome)).toBeTruthy();
    expect(cells(box).map(([name, weight]) => [name, weight])).toEqual([
      ["10.0.0.1:80TCP 192.0.2.10:80", "50"],
      ["10.0.0.3:80TCP 192.0.2.10:80", "10"],
      ["10.0.0.2:80TCP 192.0.2.10:80", "0is at 0 already"],
    ]);
    press("Drain 2 servers", box);
    await waitFor(() => expect(fake.sent).toHaveLength(1));
    expect(fake.sent[0]).toEqual([
      { verb: "drain-server", service: web, server: { address: "10.0.0.1", port: 80 }, expected: busy.spec },
      { verb: "drain-server", service: web, server: { address: "10.0.0.3", port: 80 }, expected: idle.spec },
    ]);
  });

  it("restores the weights that were kept, and leaves the others", async () => {
    open([service.id]);
    press("Restore weight");
    const box = await dialog();
    expect(within(box).getByTestId("command").textContent).toBe("ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 8");
    press("Restore 1 server", box);
    await waitFor(() => expect(fake.sent[0]).toHaveLength(1));
  });

  it("sets one weight, but not an empty one", async () => {
    open([busy.id, idle.id, "tcp:192.0.2.10:80>10.9.9.9:80"]);
    press("Set weight");
    const box = await dialog();
    expect(within(box).getByText("1 of the rows is not in the table any more.")).toBeTruthy();
    press("Set weight", box);
    await within(box).findByText(messages.problem.REQUIRED);
    await settled();
    expect(fake.sent).toEqual([]);
    fireEvent.change(within(box).getByLabelText("Weight"), { target: { value: "1" } });
    press("Set 1 weight", box);
    await waitFor(() => expect(fake.sent).toHaveLength(1));
    expect(fake.sent[0]).toEqual([
      { verb: "set-weight", service: web, server: { address: "10.0.0.1", port: 80 }, weight: 1, expected: busy.spec },
    ]);
  });

  it("is not begun while the table on screen is old", () => {
    live.state = { kind: "connecting", editable: false };
    open([service.id]);
    press("Drain");
    expect(screen.getByRole("button", { name: "Drain" }).getAttribute("aria-disabled")).toBe("true");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

function Row() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setShown(!shown)}>
        scroll
      </button>
      {shown && <WeightCell id={busy.id} spec={busy.spec} drainedWeight={null} />}
    </>
  );
}

describe("a weight in place", () => {
  it("is text for who may not edit, with the weight before the drain told", () => {
    render(
      <Page shownTo="viewer">
        <WeightCell id={busy.id} spec={{ ...busy.spec, weight: 0 }} drainedWeight={5} />
      </Page>,
    );
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByTitle("0 (was 5 before it was drained)").textContent).toBe("0");
  });

  async function edit(text: string): Promise<HTMLInputElement> {
    render(
      <Page>
        <Row />
      </Page>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Weight of 10.0.0.1:80: 5. Edit" }));
    const field = await screen.findByRole<HTMLInputElement>("textbox", {}, { timeout: 4000 });
    fireEvent.change(field, { target: { value: text } });
    return field;
  }

  it("is written by Enter with what was seen, and not by the Enter that ends an IME composition", async () => {
    const field = await edit("9");
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
    await settled();
    expect(fake.sent).toEqual([]);
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    await settled();
    expect(fake.sent).toEqual([]);
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
    expect(fake.sent).toEqual([
      [{ verb: "set-weight", service: web, server: { address: "10.0.0.1", port: 80 }, weight: 9, expected: busy.spec }],
    ]);
  });

  it("is refused when empty", async () => {
    const field = await edit(" ");
    fireEvent.keyDown(field, { key: "Enter" });
    await screen.findByText(messages.problem.REQUIRED);
    await settled();
    expect(fake.sent).toEqual([]);
  });

  it("keeps what was typed while its row is scrolled away", async () => {
    await edit("77");
    fireEvent.click(screen.getByText("scroll"));
    expect(screen.queryByRole("textbox")).toBeNull();
    fireEvent.click(screen.getByText("scroll"));
    expect((await screen.findByRole<HTMLInputElement>("textbox")).value).toBe("77");
    fireEvent.keyDown(screen.getByRole("textbox"), { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
    expect(fake.sent).toEqual([]);
  });

  it("shows a weight that someone else set, and writes over it only when told to", async () => {
    const field = await edit("9");
    const theirs = { ...busy.spec, weight: 2 };
    fake.refusals.push({ code: "CONFLICT", params: {}, current: { ...busy, spec: theirs }, changeIndex: 0 });
    fireEvent.keyDown(field, { key: "Enter" });
    await screen.findByText("Someone set the weight to 2; you saw 5.");
    fireEvent.click(screen.getByRole("button", { name: "Set 9" }));
    await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
    expect(fake.sent[1]).toEqual([expect.objectContaining({ weight: 9, expected: theirs })]);
  });

  it("goes through when someone changed something else about the server", async () => {
    const field = await edit("9");
    const theirs = { ...busy.spec, upperThreshold: 50 };
    fake.refusals.push({ code: "CONFLICT", params: {}, current: { ...busy, spec: theirs }, changeIndex: 0 });
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
    expect(fake.sent[1]).toEqual([expect.objectContaining({ verb: "set-weight", weight: 9, expected: theirs })]);
  });
});
