import type { Locator, Page } from "@playwright/test";

/** Above every page while a change waits for its confirmation. */
export class PendingBanner {
  readonly banner: Locator;
  readonly countdown: Locator;
  readonly keepButton: Locator;
  readonly putBackButton: Locator;

  constructor(page: Page) {
    this.banner = page.getByRole("banner").getByRole("status").filter({ hasText: "has not been confirmed yet" });
    // It is counted for the eye only.
    this.countdown = this.banner.getByText(/^The old table (comes back in |is on its way back)/);
    this.keepButton = this.banner.getByRole("button", { name: "Keep the new table" });
    this.putBackButton = this.banner.getByRole("button", { name: "Put the old one back now" });
  }

  /** Seconds until the old table comes back, as shown. */
  async leftS(): Promise<number> {
    const [, minutes = "0", seconds = "0"] =
      /in (?:(\d+) min ?)?(?:(\d+) s)?\.$/.exec((await this.countdown.textContent()) ?? "") ?? [];
    return Number(minutes) * 60 + Number(seconds);
  }
}
