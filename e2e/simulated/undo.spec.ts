import { OverviewPage } from "../pages/overview-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, type Product, test } from "./product-fixture.ts";
import { withSecondPerson } from "./second-person.ts";

test.use({ role: "operator" });

const sorted = async (product: Product) => (await product.rules()).toSorted();

test("a weight, a new service, servers with it, and many at once are undone from the toast", async ({
  page,
  product,
}) => {
  const before = await sorted(product);
  const services = await ServicesPage.open(page, "open=all");

  await test.step("a weight", async () => {
    const row = services.server("10.0.1.11:8080");
    const field = await row.editWeight();
    await field.fill("8");
    await field.press("Enter");
    await expect(row.weight).toHaveText("8");
    await services.shell.undo();
    await expect(row.weight).toHaveText("3");
    expect(await sorted(product)).toEqual(before);
  });
  await test.step("a new service", async () => {
    const form = await services.addService();
    await form.fill({ address: "192.0.2.77", port: "80", scheduler: "rr" });
    await form.submit();
    await expect(services.service("TCP", "192.0.2.77:80").row).toBeVisible();
    await services.shell.undo();
    await expect(services.service("TCP", "192.0.2.77:80").row).toHaveCount(0);
    expect(await sorted(product)).toEqual(before);
  });
  await test.step("a service that was removed with its servers", async () => {
    await services.searchFor("192.0.2.30");
    const dialog = await services.service("TCP", "192.0.2.30:5432").remove();
    await (await dialog.typeIfAsked("TCP 192.0.2.30:5432")).confirm();
    await expect(services.service("TCP", "192.0.2.30:5432").row).toHaveCount(0);
    await services.shell.undo();
    await expect(services.service("TCP", "192.0.2.30:5432").row).toBeVisible();
    expect(await sorted(product)).toEqual(before);
  });
  await test.step("weights of many", async () => {
    await services.searchFor("192.0.2.10:80");
    for (const name of ["10.0.1.11:8080", "10.0.1.13:8080", "10.0.1.14:8080"])
      await services.server(name).checkbox.click();
    const plan = await services.selected.setWeight();
    await plan.fillWeight("50");
    await plan.confirm("Set 3 weights");
    await expect(services.server("10.0.1.14:8080").weight).toHaveText("50");
    await services.shell.undo();
    await expect(services.server("10.0.1.14:8080").weight).toHaveText("1");
    expect(await sorted(product)).toEqual(before);
  });
});

test("a drain, a restored weight and an edited service are undone too, and the overview tells of all of it", async ({
  page,
  product,
}) => {
  const before = await sorted(product);
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const row = services.server("10.0.1.11:8080");

  const drained = "Weight of 10.0.1.11:8080: 0 (was 3 before it was drained). Edit";

  await test.step("a drain", async () => {
    await (await row.drain()).confirm("Drain 1 server");
    await expect(row.row).toContainText("Draining");
    await services.shell.undo();
    await expect(row.weight).toHaveText("3");
    expect(await sorted(product)).toEqual(before);
  });
  await test.step("a weight that was given back", async () => {
    await (await row.drain()).confirm("Drain 1 server");
    await services.shell.closeToast("10.0.1.11:8080 drains.");
    await (await row.restore(3)).confirm("Restore 1 server");
    await expect(row.weight).toHaveText("3");
    await services.shell.undo();
    await expect(row.weight).toHaveAccessibleName(drained);
  });
  await test.step("a drained server that was removed: the weight that is kept for it comes back too", async () => {
    await (await (await row.remove()).typeIfAsked("10.0.1.11:8080")).confirm();
    await expect(row.row).toHaveCount(0);
    await services.shell.undo();
    await expect(row.weight).toHaveAccessibleName(drained);
    await (await row.restore(3)).confirm("Restore 1 server");
    await expect(row.weight).toHaveText("3");
    await services.shell.closeToast("10.0.1.11:8080");
  });
  await test.step("an edited service", async () => {
    const form = await services.service("TCP", "192.0.2.10:80").editService();
    await form.fill({ scheduler: "lc" });
    await form.submit();
    await expect.poll(() => product.rules()).toContain("-A -t 192.0.2.10:80 -s lc");
    await services.shell.undo();
    await expect.poll(() => sorted(product)).toEqual(before);
  });
  await test.step("the overview names the last changes, and leads to them", async () => {
    await page.getByRole("link", { name: "Overview" }).click();
    const { changes } = new OverviewPage(page);
    const revisions = changes.getByRole("link", { name: /^Revision / });
    await expect(revisions).toHaveCount(5);
    await expect(changes.getByRole("listitem").first()).toContainText("the-operator");
    await revisions.first().click();
    await expect(page.getByRole("heading", { name: /^Revision \d+$/ })).toBeVisible();
  });
});

test("a row that somebody moved meanwhile is left alone, and the refusal says so", async ({
  page,
  browser,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const row = services.server("10.0.1.12:8080");
  const field = await row.editWeight();
  await field.fill("8");
  await field.press("Enter");
  await expect(row.weight).toHaveText("8");
  await services.shell.holdToasts();
  await withSecondPerson(browser, product, "open=all&q=192.0.2.10:80", async (others) => {
    const theirs = await others.server("10.0.1.12:8080").editWeight();
    await theirs.fill("5");
    await theirs.press("Enter");
    await expect(others.server("10.0.1.12:8080").weight).toHaveText("5");
  });
  await services.shell.pressUndo();
  await services.shell.expectToast("This was not undone.");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.12:8080 -m -w 5");
  await expect(row.weight).toHaveText("5");
});
