import { expect, type Locator, type Page } from "@playwright/test";
import { ChartGroup } from "./chart-group.ts";
import { ConnectionsPage } from "./connections-page.ts";
import { PlanDialog } from "./plan-dialog.ts";
import { RemoveDialog } from "./remove-dialog.ts";
import { ServerForm } from "./server-form.ts";
import { ServiceForm } from "./service-form.ts";
import { Shell } from "./shell.ts";
import { TableRow } from "./table-row.ts";

/** The page of one virtual service. */
export class ServicePage {
  readonly page: Page;
  readonly shell: Shell;
  readonly heading: Locator;
  readonly charts: ChartGroup;
  readonly rules: Locator;
  readonly notice: Locator;
  readonly backLink: Locator;
  readonly draining: Locator;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.heading = page.getByRole("heading", { level: 1 });
    this.charts = new ChartGroup(page.getByRole("region", { name: "Real servers over time" }));
    this.rules = page.getByRole("region", { name: "As ipvsadm text" });
    this.notice = page.getByRole("main").getByRole("alert");
    this.backLink = page.getByRole("navigation", { name: "Path" }).getByRole("link", { name: "Services" });
    this.draining = page.getByRole("region", { name: /draining$/ });
  }

  static async open(page: Page, id: string): Promise<ServicePage> {
    await page.goto(`/services/${encodeURIComponent(id)}`);
    const service = new ServicePage(page);
    await expect(service.heading).toBeVisible();
    return service;
  }

  server(name: string): TableRow {
    const box = this.page.getByRole("checkbox", { name: `Select ${name}`, exact: true });
    return new TableRow(this.page, this.page.getByRole("row").filter({ has: box }), name);
  }

  async addServer(): Promise<ServerForm> {
    await this.button("Add real server").click();
    const form = new ServerForm(this.page);
    await expect(form.address).toBeFocused();
    return form;
  }

  async edit(): Promise<ServiceForm> {
    await this.button("Edit").click();
    return new ServiceForm(this.page);
  }

  async remove(): Promise<RemoveDialog> {
    await this.button("Remove").click();
    return new RemoveDialog(this.page);
  }

  /** How many connections a draining server has left. */
  progress(server: string): Locator {
    return this.draining.getByRole("progressbar", { name: `Connections left on ${server}` });
  }

  /** The connections that a draining server has left. */
  async drainConnections(server: string): Promise<ConnectionsPage> {
    await this.draining.getByRole("link", { name: `Which ones are left on ${server}` }).click();
    return ConnectionsPage.arrive(this.page);
  }

  /** Its connections, by server and by state, once somebody looked. */
  get connections(): Locator {
    return this.page.getByRole("region", { name: "Connections", exact: true });
  }

  async restore(server: string): Promise<PlanDialog> {
    const line = this.draining.getByRole("listitem").filter({ hasText: server });
    await line.getByRole("button", { name: "Restore weight" }).click();
    return new PlanDialog(this.page);
  }

  button(name: string): Locator {
    return this.page.getByRole("main").getByRole("button", { name, exact: true }).first();
  }
}
