import { expect, type Locator, type Page } from "@playwright/test";

/** Every change of the table that is remembered, and the one that is open. */
export class RevisionsTab {
  readonly page: Page;
  readonly panel: Locator;
  /** newest first */
  readonly rows: Locator;
  readonly open: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole("tabpanel", { name: "Revisions" });
    this.rows = this.panel.getByRole("row").filter({ has: page.getByRole("cell") });
    this.open = this.panel.getByRole("region", { name: /^Revision \d+$/ });
  }

  async refresh(): Promise<void> {
    await this.panel.getByRole("button", { name: "Read again" }).click();
  }

  async openRow(row: Locator): Promise<void> {
    await row.getByRole("button", { name: /^Revision \d+/ }).click();
    await expect(this.open).toBeVisible();
  }

  /** Compares the one that is open: with the table before it, with the table now, with another. */
  async compare(label: string | RegExp): Promise<void> {
    const choice = this.open.getByRole("combobox", { name: "Compare" });
    const wanted = await choice.getByRole("option").filter({ hasText: label }).first().getAttribute("value");
    await choice.selectOption(wanted);
  }

  /** A text that is compared, by its label. */
  text(name: string | RegExp): Locator {
    return this.open.getByRole("textbox", { name, exact: true });
  }
}
