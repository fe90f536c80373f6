import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceKey } from "#domain/service";
import messages from "../../messages/en.json" with { type: "json" };
import { serverRecord, serviceRecord } from "../changes/changes-harness.tsx";
import type { LiveStateNow } from "../live/use-live.ts";
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { LocalAddresses } from "./local-addresses.tsx";

const live = vi.hoisted(() => ({ state: { kind: "live", editable: true } as LiveStateNow }));
vi.mock("../live/use-live.ts", () => ({ useLiveState: () => live.state }));

const words = messages.localAddresses;
const key: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const id = "tcp:192.0.2.10:80";
const two: LocalAddress[] = [
  { address: "192.0.2.21", portConflicts: "1099511627777", connections: 1200 },
  { address: "192.0.2.22", portConflicts: "0", connections: 3 },
];

let there: LocalAddress[];
let refused: Refused | null;
let console_: FakeConsole;
const added = (address: string) => ({ address, portConflicts: "0", connections: 0 });
beforeEach(() => {
  there = [...two];
  refused = null;
  live.state = { kind: "live", editable: true };
  const changed = (change: () => void) => {
    if (refused) throw refused;
    change();
    return there;
  };
  console_ = new FakeConsole({
    "localAddresses.list": () => there,
    "localAddresses.add": ({ addresses }: { addresses: string[] }) =>
      changed(() => {
        there = [...there, ...addresses.map(added)];
      }),
    "localAddresses.remove": ({ addresses }: { addresses: string[] }) =>
      changed(() => {
        there = there.filter(({ address }) => !addresses.includes(address));
      }),
    "localAddresses.flush": () =>
      changed(() => {
        there = [];
      }),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const panel = (forward: "nat" | "fullnat" = "nat", role: "operator" | "viewer" = "operator") =>
  show(<LocalAddresses record={serviceRecord(key, [serverRecord(key, { address: "10.0.0.1", forward })])} />, {
    me: { role },
  });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (text: string) => fireEvent.change(screen.getByLabelText(words.addLabel), { target: { value: text } });
const listed = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent);

test("a kernel without them is said to be one, is asked once, and there is nothing to press", async () => {
  console_.answers["localAddresses.list"] = () => {
    throw new Refused("NOT_SUPPORTED");
  };
  panel("fullnat");
  expect(await screen.findByText(words.notSupported)).toBeTruthy();
  fireEvent.focus(window);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(console_.sent("localAddresses.list")).toEqual([{ id }]);
});

test("addresses are shown with what they carry, counts beyond 32 bits to the last digit", async () => {
  panel();
  await screen.findByText("192.0.2.21");
  expect(listed()).toEqual(["192.0.2.21", "192.0.2.22"]);
  const [, first] = screen.getAllByRole("row");
  const [connections, conflicts] = within(first as HTMLElement).getAllByRole("cell");
  expect(connections?.title).toBe("1,200 connections");
  expect(conflicts?.textContent).toBe("1,099,511,627,777");
});

test("several are added at once, with ipvsctl's command", async () => {
  panel();
  await screen.findByText("192.0.2.21");
  type(" 192.0.2.23, 192.0.2.24 ");
  expect(screen.getByTestId("command").textContent).toBe(
    "ipvsctl address add --vip 192.0.2.10 --vport 80 --protocol TCP --lip 192.0.2.23,192.0.2.24",
  );
  press("Add 2 addresses");
  await screen.findByText("192.0.2.24");
  expect(console_.sent("localAddresses.add")).toEqual([{ id, addresses: ["192.0.2.23", "192.0.2.24"] }]);
  expect((screen.getByLabelText(words.addLabel) as HTMLInputElement).value).toBe("");
});

test("what is refused stands at the field, with what was typed, until something else is", async () => {
  panel();
  await screen.findByText("192.0.2.21");
  press("Add address");
  expect(screen.getByRole("alert").textContent).toBe(words.nothingTyped);
  refused = new Refused("LOCAL_ADDRESS_EXISTS", { address: "192.0.2.21" });
  type("192.0.2.21");
  expect(screen.queryByRole("alert")).toBeNull();
  press("Add address");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe(`192.0.2.21: ${messages.error.LOCAL_ADDRESS_EXISTS}`);
  const field = screen.getByLabelText(words.addLabel) as HTMLInputElement;
  expect(field.value).toBe("192.0.2.21");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  refused.shape.code = "INVALID";
  refused.shape.params = {};
  refused.shape.problems = [
    { code: "LOCAL_ADDRESS_OTHER_FAMILY", params: { text: "2001:db8::1", family: 4 }, path: ["addresses", 0] },
  ];
  type("2001:db8::1");
  press("Add address");
  expect((await screen.findByRole("alert")).textContent).toMatch(/^2001:db8::1 is of the other address family\./);
});

test("one is removed after a question that names its connections", async () => {
  panel();
  await screen.findByText("192.0.2.21");
  press("Remove 192.0.2.22");
  const dialog = await screen.findByRole("alertdialog");
  expect(dialog.textContent).toContain("There are 3 connections now.");
  expect(dialog.textContent).not.toContain(words.lastHelp);
  expect(within(dialog).getByTestId("command").textContent).toContain("address del --vip 192.0.2.10");
  refused = new Refused("NO_SUCH_LOCAL_ADDRESS", { address: "192.0.2.22" });
  fireEvent.click(within(dialog).getByRole("button", { name: words.remove }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain(messages.error.NO_SUCH_LOCAL_ADDRESS);
  refused = null;
  fireEvent.click(within(dialog).getByRole("button", { name: words.remove }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(listed()).toEqual(["192.0.2.21"]);
});

test("all go in one flush, and what that means for real servers with full NAT is said before and after", async () => {
  panel("fullnat");
  await screen.findByText("192.0.2.21");
  press(words.removeAll);
  const dialog = await screen.findByRole("alertdialog");
  expect(dialog.textContent).toContain(words.lastHelp);
  expect(dialog.textContent).toContain("1,203 connections");
  fireEvent.click(within(dialog).getByRole("button", { name: words.removeAll }));
  expect(await screen.findByText(words.unused)).toBeTruthy();
  expect(console_.sent("localAddresses.flush")).toEqual([{ id }]);
});

test("a viewer sees them and can change nothing", async () => {
  panel("nat", "viewer");
  await screen.findByText("192.0.2.21");
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.queryByRole("textbox")).toBeNull();
});

test("nothing is changed while what is on screen is old", async () => {
  panel();
  await screen.findByText("192.0.2.21");
  live.state = { kind: "stale", lost: "director", code: "UNREACHABLE", params: {}, retryAt: null, editable: false };
  type("192.0.2.23");
  expect((await screen.findByRole("status")).textContent).toBe(messages.change.blockedStale);
  press("Add address");
  press("Remove 192.0.2.22");
  const dialog = await screen.findByRole("alertdialog");
  const confirm = within(dialog).getByRole("button", { name: words.remove }) as HTMLButtonElement;
  expect(confirm.disabled).toBe(true);
  expect(console_.calls.map(([name]) => name)).toEqual(["localAddresses.list"]);
});
