import { expect, type Locator, type Page } from "@playwright/test";

/** What every page has around it: the badge, how live the numbers are, the banner when they are not. */
export class Shell {
  readonly page: Page;
  readonly badge: Locator;
  readonly banner: Locator;
  /** the countdown of the banner */
  readonly retry: Locator;

  constructor(page: Page) {
    this.page = page;
    this.badge = page.getByRole("banner").getByText("Simulated", { exact: true });
    this.banner = page.getByRole("banner").getByRole("alert");
    this.retry = page.getByRole("banner").getByText(/^(Next try in \d+ s\.|Trying now…)$/);
  }

  async expectLive(): Promise<void> {
    await expect(this.status("Live")).toBeVisible({ timeout: 20_000 });
  }

  async expectStale(): Promise<void> {
    await expect(this.status("Stale")).toBeVisible({ timeout: 20_000 });
  }

  /** How old the numbers on screen are, as the banner says. */
  async ageS(): Promise<number> {
    const text = await this.page
      .getByRole("banner")
      .getByText(/ old\.\s*$/)
      .textContent();
    const [, minutes = "0", seconds = "0"] = /^(?:(\d+) min ?)?(?:(\d+) s)? old/.exec(text ?? "") ?? [];
    return Number(minutes) * 60 + Number(seconds);
  }

  /** Does not wait for the next try. It may be under way by itself already, and then there is no button. */
  async retryNow(): Promise<void> {
    const button = this.page.getByRole("banner").getByRole("button", { name: "Try now" });
    await button.click({ timeout: 2000 }).catch(() => {});
  }

  /** Loads a page anew that the console does not understand. */
  async reload(): Promise<void> {
    await this.page.getByRole("banner").getByRole("button", { name: "Reload", exact: true }).click();
  }

  /** Holds all numbers still. */
  async pause(): Promise<void> {
    await this.page.getByRole("button", { name: "Hold the numbers still" }).click();
    await expect(this.status("Paused")).toBeVisible();
  }

  /** Opens the menu of who is logged in and goes to one of its pages. */
  async goTo(page: "Account" | "People" | "Audit"): Promise<void> {
    await this.openUserMenu();
    await this.page.getByRole("menuitem", { name: page }).click();
    await this.page.waitForURL((url) => url.pathname === `/${page.toLowerCase()}`);
  }

  async logOut(): Promise<void> {
    await this.openUserMenu();
    await this.page.getByRole("menuitem", { name: "Log out" }).click();
    await this.page.waitForURL((url) => url.pathname === "/login");
  }

  async openUserMenu(): Promise<void> {
    await this.userButton.click();
    await expect(this.page.getByRole("menu")).toBeVisible();
  }

  /** Its name is the user's. */
  get userButton(): Locator {
    return this.page.getByRole("banner").getByRole("button", { name: /^User / });
  }

  /** What the corner says. */
  async expectToast(text: string): Promise<void> {
    await expect(this.page.getByRole("listitem").filter({ hasText: text })).toBeVisible();
  }

  /** Keeps what the corner says, as a pointer above it does. */
  async holdToasts(): Promise<void> {
    await this.page.getByRole("listitem").filter({ has: this.undoButton }).hover();
  }

  /** Closes what the corner says. */
  async closeToast(text: string): Promise<void> {
    const toast = this.page.getByRole("listitem").filter({ hasText: text });
    await toast.getByRole("button", { name: "Close toast" }).click();
    await expect(toast).toHaveCount(0);
  }

  /** Takes back what was done last. */
  async undo(): Promise<void> {
    await this.pressUndo();
    // What is undone next says the same.
    await this.closeToast("Undone: it is as it was before.");
  }

  async pressUndo(): Promise<void> {
    await this.undoButton.click();
  }

  private get undoButton(): Locator {
    return this.page.getByRole("button", { name: "Undo", exact: true });
  }

  private status(word: string): Locator {
    return this.page.getByRole("banner").getByRole("status").filter({ hasText: word });
  }
}
