import type { Locator, Page } from "@playwright/test";
import { PlanDialog } from "./plan-dialog.ts";
import { RemoveDialog } from "./remove-dialog.ts";

/** What can be done with all that is selected. */
export class BulkBar {
  readonly page: Page;
  readonly bar: Locator;

  constructor(page: Page) {
    this.page = page;
    this.bar = page.getByRole("toolbar", { name: "Selected rows" });
  }

  async setWeight(): Promise<PlanDialog> {
    await this.button("Set weight").click();
    return new PlanDialog(this.page);
  }

  async drain(): Promise<PlanDialog> {
    await this.button("Drain").click();
    return new PlanDialog(this.page);
  }

  async restore(): Promise<PlanDialog> {
    await this.button("Restore weight").click();
    return new PlanDialog(this.page);
  }

  async remove(): Promise<RemoveDialog> {
    await this.button("Remove").click();
    return new RemoveDialog(this.page);
  }

  button(name: string): Locator {
    return this.bar.getByRole("button", { name, exact: true });
  }
}
