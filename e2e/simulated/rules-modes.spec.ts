import { RulesPage } from "../pages/rules-page.ts";
import { expect, type Product, test } from "./product-fixture.ts";

/** New connections of all services since their counters were last zero. */
async function connections({ people }: Product): Promise<number> {
  const { token } = await people.admin.mutate<{ token: string }>("tokens.add", {
    name: `reader-${Math.random().toString(36).slice(2)}`,
    role: "viewer",
    days: 30,
  });
  const { text } = await people.admin.ask("/metrics", { headers: { authorization: `Bearer ${token}` } });
  const counts = [...text.matchAll(/^ipvs_connections_total\{[^}]*scope="service"[^}]*\} (\d+)/gm)];
  expect(counts.length).toBeGreaterThan(5);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

test.describe("an operator", () => {
  test.use({ role: "operator" });

  test("a line that the kernel would refuse keeps all of a run from being done, and is named", async ({
    page,
    product,
  }) => {
    const before = (await product.rules()).toSorted();
    const rules = await RulesPage.open(page);
    const plan = await rules.planOf("-A -t 192.0.2.77:80 -s rr\n\n-A -t 192.0.2.10:80 -s rr\n", "Run");
    const refused = plan.region.getByRole("region", { name: /^The kernel would refuse 1 line/ });
    await expect(refused.getByRole("listitem")).toContainText(/already/);
    await expect(plan.submitButton).toHaveCount(0);
    await refused.getByRole("button", { name: "Line 3" }).click();
    await expect(rules.editor.text).toBeFocused();
    await page.keyboard.type("# ");
    const mended = await rules.showPlan();
    await expect(mended.changes).toHaveCount(1);
    expect((await product.rules()).toSorted()).toEqual(before);
    await mended.submit();
    await expect(rules.result).toContainText("Done: 1 change.");
    expect((await product.rules()).toSorted()).toEqual([...before, "-A -t 192.0.2.77:80 -s rr"].toSorted());
  });

  test("counters are set to zero last, and only after a question that says they do not come back", async ({
    page,
    product,
  }) => {
    const rules = await RulesPage.open(page);
    const plan = await rules.planOf("-Z\n-A -t 192.0.2.77:80 -s rr\n", "Run");
    await expect(plan.changes).toHaveText([/^\+\s*Add the service.*Line 2$/, /Set all counters to zero\s*Line 1$/]);
    const before = await connections(product);
    await plan.timer.uncheck();
    await plan.submit();
    await expect(plan.dialog).toContainText("Counters that are set to zero do not come back.");
    await page.keyboard.press("Escape");
    await plan.submitByName();
    await expect(rules.result).toContainText("Done: 2 changes.");
    expect(await connections(product)).toBeLessThan(before / 2);
  });

  test("a merge removes nothing and says which lines would", async ({ page, product }) => {
    const before = (await product.rules()).toSorted();
    const rules = await RulesPage.open(page);
    const text = "-D -t 192.0.2.10:80\n-A -t 192.0.2.77:80 -s rr\n-d -t 192.0.2.25:25 -r 10.0.5.11:25\n";
    const plan = await rules.planOf(text, "Merge");
    await expect(plan.region).toContainText("2 lines would remove something. A merge does not:");
    await expect(plan.changes).toHaveCount(1);
    await plan.submit();
    await expect(rules.result).toContainText("Done: 1 change.");
    expect((await product.rules()).toSorted()).toEqual([...before, "-A -t 192.0.2.77:80 -s rr"].toSorted());
  });

  test("is shown what a replace would do, and not offered to do it", async ({ page, product }) => {
    const before = await product.rules();
    const rules = await RulesPage.open(page);
    for (const [text, mode] of [
      ["-A -t 192.0.2.77:80 -s rr\n", "Replace"],
      ["-C\n-A -t 192.0.2.77:80 -s rr\n", "Run"],
    ] as const) {
      const plan = await rules.planOf(text, mode);
      await expect(plan.changes.filter({ hasText: /Remove (the|every) service/ })).not.toHaveCount(0);
      await expect(plan.region).toContainText("Doing this needs the role admin.");
      await expect(plan.submitButton).toHaveCount(0);
    }
    await rules.tab("Boot rules").click();
    await expect(page.getByText("Saving them needs the role admin.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Save the table as boot rules" })).toHaveCount(0);
    expect(await product.rules()).toEqual(before);
  });
});

test.describe("a viewer", () => {
  test.use({ role: "viewer" });

  test("reads, downloads, and plans, and is offered no more", async ({ page, product }) => {
    const before = (await product.rules()).toSorted();
    const rules = await RulesPage.open(page);
    const { text } = await rules.download("The table as it is now");
    expect(text.trimEnd().split("\n").toSorted()).toEqual(before);
    for (const mode of ["Run", "Merge", "Replace"] as const) {
      const plan = await rules.planOf("-A -t 192.0.2.77:80 -s rr\n", mode);
      await expect(plan.changes.filter({ hasText: "Add the service" })).toHaveCount(1);
      await expect(plan.region).toContainText(/Doing this needs the role (operator|admin)\./);
      await expect(plan.submitButton).toHaveCount(0);
    }
    const revisions = await rules.openRevisions();
    await expect(revisions.panel).toContainText("Nothing was changed yet.");
    expect((await product.rules()).toSorted()).toEqual(before);
  });
});
