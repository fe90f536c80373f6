import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";
import { withSecondPerson } from "./second-person.ts";

test("two edit one service: the slower sees theirs and their own, and takes theirs", async ({
  page,
  browser,
  product,
}) => {
  const services = await ServicesPage.open(page);
  const mine = await services.service("TCP", "192.0.2.10:80").editService();
  await mine.fill({ scheduler: "lc", persistent: true });
  await withSecondPerson(browser, product, "", async (others) => {
    const theirs = await others.service("TCP", "192.0.2.10:80").editService();
    await theirs.fill({ scheduler: "rr" });
    await theirs.submit();
  });
  await mine.press();
  await mine.conflict.expectRow("Scheduler", "wrr", "rr", "lc");
  await mine.conflict.expectRow("Persistent connections", "off", "off", "on");
  await expect(mine.submitButton).toBeDisabled();
  await expect(mine.scheduler).toHaveValue("lc");
  expect(await product.rules()).toContain("-A -t 192.0.2.10:80 -s rr");

  await mine.conflict.takeTheirs();
  await expect(mine.scheduler).toHaveValue("rr");
  await expect(mine.persistent).not.toBeChecked();
  await mine.fill({ persistent: true, timeoutS: "60" });
  await mine.submit();
  expect(await product.rules()).toContain("-A -t 192.0.2.10:80 -s rr -p 60");
});

test("two edit one server: mine goes on top of theirs, and what I left alone follows them", async ({
  page,
  browser,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const mine = await services.server("10.0.1.11:8080").editServer();
  await mine.fill({ weight: "8" });
  await withSecondPerson(browser, product, "open=all&q=192.0.2.10:80", async (others) => {
    const theirs = await others.server("10.0.1.11:8080").editServer();
    await theirs.fill({ weight: "5", upper: "500", lower: "400" });
    await theirs.submit();
  });
  await mine.press();
  await mine.conflict.expectRow("Weight", "3", "5", "8");
  await mine.conflict.expectRow("Upper threshold", "0", "500", "0");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 5 -x 500 -y 400");

  await mine.conflict.keepMine();
  await expect(mine.weight).toHaveValue("8");
  await expect(mine.upper).toHaveValue("500");
  await mine.submit();
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 8 -x 500 -y 400");
});

test("two type one weight in place: theirs is said, and mine is set only when I say so again", async ({
  page,
  browser,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const row = services.server("10.0.1.12:8080");
  const field = await row.editWeight();
  await field.fill("8");
  await withSecondPerson(browser, product, "open=all&q=192.0.2.10:80", async (others) => {
    const theirs = others.server("10.0.1.12:8080");
    const typed = await theirs.editWeight();
    await typed.fill("4");
    await typed.press("Enter");
    await expect(theirs.weight).toHaveText("4");
  });
  await field.press("Enter");
  await expect(row.weightNotice).toContainText("Someone set the weight to 4; you saw 3.");
  await expect(field).toHaveValue("8");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.12:8080 -m -w 4");
  await row.weightNotice.getByRole("button", { name: "Set 8" }).click();
  await expect(row.weight).toHaveText("8");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.12:8080 -m -w 8");
});

test("the server is removed meanwhile: the form stays with what was typed, and can add it again", async ({
  page,
  browser,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.40");
  const mine = await services.server("10.0.7.12:9200").editServer();
  await mine.fill({ weight: "6", upper: "90" });
  await withSecondPerson(browser, product, "open=all&q=192.0.2.40", async (others) => {
    const dialog = await others.server("10.0.7.12:9200").remove();
    await (await dialog.typeIfAsked("10.0.7.12:9200")).confirm();
  });
  await expect(page.getByRole("checkbox", { name: "Select 10.0.7.12:9200", includeHidden: true })).toHaveCount(0);
  await expect(mine.weight).toHaveValue("6");
  await mine.press();
  await expect(mine.dialog.getByRole("alert")).toContainText("This was removed while you had it open.");
  await expect(mine.weight).toHaveValue("6");
  await expect(mine.upper).toHaveValue("90");
  await expect(mine.command).toHaveText("ipvsadm -a -t 192.0.2.40:9200 -r 10.0.7.12:9200 -m -w 6 -x 90");
  await mine.submit();
  await expect(services.server("10.0.7.12:9200").row).toBeVisible();
  expect(await product.rules()).toContain("-a -t 192.0.2.40:9200 -r 10.0.7.12:9200 -m -w 6 -x 90");
});

test("the service is removed meanwhile: the form stays with what was typed", async ({ page, browser, product }) => {
  const services = await ServicesPage.open(page);
  const mine = await services.service("TCP", "192.0.2.50:8000").editService();
  await mine.fill({ scheduler: "sed" });
  await withSecondPerson(browser, product, "", async (others) => {
    await (await others.service("TCP", "192.0.2.50:8000").remove()).confirm();
  });
  await mine.press();
  await expect(mine.dialog.getByRole("alert")).toContainText("This was removed while you had it open.");
  await expect(mine.scheduler).toHaveValue("sed");
  await mine.submit();
  expect(await product.rules()).toContain("-A -t 192.0.2.50:8000 -s sed");
});
