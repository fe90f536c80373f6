import { expect, type Locator, type Page } from "@playwright/test";

/** What a service's page shows of its local addresses. */
export class LocalAddressesPanel {
  readonly page: Page;
  readonly region: Locator;
  readonly field: Locator;
  readonly addresses: Locator;
  readonly question: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole("region", { name: "Local addresses", exact: true });
    this.field = this.region.getByLabel("Add local addresses");
    this.addresses = this.region.getByRole("rowheader");
    this.question = page.getByRole("alertdialog");
  }

  /** Types them and presses the button; what it says then is the test's to look at. */
  async add(text: string): Promise<void> {
    await this.field.fill(text);
    await this.region.getByRole("button", { name: /^Add/ }).click();
  }

  /** Connections that leave from an address now. */
  connections(address: string): Locator {
    const row = this.region.getByRole("row").filter({ has: this.page.getByRole("rowheader", { name: address }) });
    return row.getByRole("cell").first();
  }

  async remove(address: string): Promise<void> {
    await this.region.getByRole("button", { name: `Remove ${address}` }).click();
  }

  async removeAll(): Promise<void> {
    await this.region.getByRole("button", { name: "Remove all" }).click();
  }

  async confirm(): Promise<void> {
    await this.question.getByRole("button", { name: /^Remove/ }).click();
    await expect(this.question).toBeHidden();
  }
}
