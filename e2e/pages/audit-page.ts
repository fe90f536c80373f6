import { expect, type Locator, type Page } from "@playwright/test";

/** Every log-in, refusal and change. */
export class AuditPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly table: Locator;
  readonly filters: Locator;
  readonly text: Locator;
  readonly actor: Locator;
  readonly action: Locator;
  readonly outcome: Locator;
  readonly since: Locator;
  readonly until: Locator;
  readonly csvLink: Locator;
  readonly olderButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1, name: "Audit" });
    this.table = page.getByRole("region", { name: "Audit, newest first" }).getByRole("table").first();
    this.filters = page.getByRole("search", { name: "Filters" });
    this.text = this.filters.getByLabel("Text", { exact: true });
    this.actor = this.filters.getByLabel("Who", { exact: true });
    this.action = this.filters.getByLabel("What", { exact: true });
    this.outcome = this.filters.getByLabel("Outcome", { exact: true });
    this.since = this.filters.getByLabel("From", { exact: true });
    this.until = this.filters.getByLabel("To", { exact: true });
    this.csvLink = page.getByRole("link", { name: "Download as CSV" });
    this.olderButton = page.getByRole("button", { name: "Show older ones" });
  }

  /** @param query of the URL: `action=log-in&outcome=refused` */
  static async open(page: Page, query = ""): Promise<AuditPage> {
    await page.goto(`/audit${query && `?${query}`}`);
    const audit = new AuditPage(page);
    await expect(audit.filters).toBeVisible();
    return audit;
  }

  /** Newest first. */
  get lines(): Locator {
    return this.table.getByRole("row").filter({ has: this.page.getByRole("button", { name: / details$/ }) });
  }

  line(...texts: (string | RegExp)[]): Locator {
    return texts.reduce((lines, hasText) => lines.filter({ hasText }), this.lines).first();
  }

  /** Opens a line, and answers with what stands below it. */
  async details(line: Locator): Promise<Locator> {
    const button = line.getByRole("button", { name: / details$/ });
    if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
    await expect(button).toHaveAttribute("aria-controls", /./);
    const id = await button.getAttribute("aria-controls");
    return this.page.locator(`[id="${id}"]`);
  }

  async refresh(): Promise<void> {
    await this.page.getByRole("button", { name: "Look for newer ones" }).click();
  }

  async clearFilters(): Promise<void> {
    await this.filters.getByRole("button", { name: "Clear filters" }).click();
  }
}
