import { PendingBanner } from "../pages/pending-banner.ts";
import { RulesPage } from "../pages/rules-page.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./product-fixture.ts";

const mixed = [
  "-A -t 192.0.2.77:http -s rr",
  "-a -t 192.0.2.77:http -r localhost:http -m",
  "-A -t 192.0.2.10:80 -s wrr",
  "-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 9",
].join("\n");

test.describe("axe finds nothing", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("in the text, its errors, a plan and its question", async ({ page }) => {
    const rules = await RulesPage.open(page);
    await expectAccessible(page, "the table");
    await rules.editor.paste("-A -t 192.0.2.78 -s rr\n–A -u 192.0.2.79:53\n");
    await expect(rules.remarks).toHaveCount(2);
    await expectAccessible(page, "errors");
    await rules.planOf("-A -t 192.0.2.10:80 -s rr\n", "Run");
    await expectAccessible(page, "a refused line");

    const plan = await rules.planOf(mixed, "Replace");
    await expect(plan.changes).not.toHaveCount(0);
    await expectAccessible(page, "plan");
    await plan.diff();
    await expectAccessible(page, "before and after");
    await plan.submit();
    await expect(plan.dialog).toBeVisible();
    await expectAccessible(page, "question");
  });

  test("in what waits, revisions and boot rules", async ({ page }) => {
    const rules = await RulesPage.open(page);
    const pending = new PendingBanner(page);
    const plan = await rules.planOf(mixed, "Replace");
    // It ends when it is told to, and not while axe looks at it.
    await plan.seconds.fill("600");
    await plan.submitByName();
    await expect(rules.result).toBeVisible();
    await expect(pending.banner).toBeVisible();
    await expectAccessible(page, "done, and waiting");

    const revisions = await rules.openRevisions();
    await revisions.openRow(revisions.rows.first());
    await expect(revisions.text("Before")).toBeVisible();
    await expectAccessible(page, "revisions");
    await pending.putBackButton.click();
    await expect(pending.banner).toBeHidden();
    await rules.shell.expectToast("The old table is back.");
    await rules.tab("Boot rules").click();
    await expect(page.getByText("No boot rules are kept yet.")).toBeVisible();
    await expectAccessible(page, "boot rules");
  });
});

test.describe("375 px wide", () => {
  test.use({ viewport: { width: 375, height: 740 } });

  test("nothing scrolls sideways", async ({ page }) => {
    const expectNarrow = async (where: string) =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(375);
    const rules = await RulesPage.open(page);
    await expectNarrow("the table");
    const plan = await rules.planOf(mixed, "Replace");
    await expect(plan.changes).not.toHaveCount(0);
    await expectNarrow("plan");
    await plan.region.getByRole("button", { name: "Before and after" }).click();
    await expect(
      plan.region.getByRole("textbox", { name: "The table now and The table afterwards in one" }),
    ).toBeVisible();
    await expectNarrow("diff in one");
    await plan.submit();
    await expect(plan.dialog).toBeVisible();
    expect(await plan.dialog.evaluate((dialog) => dialog.getBoundingClientRect().right)).toBeLessThanOrEqual(375);
    await page.keyboard.press("Escape");
    await plan.submitByName();
    await expect(new PendingBanner(page).banner).toBeVisible();
    await expectNarrow("waiting");
    const revisions = await rules.openRevisions();
    await revisions.openRow(revisions.rows.first());
    await expect(revisions.open.getByRole("textbox").first()).toBeVisible();
    await expectNarrow("revisions");
    await rules.tab("Boot rules").click();
    await expectNarrow("boot rules");
  });
});
