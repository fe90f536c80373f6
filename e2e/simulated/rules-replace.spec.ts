import { provedMs } from "#domain/people";
import { PasswordDialog } from "../pages/password-dialog.ts";
import { PendingBanner } from "../pages/pending-banner.ts";
import { RulesPage } from "../pages/rules-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { letTimePass } from "./passing-time.ts";
import { expect, type Product, test } from "./product-fixture.ts";
import { withSecondPerson } from "./second-person.ts";

/** The table, and the text of the same without one service and its two servers. */
async function oneServiceLess(product: Product) {
  const before = (await product.rules()).toSorted();
  const after = before.filter((line) => !line.includes("192.0.2.40:9200"));
  expect(after).toHaveLength(before.length - 3);
  return { before, after, text: `${after.join("\n")}\n`, now: async () => (await product.rules()).toSorted() };
}

test("a replace wants the host's name, waits for its confirmation on every page, and is kept", async ({
  page,
  product,
}) => {
  const { after, text, now } = await oneServiceLess(product);
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf(text, "Replace");
  await expect(plan.changes).toHaveCount(1);
  await expect(plan.changes).toContainText("Remove the service with its servers");
  await expect(plan.timer).toBeChecked();
  await expect(plan.seconds).toHaveValue("60");
  await plan.seconds.fill("9");
  await expect(plan.seconds).toHaveAccessibleDescription(/A whole number from 10 to 3,600\./);
  await expect(plan.submitButton).toBeDisabled();
  await plan.seconds.fill("60");
  await plan.submit();
  await expect(plan.dialog).toContainText("1 virtual service and 2 real servers will be gone.");
  await expect(plan.dialog).toContainText(/active connections? breaks?\.|no active connections/);
  await expect(plan.dialog).toContainText("within 60 seconds, the old table comes back by itself");
  await page.keyboard.press("Escape");
  await expect(plan.dialog).toBeHidden();
  await expect(plan.submitButton).toBeFocused();
  await plan.submitByName();
  await expect(rules.result).toContainText("It waits for your confirmation");
  expect(await now()).toEqual(after);

  const banner = new PendingBanner(page);
  await expect(banner.banner).toContainText(/^ada changed the table at /);
  await ServicesPage.open(page);
  await expect(banner.countdown).toBeVisible();
  const left = await banner.leftS();
  expect(left).toBeGreaterThan(20);
  expect(left).toBeLessThanOrEqual(60);
  await expect.poll(() => banner.leftS()).toBeLessThan(left);
  await banner.keepButton.click();
  await expect(banner.banner).toBeHidden();
  await rules.shell.expectToast("The new table stays.");
  expect(await now()).toEqual(after);
});

/** What became of the last change, as is remembered. */
async function lastOutcome({ people }: Product): Promise<{ outcome: string; by: { name: string } } | undefined> {
  const input = { beforeId: null, limit: 20 };
  const { revisions } = await people.admin.query<{
    revisions: { outcome: string; undoes: number | null; by: { name: string } }[];
  }>("rules.revisions", input);
  return revisions.find(({ undoes }) => undoes === null);
}

test("armed, and nobody there to confirm: the director puts the old table back by itself", async ({
  page,
  product,
}) => {
  const { before, after, text, now } = await oneServiceLess(product);
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf(text, "Replace");
  await plan.seconds.fill("10");
  await plan.submitByName();
  await expect(rules.result).toContainText("It waits for your confirmation");
  await page.close();
  expect(await now()).toEqual(after);
  expect(await lastOutcome(product)).toMatchObject({ outcome: "waiting" });
  await expect.poll(now, { timeout: 20_000 }).toEqual(before);
  expect(await lastOutcome(product)).toMatchObject({ outcome: "put-back" });
});

test("armed, and the browser left open: the page says that the old table is back", async ({ page, product }) => {
  const { before, text, now } = await oneServiceLess(product);
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf(text, "Replace");
  await plan.seconds.fill("10");
  await plan.submitByName();
  const banner = new PendingBanner(page);
  await expect(banner.banner).toBeVisible();
  await expect(banner.banner).toBeHidden();
  await rules.shell.expectToast("The old table is back.");
  expect(await now()).toEqual(before);
});

test("armed, and put back at once by somebody else", async ({ page, browser, product }) => {
  const { before, text, now } = await oneServiceLess(product);
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf(text, "Replace");
  await plan.note.fill("an experiment");
  await plan.submitByName();
  const mine = new PendingBanner(page);
  await expect(mine.banner).toContainText("an experiment");
  await withSecondPerson(browser, product, "", async (services) => {
    const theirs = new PendingBanner(services.page);
    await expect(theirs.banner).toContainText(/^ada changed the table at .*an experiment/);
    await theirs.putBackButton.click();
    await expect(theirs.banner).toBeHidden();
  });
  expect(await now()).toEqual(before);
  await expect(mine.banner).toBeHidden();
  await rules.shell.expectToast("The old table is back.");
  expect(await lastOutcome(product)).toMatchObject({ outcome: "put-back", by: { name: "ada" } });
});

test("a table that somebody changed after the plan is left alone, until the plan is made again", async ({
  page,
  browser,
  product,
}) => {
  const { text, now } = await oneServiceLess(product);
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf(text, "Replace");
  await withSecondPerson(browser, product, "open=all&q=192.0.2.10:80", async (services) => {
    const row = services.server("10.0.1.11:8080");
    const field = await row.editWeight();
    await field.fill("9");
    await field.press("Enter");
    await expect(row.weight).toHaveText("9");
  });
  const theirs = await now();
  await plan.submitByName();
  await expect(plan.alert).toContainText("changed since this plan was made. Nothing was written.");
  expect(await now()).toEqual(theirs);
  await plan.again();
  await expect(plan.changes).toHaveCount(2);
  await expect(plan.changes.filter({ hasText: /Weight 9\s*3/ })).toHaveCount(1);
  await plan.timer.uncheck();
  await plan.submitByName();
  await expect(rules.result).toContainText("Done: 2 changes.");
  await expect(rules.result).not.toContainText("waits");
  expect((await now()).join("\n")).toBe(text.trimEnd());
});

test("when the password was given long ago it is asked for, and the replace goes on", async ({
  page,
  product,
  visitor,
}) => {
  const { before, after, text, now } = await oneServiceLess(product);
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf(text, "Replace");
  letTimePass(product, visitor.name, provedMs + 1000);
  await plan.timer.uncheck();
  await plan.submitByName();
  const password = new PasswordDialog(page);
  await expect(password.dialog).toBeVisible();
  expect(await now()).toEqual(before);
  await password.cancel();
  await expect(plan.alert).toContainText("Nothing was written: the password was not given.");
  expect(await now()).toEqual(before);
  await plan.submitByName();
  await password.give(visitor.password);
  await expect(rules.result).toContainText("Done: 1 change.");
  expect(await now()).toEqual(after);
});
