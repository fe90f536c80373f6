import { type Download, expect, type Locator, type Page } from "@playwright/test";
import { Shell } from "./shell.ts";

/** The director's table of connections. */
export class ConnectionsPage {
  readonly page: Page;
  readonly shell: Shell;
  readonly filters: Locator;
  readonly search: Locator;
  /** when what is shown was read */
  readonly readLine: Locator;
  readonly groups: Locator;
  readonly progress: Locator;
  readonly refreshButton: Locator;
  readonly cancelButton: Locator;
  readonly continueButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.filters = page.getByRole("search", { name: "Filters" });
    this.search = this.filters.getByRole("searchbox", { name: "Search" });
    this.readLine = page
      .getByRole("main")
      .getByRole("status")
      .filter({ hasText: /^Read at / });
    this.groups = page.getByRole("region", { name: "Groups" });
    this.progress = page.getByRole("progressbar", { name: "How far the read is" });
    this.refreshButton = page.getByRole("button", { name: "Refresh" });
    this.cancelButton = page.getByRole("main").getByRole("button", { name: "Cancel", exact: true });
    this.continueButton = page.getByRole("button", { name: "Continue" });
  }

  /** @param query of the URL: `group=client&protocol=udp` */
  static async open(page: Page, query = ""): Promise<ConnectionsPage> {
    await page.goto(`/connections${query && `?${query}`}`);
    return ConnectionsPage.arrive(page);
  }

  /** The page that a link led to. */
  static async arrive(page: Page): Promise<ConnectionsPage> {
    const connections = new ConnectionsPage(page);
    await expect(connections.filters).toBeVisible();
    return connections;
  }

  table(kind: "Connections" | "Persistence templates" = "Connections"): Locator {
    return this.page.getByRole("region", { name: kind, exact: true });
  }

  /** Rows on the page, the head left out. */
  rows(kind: "Connections" | "Persistence templates" = "Connections"): Locator {
    return this.table(kind)
      .getByRole("row")
      .filter({ has: this.page.getByRole("cell") });
  }

  /** What stands in one column of every row on the page. */
  async column(name: string, kind: "Connections" | "Persistence templates" = "Connections"): Promise<string[]> {
    await expect(this.table(kind)).toBeVisible();
    const heads = await this.table(kind).getByRole("columnheader").allTextContents();
    const at = heads.indexOf(name);
    if (at < 0) throw new Error(`no column ${name} among ${heads.join(", ")}`);
    return this.rows(kind).evaluateAll((rows, index) => rows.map((row) => row.children[index]?.textContent ?? ""), at);
  }

  columnHead(name: string): Locator {
    return this.page.getByRole("columnheader", { name, exact: true });
  }

  async sortBy(name: string): Promise<void> {
    await this.columnHead(name).getByRole("button").click();
  }

  field(name: "Search" | "Client" | "Virtual" | "Real server"): Locator {
    return this.filters.getByRole("searchbox", { name, exact: true });
  }

  /** Types a pattern and does not wait for the typing to stop. */
  async filterBy(name: "Search" | "Client" | "Virtual" | "Real server", text: string): Promise<void> {
    await this.field(name).fill(text);
    await this.field(name).press("Enter");
  }

  async toggle(menu: "Protocol" | "State", ...values: string[]): Promise<void> {
    await this.filters.getByRole("button", { name: new RegExp(`^${menu}`) }).click();
    for (const name of values) await this.page.getByRole("menuitemcheckbox", { name, exact: true }).click();
    await this.page.keyboard.press("Escape");
    await expect(this.page.getByRole("menu")).toBeHidden();
  }

  async chooseOrigin(name: "Not asked for" | "Shown, all" | "Made here only" | "From sync only"): Promise<void> {
    await this.filters.getByRole("button", { name: /^Origin/ }).click();
    await this.page.getByRole("menuitemradio", { name, exact: true }).click();
    await expect(this.page.getByRole("menu")).toBeHidden();
  }

  async groupBy(name: string): Promise<void> {
    await this.filters.getByRole("combobox", { name: "Group by" }).selectOption({ label: name });
  }

  async show(kind: "Connections" | "Persistence templates"): Promise<void> {
    await this.filters.getByRole("button", { name: kind, exact: true }).click();
  }

  /** Name and connections of each group on the page. */
  async groupCounts(): Promise<[name: string, connections: number][]> {
    const rows = this.groups.getByRole("row").filter({ has: this.page.getByRole("cell") });
    const cells = await rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    return cells.map(([name, connections]) => [name ?? "", Number((connections ?? "").replaceAll(",", ""))]);
  }

  group(name: string): Locator {
    return this.groups.getByRole("button", { name, exact: true });
  }

  /** How many rows matched, of how many that were read. */
  async counts(): Promise<{ matched: number; rows: number }> {
    const text = (await this.readLine.textContent()) ?? "";
    const [, matched = "", rows = ""] = /: ([\d,]+) of ([\d,]+) rows/.exec(text) ?? [];
    return { matched: Number(matched.replaceAll(",", "")), rows: Number(rows.replaceAll(",", "")) };
  }

  async goTo(page: "First page" | "Previous page" | "Next page" | "Last page"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Pages", exact: true }).getByRole("button", { name: page }).click();
  }

  get range(): Locator {
    return this.page.getByRole("navigation", { name: "Pages", exact: true });
  }

  /** All rows that match, as a file. */
  async download(format: "CSV" | "JSON"): Promise<Download> {
    await this.page.getByRole("button", { name: "Export" }).click();
    const downloading = this.page.waitForEvent("download");
    await this.page.getByRole("menuitem", { name: format }).click();
    return downloading;
  }

  async clearFilters(): Promise<void> {
    await this.filters.getByRole("button", { name: "Clear filters" }).click();
  }
}
