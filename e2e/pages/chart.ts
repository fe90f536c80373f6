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

  /** Moves the pointer over what is drawn, to a part of its width. */
  async pointAt(share: number): Promise<void> {
    await this.plot.scrollIntoViewIfNeeded();
    const at = await this.plot.evaluate((plot, part) => {
      const over = (plot.querySelector(".u-over") ?? plot).getBoundingClientRect();
      return { x: over.x + over.width * part, y: over.y + over.height / 2 };
    }, share);
    await this.page.mouse.move(at.x, at.y, { steps: 4 });
  }

  /** Where the cursor stands, as a share of the plot's width. A canvas has no role for it: the plot's own line is read. */
  cursorShare(): Promise<number> {
    return this.plot.evaluate((plot) => {
      const over = plot.querySelector(".u-over")?.getBoundingClientRect();
      const line = plot.querySelector(".u-cursor-x")?.getBoundingClientRect();
      return over && line ? (line.x - over.x) / over.width : Number.NaN;
    });
  }

  /** The table behind the chart, newest first: times and values as they are written. */
  async tableRows(): Promise<{ time: string; values: string[] }[]> {
    const texts = await this.table
      .getByRole("row")
      .evaluateAll((rows) => rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
    return texts.map(([time = "", ...values]) => ({ time, values }));
  }
}
