import { expect, type Locator, type Page } from "@playwright/test";

/** Where one logs in. */
export class LoginPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly name: Locator;
  readonly password: Locator;
  readonly submitButton: Locator;
  /** why it was refused, or why nobody can log in */
  readonly alert: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1 });
    this.name = page.getByRole("textbox", { name: "Name", exact: true });
    this.password = page.getByLabel("Password", { exact: true });
    this.submitButton = page.getByRole("button", { name: "Log in", exact: true });
    this.alert = page.getByRole("main").getByRole("alert");
  }

  /** @param next the page to go to then, as it stands in the address */
  static async open(page: Page, next?: string): Promise<LoginPage> {
    await page.goto(next === undefined ? "/login" : `/login?next=${encodeURIComponent(next)}`);
    const login = new LoginPage(page);
    await expect(login.submitButton).toBeEnabled();
    return login;
  }

  /** Types both and presses the button; what comes of it is the caller's to see. */
  async tryToLogIn(name: string, password: string): Promise<void> {
    await this.name.fill(name);
    await this.password.fill(password);
    await this.submitButton.click();
  }

  /** Logs in, and is on another page then. */
  async logIn(name: string, password: string): Promise<void> {
    await this.tryToLogIn(name, password);
    await this.page.waitForURL((url) => url.pathname !== "/login");
  }

  async showPassword(): Promise<void> {
    await this.page.getByRole("button", { name: "Show password" }).click();
  }

  async expectRefusal(sentence: string | RegExp): Promise<void> {
    await expect(this.alert).toContainText(sentence);
  }
}
