import { expect, type Locator, type Page } from "@playwright/test";
import { escaped } from "../pages/text.ts";
import type { Lab } from "./start-lab.mjs";

/** The services page, as a person uses it. */
export class ConsolePage {
  readonly page: Page;
  readonly lab: Lab;

  constructor(page: Page, lab: Lab) {
    this.page = page;
    this.lab = lab;
  }

  async open(columns: readonly string[] = []): Promise<void> {
    const more = columns.length > 0 ? `&cols=${["state", "method", "weight", ...columns].join(",")}` : "";
    await this.page.goto(`${this.lab.url}/services?open=all${more}`);
    await expect(this.page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  }

  /** @param name the end of what the row's head says; its words may stand in elements with no space between them */
  row(name: string): Locator {
    const end = new RegExp(`${escaped(name).replaceAll(" ", " ?")}$`);
    return this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader", { name: end }) });
  }

  async addService(kind: "TCP" | "UDP" | "Firewall mark", fields: Record<string, string>): Promise<void> {
    await this.page.getByRole("button", { name: "Add service" }).first().click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: kind }).check({ force: true });
    const { family, ...typed } = fields;
    if (family) await dialog.getByRole("radio", { name: family }).check({ force: true });
    await this.fill(dialog, typed);
    await dialog.getByRole("button", { name: "Add service" }).click();
    await expect(dialog).toBeHidden();
  }

  async addServer(service: string, fields: Record<string, string>): Promise<void> {
    await this.chooseFor(service, "Add real server");
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "NAT" }).check({ force: true });
    await this.fill(dialog, fields);
    await dialog.getByRole("button", { name: "Add server" }).click();
    await expect(dialog).toBeHidden();
  }

  async editService(service: string, fields: Record<string, string>): Promise<void> {
    await this.chooseFor(service, "Edit service");
    const dialog = this.page.getByRole("dialog");
    await this.fill(dialog, fields);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
  }

  /** @param service as its row's head ends: controls say the protocol in front of an address */
  private async chooseFor(service: string, item: string): Promise<void> {
    const actions = new RegExp(`^Actions for ([A-Z]+ )?${escaped(service)}$`);
    await this.page.getByRole("button", { name: actions }).click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  async setWeight(server: string, weight: number): Promise<void> {
    await this.page.getByRole("button", { name: new RegExp(`^Weight of ${escaped(server)}`) }).click();
    const field = this.page.getByRole("textbox", { name: `Weight of ${server}` });
    await field.fill(String(weight));
    await field.press("Enter");
    await expect(
      this.page.getByRole("button", { name: new RegExp(`^Weight of ${escaped(server)}: ${weight}\\b`) }),
    ).toBeVisible();
  }

  async removeService(service: string): Promise<void> {
    await this.chooseFor(service, "Remove");
    const dialog = this.page.getByRole("alertdialog");
    const remove = dialog.getByRole("button", { name: "Remove", exact: true });
    await expect(remove).toBeVisible();
    // Only a service with connections wants its name typed.
    const wanted = /Type (.+) to confirm/.exec((await dialog.textContent()) ?? "")?.[1];
    if (wanted) await dialog.getByRole("textbox").fill(wanted);
    await remove.click();
    await expect(dialog).toBeHidden();
  }

  /** The exact number in a column, as its cell says on hover. */
  async exact(name: string, column: string): Promise<number> {
    const cell = this.row(name).locator(`[data-live="${column}"]`).first();
    await cell.hover();
    const title = await cell.getAttribute("title");
    return Number((title ?? "").replace(/[^\d.]/g, "") || Number.NaN);
  }

  private async fill(dialog: Locator, fields: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      const choice = dialog.getByRole("combobox", { name: label, exact: true });
      const field = choice.or(dialog.getByRole("textbox", { name: label, exact: true }));
      if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
      else await field.fill(value);
    }
  }
}
