import { expect, type Locator, type Page } from "@playwright/test";

/** Stands above the page when its session is over: says why, and lets one log in where one is. */
export class SessionDialog {
  readonly page: Page;
  readonly dialog: Locator;
  readonly name: Locator;
  readonly password: Locator;
  readonly alert: Locator;
  /** of the same person with another role, or of another person: what is on screen is not for them */
  readonly reloadButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole("dialog", {
      name: /^(Your session is over|Your role is \w+ now|.+ is logged in now)$/,
    });
    this.name = this.dialog.getByRole("textbox", { name: "Name", exact: true });
    this.password = this.dialog.getByLabel("Password", { exact: true });
    this.alert = this.dialog.getByRole("alert");
    this.reloadButton = this.dialog.getByRole("button", { name: "Load the page anew" });
  }

  /** @param why what it says */
  async expectOver(why: string | RegExp): Promise<void> {
    await expect(this.dialog).toContainText(why);
  }

  /** Logs in as who was logged in, and the page goes on. */
  async logInAgain(password: string): Promise<void> {
    await this.password.fill(password);
    await this.dialog.getByRole("button", { name: "Log in", exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
}
