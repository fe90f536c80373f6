import { expect, type Locator, type Page } from "@playwright/test";

/** Asks before rows are removed. */
export class RemoveDialog {
  readonly dialog: Locator;
  readonly typed: Locator;
  readonly removeButton: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole("alertdialog");
    this.typed = this.dialog.getByRole("textbox");
    this.removeButton = this.dialog.getByRole("button", { name: "Remove", exact: true });
  }

  /** Types what is asked for, if connections are there to be lost: they come and go by themselves. */
  async typeIfAsked(name: string): Promise<this> {
    await expect(this.removeButton).toBeVisible();
    if (await this.typed.isVisible()) await this.typed.fill(name);
    return this;
  }

  async confirm(): Promise<void> {
    await this.removeButton.click();
    await expect(this.dialog).toBeHidden();
  }
}
