import type { Page } from "@playwright/test";
import { RulesPage } from "../pages/rules-page.ts";
import { expect, test } from "./product-fixture.ts";

/** Presses Tab until something has the focus that says this of itself. */
async function tabTo(page: Page, says: RegExp, key = "Tab"): Promise<void> {
  const focused: string[] = [];
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press(key);
    const name = await page.evaluate(() => {
      const { activeElement: element } = document;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
      return element?.getAttribute("aria-label") ?? label ?? element?.textContent?.slice(0, 60) ?? "";
    });
    if (says.test(name)) return;
    focused.push(name);
  }
  throw new Error(`nothing says ${says} among ${focused.join(" | ")}`);
}

test("from the text to the change by keyboard alone", async ({ page, product }) => {
  const rules = await RulesPage.open(page);
  await tabTo(page, /^Rules, as ipvsadm writes them/);
  await expect(rules.editor.text).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("-A -t 192.0.2.77:80 -s rr\n-a -t 192.0.2.77:80 -r 10.0.1.11:99999 -m");
  await expect(rules.remarks).toHaveCount(1);
  await page.keyboard.press("F8");
  expect(await page.evaluate(() => getSelection()?.toString())).toContain("99999");
  await page.keyboard.type(await page.evaluate(() => (getSelection()?.toString() ?? "").replace("99999", "80")));
  await expect(rules.standing).toHaveText("No errors, no warnings.");
  await tabTo(page, /^Merge$/);
  await page.keyboard.press("ArrowDown");
  await expect(rules.mode("Replace")).toBeChecked();
  await page.keyboard.press("ArrowUp");
  await expect(rules.mode("Merge")).toBeChecked();
  await tabTo(page, /^Show plan$/);
  await page.keyboard.press("Enter");
  await expect(rules.plan.heading).toBeFocused();
  await expect(rules.plan.changes).toHaveCount(2);
  await tabTo(page, /^Note/);
  await page.keyboard.type("by hand");
  await tabTo(page, /^Merge 2 changes$/);
  await page.keyboard.press("Enter");
  await expect(rules.result).toBeFocused();
  expect(await product.rules()).toContain("-a -t 192.0.2.77:80 -r 10.0.1.11:80 -m -w 1");
  await tabTo(page, /^Revision \d+$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: /^Revision \d+$/ })).toContainText("by hand");
});

test("keys of an input method that is composing write no plan and change no table", async ({ page, product }) => {
  const before = await product.rules();
  const rules = await RulesPage.open(page);
  const client = await page.context().newCDPSession(page);
  const compose = async () => {
    await client.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    const event = { key: "Process", code: "Enter", windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
    for (const type of ["rawKeyDown", "keyUp"] as const)
      await client.send("Input.dispatchKeyEvent", { type, ...event });
  };
  const plans: string[] = [];
  page.on("request", (request) => {
    if (/rules\.(plan|write)/.test(request.url())) plans.push(request.url());
  });

  await test.step("in the text: what was composed is there once, as a comment that is none", async () => {
    await rules.editor.paste("# ");
    await page.keyboard.press("ControlOrMeta+End");
    await compose();
    await client.send("Input.insertText", { text: "日本" });
    expect(await rules.editor.read()).toBe("# 日本");
    expect(plans).toEqual([]);
  });
  const plan = await rules.planOf("-A -t 192.0.2.77:80 -s rr\n", "Replace");
  await test.step("in the note", async () => {
    await plan.note.focus();
    await compose();
    await client.send("Input.insertText", { text: "日本" });
    await expect(plan.note).toHaveValue("日本");
    await expect(plan.dialog).toBeHidden();
  });
  await test.step("in the name that is typed: Escape ends the composition, not the dialog", async () => {
    await plan.submit();
    const typed = plan.dialog.getByRole("textbox");
    await typed.focus();
    await client.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
    await typed.dispatchEvent("keydown", { key: "Escape", keyCode: 229, isComposing: true });
    await typed.dispatchEvent("keydown", { key: "Enter", keyCode: 229, isComposing: true });
    await expect(plan.dialog).toBeVisible();
  });
  expect(plans.filter((url) => url.includes("rules.write"))).toEqual([]);
  expect(await product.rules()).toEqual(before);
});
