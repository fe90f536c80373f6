import { expect, type Locator, type Page } from "@playwright/test";

/** The dialog in front of a change of weights: what will be changed, and one confirmation. */
export class PlanDialog {
  readonly dialog: Locator;
  readonly weight: Locator;
  readonly refusal: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole("dialog");
    this.weight = this.dialog.getByRole("textbox", { name: "Weight" });
    this.refusal = this.dialog.getByRole("alert");
  }

  async fillWeight(weight: string): Promise<this> {
    await this.weight.fill(weight);
    return this;
  }

  /** The plan's line of a real server. */
  server(name: string): Locator {
    return this.dialog.getByRole("table").getByRole("row").filter({ hasText: name });
  }

  /** A server's weight now, and what the plan makes of it. */
  weightOf(name: string): Locator {
    return this.server(name).getByRole("cell").nth(1);
  }

  /** Presses the confirmation, which says how many it is about. */
  async press(label: string): Promise<void> {
    await this.dialog.getByRole("button", { name: label, exact: true }).click();
  }

  /** Confirms, and the dialog goes. */
  async confirm(label: string): Promise<void> {
    await this.press(label);
    await expect(this.dialog).toBeHidden();
  }

  async cancel(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(this.dialog).toBeHidden();
  }
}
