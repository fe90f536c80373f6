import { expect, type Locator, type Page } from "@playwright/test";
import { escaped } from "./text.ts";

/** What a text would do, and the way to do it. */
export class RulePlan {
  readonly page: Page;
  readonly region: Locator;
  readonly heading: Locator;
  /** one for each change, under those of their services */
  readonly changes: Locator;
  readonly note: Locator;
  readonly timer: Locator;
  readonly seconds: Locator;
  /** why nothing was done */
  readonly alert: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole("region", { name: /^Plan: / });
    this.heading = this.region.getByRole("heading", { name: /^Plan: / });
    // What a change makes of each setting is a list of its own below it.
    this.changes = this.region.getByRole("list", { name: "Changes" }).locator("> li > ul > li");
    const panel = this.region.getByRole("region", { name: "Do it" });
    this.note = panel.getByRole("textbox", { name: "Note" });
    this.timer = panel.getByRole("checkbox", { name: "Put the old table back unless I confirm in time" });
    this.seconds = panel.getByRole("textbox", { name: "Seconds to confirm" });
    this.alert = panel.getByRole("alert");
    this.dialog = page.getByRole("alertdialog");
  }

  /** The lines of the table now, and of the table afterwards. */
  async diff(): Promise<{ before: Locator; after: Locator }> {
    await this.region.getByRole("button", { name: "Before and after" }).click();
    const [before, after] = ["The table now", "The table afterwards"].map((name) =>
      this.region.getByRole("textbox", { name, exact: true }),
    ) as [Locator, Locator];
    await expect(after).toBeVisible();
    return { before, after };
  }

  /** What a host or a port became that the text has by name. */
  nameBecame(name: string): Locator {
    const named = this.page.getByRole("cell", { name: new RegExp(`^${escaped(name)}\\b`) });
    return this.region.getByRole("row").filter({ has: named }).getByRole("cell").nth(1);
  }

  get submitButton(): Locator {
    return this.region.getByRole("button", { name: /^(Run|Merge|Replace with) [\d,]+ changes?$/ });
  }

  /** Starts the work; what would lose something asks first. */
  async submit(): Promise<void> {
    await this.submitButton.click();
  }

  /** Starts the work and types the name that is asked for. */
  async submitByName(): Promise<void> {
    await this.submit();
    const field = this.dialog.getByRole("textbox");
    await expect(field).toBeVisible();
    const [, host = ""] = /Type (.+?) to confirm/.exec((await this.dialog.textContent()) ?? "") ?? [];
    await expect(this.confirmButton).toBeDisabled();
    await field.fill(host);
    await this.confirmButton.click();
    await expect(this.dialog).toBeHidden();
  }

  get confirmButton(): Locator {
    return this.dialog.getByRole("button", { name: /^(Run|Merge|Replace)$/ });
  }

  async again(): Promise<void> {
    await this.region.getByRole("button", { name: "Show the plan again" }).click();
    await expect(this.heading).toBeFocused();
  }
}
