import { expect, type Locator } from "@playwright/test";

/** What a form says when someone else was quicker. */
export class ConflictNotice {
  readonly notice: Locator;

  constructor(dialog: Locator) {
    this.notice = dialog.getByRole("alert", { name: "Someone else changed this meanwhile" });
  }

  /** One setting: what was seen, what it is now, what was typed. */
  async expectRow(setting: string, seen: string, theirs: string, yours: string): Promise<void> {
    const row = this.notice.getByRole("row").filter({ hasText: setting });
    await expect(row.getByRole("cell")).toHaveText([setting, seen, theirs, yours]);
  }

  async keepMine(): Promise<void> {
    await this.notice.getByRole("button", { name: "Put my changes on top of theirs" }).click();
    await expect(this.notice).toBeHidden();
  }

  async takeTheirs(): Promise<void> {
    await this.notice.getByRole("button", { name: "Take theirs" }).click();
    await expect(this.notice).toBeHidden();
  }
}
