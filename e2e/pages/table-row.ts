import { expect, type Locator, type Page } from "@playwright/test";
import { ConnectionsPage } from "./connections-page.ts";
import { PlanDialog } from "./plan-dialog.ts";
import { RemoveDialog } from "./remove-dialog.ts";
import { ServerForm } from "./server-form.ts";
import { ServiceForm } from "./service-form.ts";
import { escaped } from "./text.ts";

/** A row of the list, a virtual service or a real server, and its menu. */
export class TableRow {
  readonly page: Page;
  readonly row: Locator;
  readonly name: string;
  readonly checkbox: Locator;
  readonly fold: Locator;

  constructor(page: Page, row: Locator, name: string) {
    this.page = page;
    this.row = row;
    this.name = name;
    this.checkbox = row.getByRole("checkbox", { name: `Select ${name}`, exact: true });
    this.fold = row.getByRole("button", { name: `Real servers of ${name}`, exact: true });
  }

  /** The cell in a column, whichever columns are shown. */
  async cell(column: string): Promise<Locator> {
    await expect(this.row).toBeVisible();
    const heads = await this.page.getByRole("columnheader").allTextContents();
    const at = heads.findIndex((text) => text.trim() === column);
    if (at < 1) throw new Error(`no column ${column} among ${heads.join(", ")}`);
    return this.row.getByRole("cell").nth(at - 1);
  }

  async editService(): Promise<ServiceForm> {
    await this.chooseInMenu("Edit service");
    const form = new ServiceForm(this.page);
    await expect(form.scheduler).toBeFocused();
    return form;
  }

  async editServer(): Promise<ServerForm> {
    await this.chooseInMenu("Edit");
    const form = new ServerForm(this.page);
    await expect(form.weight).toBeFocused();
    return form;
  }

  async addServer(): Promise<ServerForm> {
    await this.chooseInMenu("Add real server");
    const form = new ServerForm(this.page);
    await expect(form.address).toBeFocused();
    return form;
  }

  async remove(): Promise<RemoveDialog> {
    await this.chooseInMenu("Remove");
    return new RemoveDialog(this.page);
  }

  async drain(): Promise<PlanDialog> {
    await this.chooseInMenu("Drain");
    return new PlanDialog(this.page);
  }

  async restore(weight: number): Promise<PlanDialog> {
    await this.chooseInMenu(`Restore weight ${weight}`);
    return new PlanDialog(this.page);
  }

  async openMenu(): Promise<Locator> {
    await this.row.getByRole("button", { name: `Actions for ${this.name}`, exact: true }).click();
    const menu = this.page.getByRole("menu");
    await expect(menu).toBeVisible();
    return menu;
  }

  async connections(): Promise<ConnectionsPage> {
    await this.chooseInMenu("Connections");
    return ConnectionsPage.arrive(this.page);
  }

  private async chooseInMenu(item: string): Promise<void> {
    const menu = await this.openMenu();
    await menu.getByRole("menuitem", { name: item, exact: true }).click();
  }

  get weight(): Locator {
    return this.row.getByRole("button", { name: new RegExp(`^Weight of ${escaped(this.name)}: `) });
  }

  get weightField(): Locator {
    return this.row.getByRole("textbox", { name: `Weight of ${this.name}` });
  }

  /** What stands below the weight being typed. */
  get weightNotice(): Locator {
    return this.page.getByRole("dialog", { name: `Weight of ${this.name}` }).getByRole("alert");
  }

  async editWeight(): Promise<Locator> {
    await this.weight.click();
    await expect(this.weightField).toBeFocused();
    return this.weightField;
  }
}
