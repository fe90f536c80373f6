import { expect, type Locator, type Page } from "@playwright/test";

/** Asks for the password again, above whatever dialog is open. */
export class PasswordDialog {
  readonly dialog: Locator;
  readonly password: Locator;
  readonly submitButton: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole("dialog").filter({ has: page.locator("input[autocomplete=current-password]") });
    this.password = this.dialog.locator("input[autocomplete=current-password]");
    this.submitButton = this.dialog.locator("button[type=submit]");
  }

  /** Gives it; what was asked for goes on by itself. */
  async give(password: string): Promise<void> {
    await this.password.fill(password);
    await this.submitButton.click();
    await expect(this.dialog).toBeHidden();
  }

  async cancel(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(this.dialog).toBeHidden();
  }
}
