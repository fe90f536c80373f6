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
