import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { useEditBlock, useHostBlock } from "../changes/use-edit-block.ts";
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { ManagersBanner } from "./managers-banner.tsx";
import { ManagersProvider } from "./managers-provider.tsx";

const toast = vi.hoisted(() => vi.fn());
vi.mock("#components/ui/toaster", () => ({ toast }));
vi.mock("../live/use-live.ts", () => ({ useLiveState: () => ({ editable: true, kind: "live" }) }));

const words = messages.managers;
const keepalived = { manager: "keepalived", evidence: "/proc/77/comm", here: true };

function Editable() {
  return (
    <>
      <output>{useEditBlock() ?? "editable"}</output>
      <p>{useHostBlock() ?? "counters and sysctls are nobody's table"}</p>
    </>
  );
}
const page = (
  <ManagersProvider>
    <ManagersBanner />
    <Editable />
  </ManagersProvider>
);

let server: FakeConsole;
beforeEach(() => {
  toast.mockReset();
  server = new FakeConsole({
    "managers.state": () => ({ managers: [keepalived], agreed: false }),
    "managers.editAnyway": () => ({ managers: [keepalived], agreed: true }),
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("edits wait until somebody has said that they are meant, once for the session", async () => {
  show(page);
  expect(
    await screen.findByText(/^keepalived manages this table too: what is changed here may be changed back/),
  ).toBeTruthy();
  expect(screen.getByText(/^keepalived manages this table\. Choose/)).toBeTruthy();
  // Web takes those as well.
  expect(screen.getByText("counters and sysctls are nobody's table")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: words.editAnyway }));
  expect(await screen.findByText("editable")).toBeTruthy();
  expect(server.sent("managers.editAnyway")).toEqual([["keepalived"]]);
  expect(screen.getByText(/In this session you edit it anyway, and revisions say so\.$/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("a viewer is told, and has nothing to say", async () => {
  show(page, { me: { role: "viewer" } });
  expect(await screen.findByText(/^keepalived manages this table too/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("says why it could not be agreed to, and edits go on waiting", async () => {
  server.answers["managers.editAnyway"] = () => {
    throw new Refused("ROLE_TOO_SMALL", { role: "operator" });
  };
  show(page);
  fireEvent.click(await screen.findByRole("button", { name: words.editAnyway }));
  await waitFor(() => expect(toast).toHaveBeenCalledWith("error", words.failed, expect.anything()));
  expect(screen.queryByText("editable")).toBeNull();
});

test("nobody else: nothing is said and nothing waits", async () => {
  server.answers["managers.state"] = () => ({ managers: [], agreed: true });
  show(page);
  await waitFor(() => expect(server.sent("managers.state")).toHaveLength(1));
  expect(screen.getByText("editable")).toBeTruthy();
  expect(screen.queryByText(/this table/)).toBeNull();
});
