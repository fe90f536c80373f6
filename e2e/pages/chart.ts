import { expect, type Locator, type Page } from "@playwright/test";

/** One chart: the plot, the values beside its title, and the table behind it. */
export class Chart {
  readonly page: Page;
  readonly figure: Locator;
  readonly plot: Locator;
  readonly table: Locator;
  readonly readout: Locator;
  private readonly title: string;

  constructor(page: Page, region: Locator, title: string) {
    this.page = page;
    this.title = title;
    this.figure = region
      .getByRole("figure")
      .filter({ has: page.getByRole("button", { name: `Table of ${title}`, exact: true }) });
    this.plot = this.figure.getByRole("img", { name: new RegExp(`^${title}, last `) });
    this.table = this.figure.getByRole("table");
    this.readout = this.figure.getByRole("list");
  }

  async showTable(): Promise<Locator> {
    const button = this.figure.getByRole("button", { name: `Table of ${this.title}`, exact: true });
    if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
    await expect(this.table).toBeVisible();
    return this.table;
  }

  /** Moves the pointer over the plot, to a part of its width. */
  async pointAt(share: number): Promise<void> {
    const box = await this.plot.boundingBox();
    if (!box) throw new Error(`the plot of ${this.title} is not on the page`);
    await this.page.mouse.move(box.x + box.width * share, box.y + box.height / 2, { steps: 4 });
  }
}
