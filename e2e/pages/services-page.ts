import { expect, type Locator, type Page } from "@playwright/test";
import { BulkBar } from "./bulk-bar.ts";
import { ServiceForm } from "./service-form.ts";
import { ServicePage } from "./service-page.ts";
import { Shell } from "./shell.ts";
import { TableRow } from "./table-row.ts";
import { escaped } from "./text.ts";

/** The list of all virtual services with their real servers under them. */
export class ServicesPage {
  readonly page: Page;
  readonly shell: Shell;
  readonly table: Locator;
  readonly search: Locator;
  readonly addButton: Locator;
  readonly selected: BulkBar;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.table = page.getByRole("table", { name: "Virtual services and their real servers" });
    this.search = page.getByRole("searchbox", { name: "Search services and servers" });
    this.addButton = page.getByRole("button", { name: "Add service" }).first();
    this.selected = new BulkBar(page);
  }

  /** @param query of the URL: `open=all` unfolds every service */
  static async open(page: Page, query = ""): Promise<ServicesPage> {
    await page.goto(`/services${query && `?${query}`}`);
    const services = new ServicesPage(page);
    await services.shell.expectLive();
    await expect(services.counts).toBeVisible();
    return services;
  }

  /** How many services match, of how many, and their servers. */
  get counts(): Locator {
    return this.page
      .getByRole("main")
      .getByRole("status")
      .filter({ hasText: /\d+ of [\d,]+ services?/ });
  }

  /** Rows in the document, those of the head left out. */
  get rows(): Locator {
    return this.table.getByRole("row").filter({ has: this.page.getByRole("rowheader") });
  }

  /** A service by its protocol's word and its name: `TCP`, `192.0.2.10:80`; a mark by `MARK`, `7`, `IPv6`. */
  service(word: string, name: string, more = ""): TableRow {
    const header = this.page.getByRole("rowheader", {
      name: new RegExp(`${word} ?${escaped(name)}${more && ` ?${more}`}$`),
    });
    const label = word === "MARK" ? `Mark ${name} (${more})` : `${word} ${name}`;
    return new TableRow(this.page, this.table.getByRole("row").filter({ has: header }), label);
  }

  /** A real server by its address and port, which must be of one service only. */
  server(name: string): TableRow {
    const box = this.page.getByRole("checkbox", { name: `Select ${name}`, exact: true });
    return new TableRow(this.page, this.table.getByRole("row").filter({ has: box }), name);
  }

  async addService(): Promise<ServiceForm> {
    await this.addButton.click();
    const form = new ServiceForm(this.page);
    await expect(form.address).toBeFocused();
    return form;
  }

  async openService(word: string, name: string, more = ""): Promise<ServicePage> {
    await this.service(word, name, more).row.getByRole("rowheader").getByRole("link").click();
    const service = new ServicePage(this.page);
    await expect(service.heading).toBeVisible();
    return service;
  }

  async searchFor(text: string): Promise<void> {
    await this.search.fill(text);
  }

  async toggleFilter(menu: "State" | "Protocol" | "Family" | "Forwarding", value: string): Promise<void> {
    await this.page.getByRole("button", { name: new RegExp(`^${menu}`) }).click();
    await this.page.getByRole("menuitemcheckbox", { name: value, exact: true }).click();
    await this.page.keyboard.press("Escape");
    await expect(this.page.getByRole("menu")).toBeHidden();
  }

  async toggleColumns(...names: string[]): Promise<void> {
    await this.page.getByRole("button", { name: "Choose columns" }).click();
    for (const name of names) await this.page.getByRole("menuitemcheckbox", { name, exact: true }).click();
    await this.page.keyboard.press("Escape");
    await expect(this.page.getByRole("menu")).toBeHidden();
  }

  async sortBy(column: string): Promise<void> {
    await this.columnHead(column).getByRole("button").click();
  }

  columnHead(column: string): Locator {
    return this.table.getByRole("columnheader", { name: column, exact: true });
  }

  async unfoldAll(): Promise<void> {
    await this.page.getByRole("button", { name: "Unfold all services" }).click();
  }

  async foldAll(): Promise<void> {
    await this.page.getByRole("button", { name: "Fold all services" }).click();
  }
}
