import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkIds, type DoctorReport, type Finding, verdicts } from "#domain/doctor";
import messages from "../../messages/en.json" with { type: "json" };
import { FakeConsole, Refused, show } from "../people/console-harness.tsx";
import { DoctorPanel } from "./doctor-panel.tsx";

const words = messages.doctor;
const finding = (parts: Partial<Finding> & Pick<Finding, "check" | "verdict" | "code">): Finding => ({
  ...{ params: {}, reads: ["/proc/x"], commands: [], link: null },
  ...parts,
});
const notLocal = finding({
  ...{ check: "vip-local", verdict: "error", code: "VIP_NOT_LOCAL", link: "/services" },
  params: { count: 2, names: "192.0.2.9, 192.0.2.8", more: 0 },
  commands: ["ip addr add 192.0.2.9/32 dev eth0", "ip addr add 192.0.2.8/32 dev eth0"],
});
const marks = finding({
  ...{ check: "fwmark-rules", verdict: "unknown", code: "MARKS_NOT_LOOKED_UP" },
  params: { count: 1, names: "fwmark 7", more: 0 },
  commands: ["nft list ruleset | grep -n 'mark set'"],
});
const denied = finding({
  ...{ check: "network-namespace", verdict: "unknown", code: "NOT_READABLE" },
  params: { path: "/proc/1/ns/net", detail: "EACCES" },
});
const fine = finding({ check: "statistics", verdict: "ok", code: "STATISTICS_RUN" });

let report: DoctorReport;
let server: FakeConsole;
beforeEach(() => {
  report = { atMs: Date.UTC(2026, 10, 1, 12), findings: [notLocal, marks, denied, fine] };
  server = new FakeConsole({ "doctor.report": () => report });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("a finding has its sentence, why it matters, its commands in one piece, and the way to where it is mended", async () => {
  show(<DoctorPanel />);
  const item = await screen.findByTestId("finding-vip-local");
  expect(item.textContent).toContain("2 service addresses are on no interface of this host: 192.0.2.9, 192.0.2.8.");
  expect(item.textContent).toContain(words.check["vip-local"].why);
  expect(within(item).getByText(words.verdict.error)).toBeTruthy();
  expect(within(item).getByTestId("mend").textContent).toBe(notLocal.commands.join("\n"));
  expect(within(item).getByRole("link", { name: words.open.services }).getAttribute("href")).toBe("/services");
});

test("the commands are copied as they are", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
  show(<DoctorPanel />);
  const item = await screen.findByTestId("finding-vip-local");
  fireEvent.click(within(item).getByRole("button", { name: messages.ui.copy }));
  await waitFor(() => expect(writeText).toHaveBeenCalledWith(notLocal.commands.join("\n")));
});

test("what is not known says why; a command that only looks is not called one that mends", async () => {
  show(<DoctorPanel />);
  expect((await screen.findByTestId("finding-network-namespace")).textContent).toContain(
    "It cannot be told: /proc/1/ns/net cannot be read (EACCES).",
  );
  const item = screen.getByTestId("finding-fwmark-rules");
  expect(within(item).getByText(words.lookup)).toBeTruthy();
  expect(within(item).queryByText(words.command)).toBeNull();
});

test("worst first, how many of each, and what is well folded until it is asked for", async () => {
  show(<DoctorPanel />);
  const lists = (await screen.findAllByRole("list")).map((list) => list.getAttribute("aria-label"));
  expect(lists).toEqual([words.verdict.error, words.verdict.unknown]);
  expect(screen.getByRole("status").textContent).toMatch(/^1 error2 unknown1 OKLooked at/);
  const fold = screen.getByRole("button", { name: "1 check found nothing" });
  const well = screen.getByText(messages.doctor.finding.STATISTICS_RUN);
  expect(well.closest("dl")?.hidden).toBe(true);
  fireEvent.click(fold);
  expect(fold.getAttribute("aria-expanded")).toBe("true");
  expect(well.closest("dl")?.hidden).toBe(false);
});

test("looks again when it is asked to, and says when nothing is wrong", async () => {
  show(<DoctorPanel />);
  await screen.findByTestId("finding-vip-local");
  expect(screen.queryByText(words.allWell)).toBeNull();
  report = { ...report, findings: [fine] };
  fireEvent.click(screen.getByRole("button", { name: words.look }));
  await screen.findByText(words.allWell);
  expect(screen.queryByTestId("finding-vip-local")).toBeNull();
  expect(server.sent("doctor.report")).toHaveLength(2);
});

test("a director that does not answer is said, with another try", async () => {
  const answers = server.answers["doctor.report"];
  server.answers["doctor.report"] = () => {
    throw new Refused("UNREACHABLE");
  };
  show(<DoctorPanel />);
  expect((await screen.findByRole("alert")).textContent).toContain(messages.error.UNREACHABLE);
  if (answers) server.answers["doctor.report"] = answers;
  fireEvent.click(screen.getByRole("button", { name: messages.change.tryAgain }));
  await screen.findByTestId("finding-vip-local");
});

test("every check has words here", () => {
  expect(Object.keys(words.check)).toEqual(checkIds);
  expect(Object.keys(words.counts)).toEqual([...verdicts]);
});
