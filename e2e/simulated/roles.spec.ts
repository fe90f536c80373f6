import type { Locator, Page } from "@playwright/test";
import { AccountPage } from "../pages/account-page.ts";
import { AuditPage } from "../pages/audit-page.ts";
import { OverviewPage } from "../pages/overview-page.ts";
import { PeoplePage } from "../pages/people-page.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

/** Whatever changes the table, under every name that it has somewhere. */
function editControls(page: Page): Locator {
  const main = page.getByRole("main");
  const button = main.getByRole("button", {
    name: /^(Add|Edit|Remove|Drain|Restore|Set weight|Weight of|Actions for)\b/,
  });
  return button.or(main.getByRole("checkbox", { name: /^Select / })).or(main.getByRole("textbox", { name: /^Weight/ }));
}

/** The entries of the menu of who is logged in. */
async function ownMenu({ shell }: OverviewPage): Promise<string[]> {
  await shell.openUserMenu();
  const entries = await shell.page.getByRole("menuitem").allTextContents();
  await shell.page.keyboard.press("Escape");
  return entries;
}

async function seeTheTable(page: Page): Promise<{ list: number; service: number }> {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  await expect(services.table).toContainText("10.0.1.11:8080");
  const list = await editControls(page).count();
  const service = await ServicePage.open(page, "tcp:192.0.2.25:25");
  await expect(service.draining).toBeVisible();
  await expect(page.getByRole("table").first()).toContainText("10.0.5.12:25");
  return { list, service: await editControls(page).count() };
}

test.describe("a viewer", () => {
  test.use({ role: "viewer" });

  test("sees everything and is offered no change on any page", async ({ page, product, visitor }) => {
    const overview = await OverviewPage.open(page);
    await expect(overview.totals).toContainText(/[1-9]/);
    await expect(editControls(page)).toHaveCount(0);
    await expect(overview.shell.userButton).toContainText(visitor.name);
    const menu = await ownMenu(overview);
    expect(menu.join()).toMatch(/Account.*Log out/);
    expect(menu.join()).not.toMatch(/People|Audit/);
    expect(await seeTheTable(page)).toEqual({ list: 0, service: 0 });

    await test.step("weights are text, and keys open nothing", async () => {
      const services = await ServicesPage.open(page, "open=all&q=10.0.1.11:8080");
      const row = services.table.getByRole("row").filter({ hasText: "10.0.1.11:8080" });
      await expect(row).toContainText("3");
      await row.click();
      for (const key of ["Enter", "e", "Delete", "n", "d"]) await page.keyboard.press(key);
      await expect(page.getByRole("dialog")).toBeHidden();
      await expect(page.getByRole("alertdialog")).toBeHidden();
    });
    await test.step("their own account is theirs", async () => {
      const account = await AccountPage.open(page);
      await expect(account.who).toContainText(visitor.name);
      await expect(account.who).toContainText(/viewer/i);
    });
    await test.step("pages for admins say that they are, and hold nothing", async () => {
      for (const path of ["/people", "/audit"]) {
        const answer = await page.goto(path);
        expect(answer?.status()).toBe(403);
        await expect(page.getByText("This page is for admins. Your role is viewer.")).toBeVisible();
        await expect(page.getByRole("main").getByRole("table")).toHaveCount(0);
        expect(await answer?.text()).not.toContain(product.people.admin.cookie.slice(20));
      }
    });
    await test.step("a change that the page does not offer is refused by the server", async () => {
      const before = await product.rules();
      const status = await page.evaluate(async () => {
        const service = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
        const body = JSON.stringify({ changes: [{ verb: "remove-service", service }] });
        const init = { method: "POST", headers: { "content-type": "application/json" }, body };
        return (await fetch("/api/trpc/table.change", init)).status;
      });
      expect(status).toBe(403);
      expect(await product.rules()).toEqual(before);
    });
  });
});

test.describe("an operator", () => {
  test.use({ role: "operator" });

  test("changes the table, and knows nothing of people and audit", async ({ page, product }) => {
    const overview = await OverviewPage.open(page);
    expect((await ownMenu(overview)).join()).not.toMatch(/People|Audit/);
    const offered = await seeTheTable(page);
    expect(offered.list).toBeGreaterThan(5);
    expect(offered.service).toBeGreaterThan(3);
    const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
    const field = await services.server("10.0.1.11:8080").editWeight();
    await field.fill("6");
    await field.press("Enter");
    await expect(services.server("10.0.1.11:8080").weight).toHaveText("6");
    expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 6");
    for (const path of ["/people", "/audit"]) {
      expect((await page.goto(path))?.status()).toBe(403);
      await expect(page.getByText("This page is for admins. Your role is operator.")).toBeVisible();
    }
  });
});

test("an admin has it all", async ({ page }) => {
  const overview = await OverviewPage.open(page);
  expect((await ownMenu(overview)).join()).toMatch(/Account.*People.*Audit.*Log out/);
  await overview.shell.goTo("People");
  await expect(new PeoplePage(page).users.getByRole("table")).toBeVisible();
  await overview.shell.goTo("Audit");
  await expect(new AuditPage(page).lines.first()).toBeVisible();
  const offered = await seeTheTable(page);
  expect(offered.list).toBeGreaterThan(5);
});
