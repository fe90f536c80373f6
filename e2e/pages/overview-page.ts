import { expect, type Locator, type Page } from "@playwright/test";
import { ChartGroup } from "./chart-group.ts";
import { Shell } from "./shell.ts";

/** The director at a glance. */
export class OverviewPage {
  readonly page: Page;
  readonly shell: Shell;
  readonly charts: ChartGroup;
  readonly totals: Locator;
  /** what was done to the table last */
  readonly changes: Locator;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.charts = new ChartGroup(page.getByRole("region", { name: "Over time" }));
    this.totals = page.getByRole("region", { name: "The whole table now" });
    this.changes = page.getByRole("region", { name: "Last changes" });
  }

  static async open(page: Page, query = ""): Promise<OverviewPage> {
    await page.goto(`/${query && `?${query}`}`);
    const overview = new OverviewPage(page);
    await overview.shell.expectLive();
    await expect(overview.charts.region).toBeVisible();
    return overview;
  }
}
