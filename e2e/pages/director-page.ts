import { expect, type Locator, type Page } from "@playwright/test";
import { Shell } from "./shell.ts";

export type DirectorView = "table" | "sync" | "sysctls" | "modules" | "doctor";
const tabs = {
  table: "Table",
  sync: "Sync daemons",
  sysctls: "Sysctls",
  modules: "Modules",
  doctor: "Doctor",
} as const;

/** The page of the director as a whole. */
export class DirectorPage {
  readonly page: Page;
  readonly shell: Shell;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
  }

  static async open(page: Page, view: DirectorView = "table", origin = ""): Promise<DirectorPage> {
    await page.goto(`${origin}/director?view=${view}`);
    const director = new DirectorPage(page);
    await director.shell.expectLive();
    await expect(director.panel).toBeVisible();
    return director;
  }

  async show(view: DirectorView): Promise<void> {
    await this.page.getByRole("tab", { name: tabs[view], exact: true }).click();
    await expect(this.page.getByRole("tabpanel", { name: tabs[view], exact: true })).toBeVisible();
  }

  /** the tab that is open */
  get panel(): Locator {
    return this.page.getByRole("tabpanel");
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog").or(this.page.getByRole("alertdialog"));
  }

  /** The command that does the same, in a dialog or, without one, in the page. */
  command(scope: Locator = this.panel): Locator {
    return scope.getByTestId("command");
  }

  /** Says on every page who else manages the table. */
  get managers(): Locator {
    return this.page.getByRole("banner").getByRole("status").filter({ hasText: "this table too" });
  }

  get editAnyway(): Locator {
    return this.page.getByRole("banner").getByRole("button", { name: "Edit anyway", exact: true });
  }

  // Table

  timeout(name: "TCP" | "TCP after a FIN" | "UDP"): Locator {
    return this.page.getByLabel(`${name}, seconds`, { exact: true });
  }

  get setTimeouts(): Locator {
    return this.page.getByRole("button", { name: "Set timeouts", exact: true });
  }

  get zeroAll(): Locator {
    return this.page.getByRole("button", { name: "Zero all counters", exact: true });
  }

  get clear(): Locator {
    return this.page.getByRole("button", { name: "Clear the table", exact: true });
  }

  /** Clears the table, with the name of the host typed. */
  async clearByName(): Promise<void> {
    await this.clear.click();
    const title = (await this.dialog.getByRole("heading").textContent()) ?? "";
    const host = /^Clear the table of (.+)\?$/.exec(title)?.[1] ?? "";
    await this.dialog.getByRole("textbox").fill(host);
    await this.dialog.getByRole("button", { name: "Clear", exact: true }).click();
  }

  /** Says what went with the table, and brings it back. */
  get cleared(): Locator {
    return this.page.getByRole("region", { name: "Table cleared", exact: true });
  }

  // Sync daemons

  daemon(role: "Master" | "Backup"): Locator {
    return this.page.getByRole("region", { name: role, exact: true });
  }

  get warnings(): Locator {
    return this.page.getByRole("list", { name: "What to know of them" }).first();
  }

  /** Opens the dialog that starts a daemon and fills it in, by the labels of its fields. */
  async fillStart(role: "master" | "backup", fields: Record<string, string>): Promise<Locator> {
    await this.page.getByRole("button", { name: `Start ${role}`, exact: true }).click();
    for (const [label, value] of Object.entries(fields)) {
      const field = this.dialog.getByLabel(label, { exact: true });
      if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
      else await field.fill(value);
    }
    return this.dialog;
  }

  async start(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Start", exact: true }).click();
  }

  async stop(role: "master" | "backup"): Promise<void> {
    await this.page.getByRole("button", { name: `Stop ${role}`, exact: true }).click();
    await this.dialog.getByRole("button", { name: "Stop", exact: true }).click();
    // Its thread may be in the middle of a wait.
    await expect(this.dialog).toBeHidden({ timeout: 30_000 });
  }

  // Sysctls

  sysctl(name: string): Locator {
    return this.page.getByTestId(`sysctl-${name}`);
  }

  async openSysctl(name: string): Promise<Locator> {
    await this.page.getByRole("button", { name: `Set ${name}`, exact: true }).click();
    const value = this.dialog.getByLabel("Value", { exact: true });
    await expect(value).toBeVisible();
    return value;
  }

  async setSysctl(name: string, value: string): Promise<void> {
    const field = await this.openSysctl(name);
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
    await this.dialog.getByRole("button", { name: "Set", exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Says which defences are active now. */
  get activeNow(): Locator {
    return this.page.getByText(/^Active now, because memory is short: /);
  }

  get snippet(): Locator {
    return this.page.getByTestId("sysctl-snippet");
  }

  // Modules

  module(name: string): Locator {
    return this.panel.getByRole("row").filter({ has: this.page.getByText(name, { exact: true }) });
  }
}
