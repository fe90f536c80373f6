import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";
import { withSecondPerson } from "./second-person.ts";

const query = "open=all&q=192.0.2.10:80";
const rule = (server: number, weight: number) => `-a -t 192.0.2.10:80 -r 10.0.1.${server}:8080 -m -w ${weight}`;

test("servers chosen with shift get a weight, drain, get their weights back and go, each with one confirmation", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page, query);
  await services.server("10.0.1.11:8080").checkbox.click();
  await services.server("10.0.1.13:8080").checkbox.click({ modifiers: ["Shift"] });
  await expect(services.selected.bar).toContainText("3 servers selected");
  await expect(services.server("10.0.1.12:8080").checkbox).toBeChecked();
  await expect(services.server("10.0.1.14:8080").checkbox).not.toBeChecked();

  await test.step("weight", async () => {
    const plan = await services.selected.setWeight();
    await plan.fillWeight("6");
    await expect(plan.weightOf("10.0.1.13:8080")).toHaveText(/^2\s*6$/);
    await plan.confirm("Set 3 weights");
    await services.shell.expectToast("Weights of 3 real servers set.");
    expect(await product.rules()).toEqual(expect.arrayContaining([rule(11, 6), rule(12, 6), rule(13, 6), rule(14, 1)]));
  });

  await test.step("an emptied weight is no plan", async () => {
    const plan = await services.selected.setWeight();
    await plan.press("Set weight");
    await expect(plan.refusal).toHaveText("Enter a value: this cannot be empty.");
    await plan.cancel();
    expect(await product.rules()).toContain(rule(11, 6));
  });

  await test.step("drain", async () => {
    const plan = await services.selected.drain();
    await plan.confirm("Drain 3 servers");
    await services.shell.expectToast("3 real servers drain.");
    expect(await product.rules()).toEqual(expect.arrayContaining([rule(11, 0), rule(12, 0), rule(13, 0), rule(14, 1)]));
  });

  await test.step("restore", async () => {
    const plan = await services.selected.restore();
    await plan.confirm("Restore 3 servers");
    await services.shell.expectToast("3 real servers have their weights back.");
    expect(await product.rules()).toEqual(expect.arrayContaining([rule(11, 6), rule(12, 6), rule(13, 6)]));
  });

  await test.step("remove", async () => {
    const dialog = await services.selected.remove();
    await expect(dialog.dialog).toContainText("Remove 3 rows?");
    await expect(dialog.dialog).toContainText("3 real servers will be gone.");
    await (await dialog.typeIfAsked("3")).confirm();
    await expect(services.server("10.0.1.11:8080").row).toBeHidden();
    const left = (await product.rules()).filter((line) => line.startsWith("-a -t 192.0.2.10:80 "));
    expect(left).toEqual([rule(14, 1)]);
  });
});

test("one of the servers was changed since the plan was read: none is written, and the plan shows how it stands", async ({
  page,
  browser,
  product,
}) => {
  const services = await ServicesPage.open(page, query);
  await services.server("10.0.1.11:8080").checkbox.click();
  await services.server("10.0.1.14:8080").checkbox.click({ modifiers: ["Shift"] });
  const plan = await services.selected.setWeight();
  await plan.fillWeight("9");
  // The dialog reads the table again every two seconds: this one's answers are held up on their way.
  const held: (() => void)[] = [];
  let holding = true;
  await page.route("**/api/trpc/table.service**", async (route) => {
    if (holding) await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await withSecondPerson(browser, product, query, async (others) => {
    const theirs = others.server("10.0.1.13:8080");
    const field = await theirs.editWeight();
    await field.fill("7");
    await field.press("Enter");
    await expect(theirs.weight).toHaveText("7");
  });
  await plan.press("Set 4 weights");
  await expect(plan.refusal).toContainText("Someone else changed this meanwhile. Nothing was written.");
  await expect(plan.refusal).toContainText("What is shown now is how it stands: look again, then confirm.");
  expect(await product.rules()).toEqual(expect.arrayContaining([rule(11, 3), rule(12, 3), rule(13, 7), rule(14, 1)]));
  await expect(plan.weight).toHaveValue("9");
  holding = false;
  for (const release of held) release();
  await expect(plan.weightOf("10.0.1.13:8080")).toHaveText(/^7\s*9$/);
  await plan.confirm("Set 4 weights");
  expect(await product.rules()).toEqual(expect.arrayContaining([rule(11, 9), rule(12, 9), rule(13, 9), rule(14, 9)]));
});

test("the whole table is removed with one confirmation, and the empty list offers the first service", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page);
  // The last row is the last only when all of them are there.
  await expect(services.rows).toHaveCount(13);
  await services.rows.first().getByRole("checkbox").click();
  await services.rows
    .last()
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await expect(services.selected.bar).toContainText("13 services selected");
  const dialog = await services.selected.remove();
  await expect(dialog.dialog).toContainText(
    /13 virtual services and 33 real servers will be gone\. [\d,]+ active connections break\./,
  );
  await expect(dialog.removeButton).toBeDisabled();
  await dialog.typed.fill("13");
  await dialog.confirm();
  await expect(page.getByText("No virtual services yet")).toBeVisible();
  expect(await product.rules()).toEqual([]);
  await page.getByRole("button", { name: "Add service" }).last().click();
  await expect(page.getByRole("dialog", { name: "Add a virtual service" })).toBeVisible();
});

test("a selection stands in the URL, and a service stands for all its servers", async ({ page, product }) => {
  const services = await ServicesPage.open(page, "q=192.0.2.30");
  await services.service("TCP", "192.0.2.30:5432").checkbox.click();
  await expect(services.selected.bar).toContainText("1 service selected");
  await page.reload();
  await expect(services.selected.bar).toContainText("1 service selected");
  const plan = await services.selected.drain();
  await plan.confirm("Drain 3 servers");
  await expect
    .poll(async () => (await product.rules()).filter((line) => line.startsWith("-a -t 192.0.2.30:5432 ")).sort())
    .toEqual([
      "-a -t 192.0.2.30:5432 -r 10.0.6.11:5432 -m -w 0 -x 400 -y 350",
      "-a -t 192.0.2.30:5432 -r 10.0.6.12:5432 -m -w 0",
      "-a -t 192.0.2.30:5432 -r 10.0.6.13:5432 -m -w 0 -x 100 -y 100",
    ]);
  await services.selected.bar.getByRole("button", { name: "Clear the selection" }).click();
  await expect(services.selected.bar).toBeHidden();
});
