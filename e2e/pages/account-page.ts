import { expect, type Locator, type Page } from "@playwright/test";

/** One's own account: who one is, the password, the sessions. */
export class AccountPage {
  readonly page: Page;
  readonly heading: Locator;
  /** name, role and when this session ends */
  readonly who: Locator;
  readonly currentPassword: Locator;
  readonly newPassword: Locator;
  readonly changeButton: Locator;
  /** a refusal of the password form that no field shows */
  readonly alert: Locator;
  readonly sessions: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1, name: "Account" });
    this.who = page.getByRole("region", { name: "You", exact: true });
    const password = page.getByRole("region", { name: "Password", exact: true });
    this.currentPassword = password.getByLabel("Current password", { exact: true });
    this.newPassword = password.getByLabel("New password", { exact: true });
    this.changeButton = password.getByRole("button", { name: "Change password" });
    this.alert = password.locator("form > [role=alert]");
    this.sessions = page.getByRole("region", { name: "Sessions", exact: true });
  }

  static async open(page: Page): Promise<AccountPage> {
    await page.goto("/account");
    const account = new AccountPage(page);
    await expect(account.thisSession).toBeVisible();
    return account;
  }

  /** The session that this page is shown in. */
  get thisSession(): Locator {
    return this.sessionLines.filter({ hasText: "This one" });
  }

  get otherSessions(): Locator {
    return this.sessionLines.filter({ has: this.page.getByRole("button") });
  }

  get sessionLines(): Locator {
    return this.sessions.getByRole("row").filter({ has: this.page.getByRole("cell") });
  }

  async endSession(line: Locator): Promise<void> {
    await line.getByRole("button").click();
  }

  async endAllOthers(): Promise<void> {
    await this.sessions.getByRole("button", { name: "End all others" }).click();
  }

  /** Types both and presses the button; what comes of it is the caller's to see. */
  async changePassword(current: string, next: string): Promise<void> {
    await this.currentPassword.fill(current);
    await this.newPassword.fill(next);
    await this.changeButton.click();
  }
}
