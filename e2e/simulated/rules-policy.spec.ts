import { PendingBanner } from "../pages/pending-banner.ts";
import { RulesPage } from "../pages/rules-page.ts";
import { watchPolicy } from "./policy.ts";
import { expect, test } from "./product-fixture.ts";

test("the rules page asks for nothing that the content policy forbids, and checks beside the page", async ({
  page,
}) => {
  const violations = await watchPolicy(page);
  const workers: string[] = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  const rules = await RulesPage.open(page);
  // Styles that the editor makes for itself have taken hold: a text without them has no gutter beside it.
  await expect(rules.editor.text).toHaveCSS("white-space", /break-spaces|pre-wrap/);
  await rules.editor.paste("-A -t 192.0.2.78 -s rr\n");
  await expect(rules.remarks).toHaveCount(1);
  await rules.editor.marks.hover();
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type("rr");
  await page.keyboard.press("Escape");
  await rules.editor.drop("web.rules", "-A -t 192.0.2.77:80 -s rr\n");
  await rules.download("The text in the editor");
  const plan = await rules.showPlan("Replace");
  await plan.diff();
  await plan.submitByName();
  await new PendingBanner(page).putBackButton.click();
  await expect(new PendingBanner(page).banner).toBeHidden();
  const revisions = await rules.openRevisions();
  await revisions.openRow(revisions.rows.last());
  await expect(revisions.text("Before")).toBeVisible();
  await revisions.compare("not at all: the text alone");
  await rules.tab("Boot rules").click();
  await page.getByRole("button", { name: "Save the table as boot rules" }).click();
  await expect(page.getByText("The table is as the boot rules make it.")).toBeVisible();
  expect(violations).toEqual([]);
  expect(workers).toHaveLength(1);
});
