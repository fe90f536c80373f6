import { expect, type Locator, type Page } from "@playwright/test";

/** What every page has around it: the badge, how live the numbers are, the banner when they are not. */
export class Shell {
  readonly page: Page;
  readonly badge: Locator;
  readonly banner: Locator;

  constructor(page: Page) {
    this.page = page;
    this.badge = page.getByRole("banner").getByText("Simulated", { exact: true });
    this.banner = page.getByRole("banner").getByRole("alert");
  }

  async expectLive(): Promise<void> {
    await expect(this.status("Live")).toBeVisible({ timeout: 20_000 });
  }

  async expectStale(): Promise<void> {
    await expect(this.status("Stale")).toBeVisible({ timeout: 20_000 });
  }

  /** Holds all numbers still. */
  async pause(): Promise<void> {
    await this.page.getByRole("button", { name: "Hold the numbers still" }).click();
    await expect(this.status("Paused")).toBeVisible();
  }

  /** What the corner says. */
  async expectToast(text: string): Promise<void> {
    await expect(this.page.getByRole("listitem").filter({ hasText: text })).toBeVisible();
  }

  private status(word: string): Locator {
    return this.page.getByRole("banner").getByRole("status").filter({ hasText: word });
  }
}
