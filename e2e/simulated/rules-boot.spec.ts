import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RulesPage } from "../pages/rules-page.ts";
import { expect, test } from "./product-fixture.ts";

test("the table is saved as boot rules, and how far it is from them is said", async ({ page, product }) => {
  const before = (await product.rules()).toSorted();
  const rules = await RulesPage.open(page);
  await rules.tab("Boot rules").click();
  const panel = page.getByRole("tabpanel", { name: "Boot rules" });
  await expect(panel.getByRole("status")).toHaveText("No boot rules are kept yet.");
  await panel.getByRole("button", { name: "Save the table as boot rules" }).click();
  await expect(panel.getByRole("status")).toContainText("Saved");
  await expect(panel).toContainText("The table is as the boot rules make it.");
  const kept = readFileSync(join(product.stateDir, "director", "boot.rules"), "utf8");
  expect(kept.trimEnd().split("\n").toSorted()).toEqual(before);

  await rules.tab("Text and plan").click();
  await (
    await rules.planOf("-A -t 192.0.2.77:80 -s rr\n-e -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 9", "Run")
  ).submit();
  await expect(rules.result).toContainText("Done: 2 changes.");
  await rules.tab("Boot rules").click();
  await expect(panel).toContainText("The table differs: 2 rows that the boot rules lack, 1 row that only they have.");
  await expect(panel.getByRole("textbox", { name: "Boot rules" }).getByText("10.0.1.11:8080 -m -w 3")).toBeVisible();
  await expect(
    panel.getByRole("textbox", { name: "The table now" }).getByText("-A -t 192.0.2.77:80 -s rr"),
  ).toBeVisible();

  await panel.getByRole("button", { name: "Plan a return to them" }).click();
  await expect(rules.plan.changes).toHaveCount(2);
  await rules.plan.timer.uncheck();
  await rules.plan.submitByName();
  await expect(rules.result).toContainText("Done: 2 changes.");
  expect((await product.rules()).toSorted()).toEqual(before);
  await rules.tab("Boot rules").click();
  await expect(panel).toContainText("The table is as the boot rules make it.");
});
