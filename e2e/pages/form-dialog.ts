import { expect, type Locator, type Page } from "@playwright/test";
import { ConflictNotice } from "./conflict-notice.ts";

/** A dialog with a form in it: one change of the table, its command, and what is wrong with it. */
export class FormDialog {
  readonly page: Page;
  readonly dialog: Locator;
  readonly command: Locator;
  readonly conflict: ConflictNotice;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole("dialog");
    this.command = this.dialog.getByRole("figure", { name: "Equivalent command" }).getByRole("code");
    this.conflict = new ConflictNotice(this.dialog);
  }

  async choose(group: string, option: string): Promise<void> {
    await this.dialog.getByRole("group", { name: group }).getByRole("radio", { name: option, exact: true }).check();
  }

  /** Saves, and the dialog goes. */
  async submit(): Promise<void> {
    await this.press();
    await expect(this.dialog).toBeHidden();
  }

  /** Tries to save. */
  async press(): Promise<void> {
    await this.submitButton.click();
  }

  get submitButton(): Locator {
    return this.dialog.getByRole("button", { name: /^(Add service|Add server|Save|Add it again)$/ });
  }

  async cancel(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** A field is refused in this sentence, and the dialog stands open. */
  async expectRefusal(field: Locator, sentence: string): Promise<void> {
    await expect(field).toHaveAccessibleDescription(sentence);
    await expect(this.dialog.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
  }

  group(name: string): Locator {
    return this.dialog.getByRole("group", { name });
  }
}
