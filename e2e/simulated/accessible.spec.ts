import { OverviewPage } from "../pages/overview-page.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./product-fixture.ts";

test.describe("axe finds nothing", () => {
  // Rows are alike: a screenful of few is as good as one of many, and read in half the time.
  test.use({ contextOptions: { reducedMotion: "reduce" }, viewport: { width: 1440, height: 600 } });

  test("on the overview and the page of a service, with the tables behind charts open", async ({ page }) => {
    const overview = await OverviewPage.open(page);
    await expect(overview.totals).toContainText(/\d/);
    await overview.charts.chart("Packets").showTable();
    await expectAccessible(page, "overview");

    const service = await ServicePage.open(page, "tcp:192.0.2.25:25");
    await expect(service.draining).toBeVisible();
    await service.charts.chart("Traffic, in above, out below").showTable();
    await expectAccessible(page, "service");
    const plan = await service.server("10.0.5.12:25").drain();
    await expect(plan.server("10.0.5.12:25")).toBeVisible();
    await expectAccessible(page, "plan of a drain");
    await plan.cancel();
    await ServicePage.open(page, "tcp:203.0.113.1:81");
    await expect(service.notice).toBeVisible();
    await expectAccessible(page, "unknown service");
  });

  test("on the list: folded, unfolded, selected, without a match, and with a form open", async ({ page }) => {
    const services = await ServicesPage.open(page);
    await expectAccessible(page, "folded");
    await services.unfoldAll();
    await expect(services.server("10.0.1.14:8080").row).toBeVisible();
    await services.server("10.0.1.11:8080").checkbox.click();
    await expect(services.selected.bar).toBeVisible();
    await expectAccessible(page, "unfolded and selected");
    await services.server("10.0.1.12:8080").openMenu();
    // An open menu stands at the end of the document, as a dialog does, but axe lets only dialogs stand outside of landmarks.
    await expectAccessible(page, "menu of a row", ["region"]);
    await page.keyboard.press("Escape");

    const form = await services.addService();
    await form.fill({ address: "224.0.0.1", port: "80", persistent: true });
    await form.showMoreOptions();
    await form.press();
    await form.expectRefusal(form.address, "224.0.0.1 is a multicast address. A virtual service needs a unicast one.");
    await expectAccessible(page, "form of a service, refused");
    await form.cancel();
    const server = await services.server("10.0.1.12:8080").editServer();
    await server.fill({ forward: "Tunnelling", tunnelType: "GUE" });
    await expectAccessible(page, "form of a server");
    await server.cancel();
    const dialog = await services.selected.remove();
    await expect(dialog.removeButton).toBeVisible();
    await expectAccessible(page, "removing");
    await page.keyboard.press("Escape");

    await services.searchFor("no such thing");
    await expect(page.getByText("No service matches")).toBeVisible();
    await expectAccessible(page, "no match");
  });

  test.describe("", () => {
    test.use({ table: "0x0" });

    test("on the list and the overview of an empty table, and when the director is lost", async ({ page, product }) => {
      const services = await ServicesPage.open(page);
      await expect(page.getByText("No virtual services yet")).toBeVisible();
      await expectAccessible(page, "empty list");
      const overview = await OverviewPage.open(page);
      await expect(page.getByText("There is no virtual service yet.")).toBeVisible();
      await expectAccessible(page, "empty overview");
      await product.killDirector();
      await services.shell.expectStale();
      await expect(overview.shell.banner).toBeVisible();
      await expectAccessible(page, "stale");
    });
  });
});

test.describe("375 px wide", () => {
  test.use({ viewport: { width: 375, height: 740 } });

  test("no page scrolls sideways", async ({ page, product }) => {
    const expectNarrow = async (where: string) =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(375);
    const overview = await OverviewPage.open(page);
    await expect(overview.totals).toContainText(/\d/);
    await overview.charts.chart("Packets").showTable();
    await expectNarrow("overview");

    const services = await ServicesPage.open(page, "open=all");
    await expect(services.rows.first()).toBeVisible();
    await expectNarrow("list");
    const form = await services.addService();
    await form.fill({ persistent: true });
    await form.showMoreOptions();
    await expectNarrow("form");
    expect(await form.dialog.evaluate((dialog) => dialog.getBoundingClientRect().right)).toBeLessThanOrEqual(375);
    await form.cancel();
    await services.searchFor("no such thing");
    await expect(page.getByText("No service matches")).toBeVisible();
    await expectNarrow("no match");

    const service = await ServicePage.open(page, "tcp:192.0.2.25:25");
    await expect(service.draining).toBeVisible();
    await expect(service.server("10.0.5.12:25").row).toBeVisible();
    await expectNarrow("service");
    await product.killDirector();
    await service.shell.expectStale();
    await expectNarrow("stale");
  });
});
