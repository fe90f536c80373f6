import { expect, type Locator, type Page } from "@playwright/test";
import { RevisionsTab } from "./revisions-tab.ts";
import { RuleEditor } from "./rule-editor.ts";
import { RulePlan } from "./rule-plan.ts";
import { Shell } from "./shell.ts";

export type RulesMode = "Run" | "Merge" | "Replace";

/** Where a text of rules is read, changed, planned and done. */
export class RulesPage {
  readonly page: Page;
  readonly shell: Shell;
  readonly editor: RuleEditor;
  readonly plan: RulePlan;
  /** what was done, with the way to its revision */
  readonly result: Locator;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.editor = new RuleEditor(page);
    this.plan = new RulePlan(page);
    this.result = page.getByRole("region", { name: "Done", exact: true });
  }

  /** The page with the table read into its editor. */
  static async open(page: Page): Promise<RulesPage> {
    await page.goto("/rules");
    const rules = new RulesPage(page);
    await rules.shell.expectLive();
    await expect(rules.origin).toBeVisible();
    await expect(rules.editor.text).toBeVisible();
    return rules;
  }

  /** Says that the editor holds the table, and of when. */
  get origin(): Locator {
    return this.page.getByText(/^The table as it was at /);
  }

  /** How the text stands, in one line. */
  get standing(): Locator {
    return this.page.getByRole("status").filter({ hasText: /^(No errors|\d+ errors?|Checking|There is no text)/ });
  }

  /** The remarks of one line of the text, errors and warnings. */
  remarksOf(line: number): Locator {
    return this.remarks.filter({ has: this.page.getByRole("button", { name: `Line ${line}`, exact: true }) });
  }

  get remarks(): Locator {
    return this.page.getByRole("region", { name: "Errors and warnings" }).getByRole("listitem");
  }

  /** Why a file was not opened. */
  get refusal(): Locator {
    return this.page.getByRole("region", { name: "Rule text" }).getByRole("alert");
  }

  mode(mode: RulesMode): Locator {
    return this.page.getByRole("radio", { name: mode, exact: true });
  }

  /** Asks what the text would do, and is answered. */
  async showPlan(mode?: RulesMode): Promise<RulePlan> {
    if (mode) await this.mode(mode).check();
    await this.page.getByRole("button", { name: "Show plan", exact: true }).click();
    await expect(this.plan.heading).toBeFocused();
    return this.plan;
  }

  /** Puts that text in place of what is in the editor and asks what it would do. */
  async planOf(text: string, mode: RulesMode): Promise<RulePlan> {
    await this.editor.paste(text);
    return this.showPlan(mode);
  }

  /** Opens a file as the button does. */
  async openFile(name: string, content: Buffer): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.getByRole("button", { name: "Open a file" }).click();
    await (await chooser).setFiles({ name, mimeType: "application/octet-stream", buffer: content });
  }

  /** What the browser was given to keep. */
  async download(what: "The text in the editor" | "The table as it is now"): Promise<{ name: string; text: string }> {
    await this.page.getByRole("button", { name: "Download", exact: true }).click();
    const download = this.page.waitForEvent("download");
    await this.page.getByRole("menuitem", { name: what }).click();
    const given = await download;
    const chunks: Buffer[] = [];
    for await (const chunk of await given.createReadStream()) chunks.push(chunk as Buffer);
    return { name: given.suggestedFilename(), text: Buffer.concat(chunks).toString() };
  }

  async readTable(): Promise<void> {
    await this.page.getByRole("button", { name: "Read the table" }).click();
    await expect(this.origin).toBeVisible();
  }

  async openRevisions(): Promise<RevisionsTab> {
    await this.tab("Revisions").click();
    const revisions = new RevisionsTab(this.page);
    await expect(revisions.panel).toBeVisible();
    return revisions;
  }

  tab(name: "Text and plan" | "Revisions" | "Boot rules"): Locator {
    return this.page.getByRole("tab", { name, exact: true });
  }
}
