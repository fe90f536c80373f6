import { expect, type Locator, type Page } from "@playwright/test";

/** Where the first admin is made. */
export class SetupPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly name: Locator;
  readonly password: Locator;
  readonly submitButton: Locator;
  /** why it was refused, where no field shows it */
  readonly alert: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1 });
    this.name = page.getByRole("textbox", { name: "Name", exact: true });
    this.password = page.getByLabel("Password", { exact: true });
    this.submitButton = page.getByRole("button", { name: "Make the admin and log in" });
    this.alert = page.locator("form > [role=alert]");
  }

  /** @param link as the console printed it, or its path with what follows the # */
  static async open(page: Page, link: string): Promise<SetupPage> {
    await page.goto(link);
    const setup = new SetupPage(page);
    await expect(setup.submitButton).toBeEnabled();
    return setup;
  }

  /** Types and presses the button; what comes of it is the caller's to see. The name stands there: "admin". */
  async tryToSetUp(password: string, name?: string): Promise<void> {
    if (name !== undefined) await this.name.fill(name);
    await this.password.fill(password);
    await this.submitButton.click();
  }

  /** Makes the first admin, and is logged in then. */
  async setUp(password: string, name?: string): Promise<void> {
    await this.tryToSetUp(password, name);
    await this.page.waitForURL((url) => url.pathname === "/");
  }

  /** A rule below the password, ticked off or not. */
  rule(text: string): Locator {
    return this.page.getByRole("main").getByText(text);
  }
}
