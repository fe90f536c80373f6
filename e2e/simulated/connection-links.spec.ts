import { ConnectionsPage } from "../pages/connections-page.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expectAccessible } from "./accessible.ts";
import { countCalls } from "./count-calls.ts";
import { expect, test } from "./product-fixture.ts";

test("templates stand apart, with what each of them holds", async ({ page }) => {
  const connections = await ConnectionsPage.open(page, "kind=templates&virtual=192.0.2.10:443");
  await expect(connections.rows("Persistence templates").first()).toBeVisible();
  const held = (await connections.column("Connections held", "Persistence templates")).map(Number);
  expect(Math.max(...held)).toBeGreaterThan(0);
  for (const client of await connections.column("Client", "Persistence templates")) expect(client).not.toContain(":");
  await connections.filterBy("Virtual", "0.0.0.7");
  await expect(connections.rows("Persistence templates").first()).toContainText("Mark 7");
});

test("services, servers and a drain lead to their connections", async ({ page }) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.25:25");
  let connections = await services.server("10.0.5.11:25").connections();
  await expect(connections.field("Real server")).toHaveValue("10.0.5.11:25");
  await expect(connections.field("Virtual")).toHaveValue("192.0.2.25:25");
  await expect.poll(async () => new Set(await connections.column("Real server"))).toEqual(new Set(["10.0.5.11:25"]));
  await page.goBack();
  connections = await services.service("TCP", "192.0.2.25:25").connections();
  await expect.poll(async () => new Set(await connections.column("Virtual"))).toEqual(new Set(["192.0.2.25:25"]));

  const reads = countCalls(page, "connections.page");
  const service = await ServicePage.open(page, "tcp:192.0.2.25:25");
  await expect(service.draining).toBeVisible();
  await test.step("the page of a service reads when it is asked to, and then by server and by state", async () => {
    await service.shell.expectLive();
    expect(reads()).toBe(0);
    await service.button("Look").click();
    const servers = service.connections.getByRole("region", { name: "By real server" });
    const states = service.connections.getByRole("region", { name: "By state" });
    await expect(servers.getByRole("link")).toHaveText([
      /^10\.0\.5\.1\d:25$/,
      /^10\.0\.5\.1\d:25$/,
      /^10\.0\.5\.1\d:25$/,
    ]);
    await expect(states.getByRole("link", { name: "ESTABLISHED" })).toBeVisible();
    await expectAccessible(page, "connections of a service");
    await states.getByRole("link", { name: "ESTABLISHED" }).click();
    connections = await ConnectionsPage.arrive(page);
    await expect.poll(async () => new Set(await connections.column("State"))).toEqual(new Set(["ESTABLISHED"]));
    await page.goBack();
  });
  connections = await service.drainConnections("10.0.5.13:25");
  await expect.poll(async () => new Set(await connections.column("Real server"))).toEqual(new Set(["10.0.5.13:25"]));
  const mark = await ServicePage.open(page, "fwmark:7");
  await expect(mark.connections).toContainText("does not say which ones belong to a firewall mark");
  await mark.connections.getByRole("link", { name: "10.0.8.11" }).click();
  connections = await ConnectionsPage.arrive(page);
  await expect.poll(async () => (await connections.column("Real server"))[0]).toContain("10.0.8.11:");
});

test.describe("a viewer", () => {
  test.use({ role: "viewer", viewport: { width: 375, height: 740 } });

  test("sees connections too, from a row of the list, also on a phone", async ({ page }) => {
    const services = await ServicesPage.open(page, "q=192.0.2.25:25");
    await services.table.getByRole("link", { name: "Connections of TCP 192.0.2.25:25" }).click();
    const connections = await ConnectionsPage.arrive(page);
    await expect(connections.rows().first()).toContainText("192.0.2.25:25");
    const expectNarrow = async (where: string) =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(375);
    await expectNarrow("rows");
    await connections.groupBy("Real server");
    await expect(connections.group("10.0.5.11:25")).toBeVisible();
    await expectNarrow("groups");
    await connections.filterBy("Search", "nobody");
    await expect(connections.filters.getByRole("alert")).toBeVisible();
    await expectNarrow("not understood");
  });
});

test("axe finds nothing: rows and groups, a menu, templates, a sentence at a field, no match", async ({ page }) => {
  const connections = await ConnectionsPage.open(page, "group=client&client=198.18.0.0/20&names=true");
  await expect(connections.rows().first()).toBeVisible();
  await expectAccessible(page, "rows and groups");
  await connections.filters.getByRole("button", { name: /^State/ }).click();
  await expectAccessible(page, "menu of states", ["region"]);
  await page.keyboard.press("Escape");
  await connections.show("Persistence templates");
  await expect(connections.rows("Persistence templates").first()).toBeVisible();
  await connections.filterBy("Real server", "nobody");
  await expect(connections.filters.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "templates, and a sentence at a field");
  await connections.filterBy("Real server", "203.0.113.250");
  await expect(page.getByText("No template matches")).toBeVisible();
  await expectAccessible(page, "no match");
});

test.describe("without services", () => {
  test.use({ table: "0x0" });

  test("there are no connections, and a director that is lost says so", async ({ page, product }) => {
    const connections = await ConnectionsPage.open(page);
    await expect(page.getByText("No connections", { exact: true })).toBeVisible();
    await product.killDirector();
    await connections.shell.expectStale();
    await connections.refreshButton.click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText("The connections could not be read.");
    await product.startDirector();
    await connections.shell.expectLive();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
    await expect(page.getByText("No connections", { exact: true })).toBeVisible();
  });
});
