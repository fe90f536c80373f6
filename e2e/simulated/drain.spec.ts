import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

test("draining sets the weight to 0, connections are seen to fall, and restoring gives the weight back", async ({
  page,
  product,
}) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  const row = service.server("10.0.1.11:8080");
  await expect(row.row).toBeVisible();
  const plan = await row.drain();
  await expect(plan.dialog).toContainText("Weight 0: connections stay until they end, no new ones come.");
  await expect(plan.dialog).not.toContainText("expire_quiescent_template");
  await plan.confirm("Drain 1 server");
  await service.shell.expectToast("10.0.1.11:8080 drains.");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 0");
  await expect(row.row).toContainText("Draining");
  await expect(row.weight).toHaveAccessibleName("Weight of 10.0.1.11:8080: 0 (was 3 before it was drained). Edit");

  await expect(service.draining).toContainText("One real server is draining");
  const progress = service.progress("10.0.1.11:8080");
  const left = async () => Number(await progress.getAttribute("aria-valuenow"));
  const first = await left();
  expect(first).toBeGreaterThan(0);
  await expect.poll(left).toBeLessThan(first);

  const restore = await service.restore("10.0.1.11:8080");
  await restore.confirm("Restore 1 server");
  await expect(row.weight).toHaveText("3");
  await expect(service.draining).toBeHidden();
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 3");
});

test("weight 0 typed in place is a drain too: the menu gives the weight back", async ({ page, product }) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const row = services.server("10.0.1.13:8080");
  const field = await row.editWeight();
  await field.fill("0");
  await field.press("Enter");
  await services.shell.expectToast("10.0.1.13:8080 drains.");
  const restore = await row.restore(2);
  await expect(restore.weightOf("10.0.1.13:8080")).toHaveText(/^0\s*2$/);
  await restore.confirm("Restore 1 server");
  await expect(row.weight).toHaveText("2");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.13:8080 -m -w 2");
});

test("where persistence is on, the dialog and the page say that clients still come", async ({ page, product }) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:443");
  const plan = await service.server("192.0.2.31:443").drain();
  await expect(plan.dialog).toContainText(
    "Clients of a persistent service still come back to a drained server until their timeout, unless the sysctl expire_quiescent_template is 1.",
  );
  await plan.confirm("Drain 1 server");
  await expect(service.draining).toContainText(
    "clients with a template still come to a drained server, unless net.ipv4.vs.expire_quiescent_template is 1.",
  );
  expect(await product.rules()).toContain("-a -t 192.0.2.10:443 -r 192.0.2.31:443 -g -w 0");
});
