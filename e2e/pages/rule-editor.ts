import { expect, type Locator, type Page } from "@playwright/test";

/** The text of the rules, which only has those lines in the document that can be seen. */
export class RuleEditor {
  readonly page: Page;
  readonly text: Locator;

  constructor(page: Page) {
    this.page = page;
    this.text = page.getByRole("textbox", { name: "Rules, as ipvsadm writes them" });
  }

  /** A line that can be seen, by its whole text. */
  line(text: string): Locator {
    return this.text.getByText(text, { exact: true });
  }

  /** What is marked in the text as wrong; a mark has no role. */
  get marks(): Locator {
    return this.text.locator(".cm-lintRange-error");
  }

  /** Everything, seen or not, as it is copied. */
  async read(): Promise<string> {
    await this.allowClipboard();
    await this.text.focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("ControlOrMeta+c");
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Pastes in place of everything. */
  async paste(text: string): Promise<void> {
    await this.allowClipboard();
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.text.focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("ControlOrMeta+v");
  }

  /** Replaces what stands at the end of a line. */
  async typeAtEndOf(line: string, ending: string, typed: string): Promise<void> {
    expect(line.endsWith(ending)).toBe(true);
    await this.line(line).click();
    await this.page.keyboard.press("End");
    for (let letter = 0; letter < ending.length; letter++) await this.page.keyboard.press("Backspace");
    await this.page.keyboard.type(typed);
  }

  /** Lets go of a file above the text. */
  async drop(name: string, content: string): Promise<void> {
    const data = await this.page.evaluateHandle(
      ([fileName, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], fileName));
        return transfer;
      },
      [name, content] as const,
    );
    for (const type of ["dragenter", "dragover", "drop"]) await this.text.dispatchEvent(type, { dataTransfer: data });
  }

  private async allowClipboard(): Promise<void> {
    await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  }
}
