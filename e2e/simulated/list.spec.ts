import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

test("search, filters and order narrow the list, and survive a reload and Back", async ({ page }) => {
  const services = await ServicesPage.open(page);
  await services.searchFor("192.0.2.10 wlc");
  await expect(services.counts).toContainText("1 of 13 services");
  await expect(services.service("TCP", "192.0.2.10:443").row).toBeVisible();
  await services.searchFor("10.0.6.12");
  await expect(services.service("TCP", "192.0.2.30:5432").row).toBeVisible();
  await expect(services.counts).toContainText("1 of 13 services");

  await services.searchFor("no such thing");
  await expect(page.getByText("No service matches")).toBeVisible();
  await expect(services.counts).toContainText("0 of 13 services");
  await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
  await expect(services.counts).toContainText("13 of 13 services");
  await expect(services.search).toHaveValue("");

  await services.toggleFilter("Protocol", "UDP");
  await expect(services.counts).toContainText("2 of 13 services");
  await services.toggleFilter("Protocol", "SCTP");
  await expect(services.counts).toContainText("3 of 13 services");
  await services.sortBy("Conn/s");
  await expect(services.columnHead("Conn/s")).toHaveAttribute("aria-sort", "descending");
  await expect(services.rows.first()).toContainText("192.0.2.53:53");
  await services.sortBy("Conn/s");
  await expect(services.columnHead("Conn/s")).toHaveAttribute("aria-sort", "ascending");
  await expect(services.rows.last()).toContainText("192.0.2.53:53");

  const expectKept = async () => {
    await expect(services.counts).toContainText("3 of 13 services");
    await expect(services.columnHead("Conn/s")).toHaveAttribute("aria-sort", "ascending");
    await expect(page.getByRole("button", { name: "Protocol 2" })).toBeVisible();
    await expect(services.rows).toHaveCount(3);
  };
  await page.reload();
  await expectKept();
  const service = await services.openService("UDP", "192.0.2.60:5060");
  await expect(service.heading).toContainText("UDP 192.0.2.60:5060");
  await page.goBack();
  await expectKept();
});

test("every filter keeps what it says", async ({ page }) => {
  const services = await ServicesPage.open(page);
  const filters = [
    ["State", "Needs attention", 4],
    ["State", "With draining servers", 2],
    ["Family", "IPv6", 2],
    ["Protocol", "Firewall mark", 2],
    ["Forwarding", "Tunnelling", 1],
    ["Forwarding", "Direct routing", 2],
  ] as const;
  for (const [menu, value, matched] of filters) {
    await services.toggleFilter(menu, value);
    await expect(services.counts).toContainText(`${matched} of 13 services`);
    await services.toggleFilter(menu, value);
    await expect(services.counts).toContainText("13 of 13 services");
  }
});

test("services unfold one by one and all at once, and the URL remembers which", async ({ page }) => {
  const services = await ServicesPage.open(page);
  const web = services.service("TCP", "192.0.2.10:80");
  await expect(web.fold).toHaveAttribute("aria-expanded", "false");
  await web.fold.click();
  await expect(web.fold).toHaveAttribute("aria-expanded", "true");
  await expect(services.server("10.0.1.14:8080").row).toBeVisible();
  await expect(services.rows).toHaveCount(17);
  await page.reload();
  await expect(services.rows).toHaveCount(17);

  await services.unfoldAll();
  await expect(services.server("[fd00:20::12]:0").row).toBeVisible();
  await page.reload();
  await expect(services.server("10.0.1.14:8080").row).toBeVisible();
  await web.fold.click();
  await expect(services.server("10.0.1.14:8080").row).toBeHidden();
  await expect(services.server("192.0.2.31:443").row).toBeVisible();
  await services.unfoldAll();
  await services.foldAll();
  await expect(services.rows).toHaveCount(13);
});

test("columns are chosen, and the URL remembers which", async ({ page }) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.30");
  await expect(services.columnHead("Inactive")).toBeVisible();
  await services.toggleColumns("Inactive connections", "Lower and upper threshold", "Connections in all");
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await expect(services.columnHead("Inactive")).toBeHidden();
    const row = services.server("10.0.6.11:5432");
    await expect(await row.cell("Thresholds")).toHaveText(/350.*400/);
    await expect(await row.cell("Connections")).toHaveText(/^[\d,]+$/);
  }
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("menuitem", { name: "The usual columns" }).click();
  await expect(services.columnHead("Inactive")).toBeVisible();
  await expect(services.columnHead("Thresholds")).toBeHidden();
  await expect(page).not.toHaveURL(/cols=/);
});

test("the slash goes to the search, but not while an input method is at work or something is typed", async ({
  page,
}) => {
  const services = await ServicesPage.open(page);
  const pressSlash = (more: { isComposing?: boolean; keyCode?: number; ctrlKey?: boolean }) =>
    page.getByRole("main").dispatchEvent("keydown", { key: "/", ...more });
  await pressSlash({ isComposing: true });
  await pressSlash({ keyCode: 229 });
  await pressSlash({ ctrlKey: true });
  await expect(services.search).not.toBeFocused();
  await pressSlash({});
  await expect(services.search).toBeFocused();

  await page.keyboard.type("udp/x");
  await expect(services.search).toHaveValue("udp/x");
  await services.search.dispatchEvent("keydown", { key: "Escape", isComposing: true });
  await services.search.dispatchEvent("keydown", { key: "Escape", keyCode: 229 });
  await expect(services.search).toHaveValue("udp/x");
  await services.search.press("Escape");
  await expect(services.search).toHaveValue("");

  const form = await services.addService();
  await form.address.press("/");
  await expect(form.address).toHaveValue("/");
});

test.describe("1,000 services with 10 servers each", () => {
  test.use({ table: "1000x10" });

  test("are scrolled to the end and searched with few rows in the page", async ({ page }) => {
    const services = await ServicesPage.open(page, "open=all");
    await expect(services.counts).toContainText("1,000 of 1,000 services, 10,000 servers");
    await expect(services.table).toHaveAttribute("aria-rowcount", "11001");
    await expect(services.service("TCP", "10.100.0.1:80").row).toBeVisible();
    await services.table.hover();
    for (const pixels of [1000, 60_000, 150_000]) {
      await page.mouse.wheel(0, pixels);
      await expect(services.server("10.200.0.0:1024").row).toBeHidden();
      await expect(services.rows.nth(20)).toBeVisible();
      expect(await services.table.getByRole("row").count()).toBeLessThan(120);
    }
    await page.mouse.wheel(0, 1_000_000);
    await expect(services.server("10.200.3.9:1255").row).toBeInViewport();
    await expect(services.service("TCP", "10.100.15.40:80").row).toBeInViewport();
    expect(await services.table.getByRole("row").count()).toBeLessThan(120);

    await services.searchFor("10.200.2.7:1100");
    await expect(services.counts).toContainText("1 of 1,000 services, 10 servers");
    const found = services.server("10.200.2.7:1100");
    await expect(found.row).toBeInViewport();
    await expect(await found.cell("Active")).toHaveText(/^\d+$/);
    await expect(services.table.getByRole("row")).toHaveCount(12);
    await services.searchFor("10.100.9");
    await expect(services.counts).toContainText(/^\d+ of 1,000 services/);
    expect(await services.table.getByRole("row").count()).toBeLessThan(120);
  });
});
