import { expect, type Locator, type Page } from "@playwright/test";

/** The doctor's part of the director's page. */
export class DoctorPanel {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(page: Page): Promise<DoctorPanel> {
    await page.goto("/director?view=doctor");
    const panel = new DoctorPanel(page);
    await expect(panel.lookedAt).toBeVisible();
    return panel;
  }

  get lookedAt(): Locator {
    return this.#page.getByRole("status").filter({ hasText: "Looked at" });
  }

  /** What one check found, by its id. */
  finding(check: string): Locator {
    return this.#page.getByTestId(`finding-${check}`);
  }

  get fine(): Locator {
    return this.#page.getByRole("button", { name: /checks found nothing$/ });
  }
}
