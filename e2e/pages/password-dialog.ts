import { expect, type Locator, type Page } from "@playwright/test";

/** Asks for the password again, above the dialog that wanted something. */
export class PasswordDialog {
  readonly dialog: Locator;
  readonly password: Locator;
  readonly alert: Locator;

  constructor(page: Page) {
    this.dialog = page.getByRole("dialog", { name: "Your password, please" });
    this.password = this.dialog.getByLabel(/^Password of /);
    this.alert = this.dialog.getByRole("alert");
  }

  /** Gives it; what was wanted goes on by itself. */
  async give(password: string): Promise<void> {
    await this.tryToGive(password);
    await expect(this.dialog).toBeHidden();
  }

  async tryToGive(password: string): Promise<void> {
    await this.password.fill(password);
    await this.dialog.getByRole("button", { name: "Go on" }).click();
  }

  async cancel(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(this.dialog).toBeHidden();
  }
}
