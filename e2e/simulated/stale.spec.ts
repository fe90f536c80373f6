import { OverviewPage } from "../pages/overview-page.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { openLine } from "./line.ts";
import { expect, test } from "./product-fixture.ts";

const blocked = "The table on screen is old. It can be changed again when live values are back.";
const query = "open=all&q=192.0.2.10:80&sel=tcp:192.0.2.10:80";

test("the director is killed: numbers stay, grey and with their age, edits are blocked; it is back: all goes on", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page, query);
  const { shell } = services;
  const row = services.server("10.0.1.11:8080");
  const active = await row.cell("Active");
  await expect(active).toHaveText(/\d/);
  const colour = () => active.getByText(/\d/).evaluate((cell) => getComputedStyle(cell).color);
  const liveColour = await colour();
  const form = await services.addService();
  await form.fill({ address: "198.51.100.7", port: "80" });

  await product.killDirector();
  await test.step("an open form says so and keeps what was typed", async () => {
    await expect(form.dialog.getByRole("status")).toHaveText(blocked, { timeout: 20_000 });
    await expect(form.submitButton).toBeDisabled();
    await expect(form.address).toHaveValue("198.51.100.7");
    await form.cancel();
  });
  await test.step("the banner says what is lost, how old the numbers are, and counts down", async () => {
    await shell.expectStale();
    await expect(shell.banner).toHaveText(
      /^No samples: The director cannot be reached\..* What you see is how it was last, and changes are blocked\.$/,
    );
    await expect(shell.retry).toBeVisible();
    const seen = await active.textContent();
    const age = await shell.ageS();
    await expect.poll(() => shell.ageS()).toBeGreaterThan(age + 1);
    await expect(active).toHaveText(seen ?? "");
    expect(await colour()).not.toBe(liveColour);
    await expect(shell.badge).toBeVisible();
  });
  await test.step("edits are blocked, with the reason", async () => {
    await expect(services.addButton).toHaveAttribute("aria-disabled", "true");
    await services.addButton.click({ force: true });
    await expect(row.weight).toHaveAttribute("aria-disabled", "true");
    await row.weight.hover();
    await expect(page.getByRole("tooltip")).toHaveText(blocked);
    await row.weight.click({ force: true });
    await expect(row.weightField).toBeHidden();
    await expect(services.selected.button("Drain")).toHaveAttribute("aria-disabled", "true");
    const menu = await row.openMenu();
    await expect(menu.getByRole("menuitem", { name: "Edit" })).toBeDisabled();
    await expect(menu.getByRole("menuitem", { name: "Edit" })).toContainText(blocked);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  });

  await product.startDirector();
  await shell.expectLive();
  await expect(shell.banner).toBeHidden();
  await expect.poll(colour).toBe(liveColour);
  const field = await row.editWeight();
  await field.fill("5");
  await field.press("Enter");
  await expect(row.weight).toHaveText("5");
  expect(await product.rules()).toContain("-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w 5");
});

test("a service's page and the overview keep what they show while the director is away", async ({ page, product }) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  const row = service.server("10.0.1.11:8080");
  await expect(await row.cell("Active")).toHaveText(/\d/);
  await product.killDirector();
  await service.shell.expectStale();
  await expect(service.shell.banner).toContainText("The director cannot be reached.");
  await expect(service.heading).toContainText("TCP 192.0.2.10:80");
  await expect(await row.cell("Active")).toHaveText(/\d/);
  await expect(service.rules).toContainText("-A -t 192.0.2.10:80 -s wrr");
  for (const name of ["Add real server", "Edit", "Remove"]) {
    await expect(service.button(name)).toBeDisabled();
    await expect(service.button(name)).toHaveAttribute("title", blocked);
  }
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  const overview = new OverviewPage(page);
  await overview.shell.expectStale();
  await product.startDirector();
  await overview.shell.expectLive();
  await expect(overview.shell.banner).toBeHidden();
  await expect(overview.totals).toContainText(/[1-9]/);
});

test.describe("a web process that never saw a table", () => {
  test.use({ newWeb: true });

  test("a page opened while the director is away says so, and fills by itself when it is back", async ({
    page,
    product,
  }) => {
    await product.killDirector();
    await page.goto("/services");
    const services = new ServicesPage(page);
    await services.shell.expectStale();
    await expect(services.shell.banner).toContainText("The director cannot be reached.");
    await expect(services.rows).toHaveCount(0);
    await expect(page.getByText("No virtual services yet")).toBeHidden();
    await product.startDirector();
    await services.shell.expectLive();
    await expect(services.counts).toContainText("13 of 13 services");
  });
});

test("the console itself is lost: the banner names it, and a try by hand brings it back", async ({ page, product }) => {
  const line = await openLine(product.url);
  await page.goto(`${line.url}/services?${query}`);
  const services = new ServicesPage(page);
  await services.shell.expectLive();
  const row = services.server("10.0.1.11:8080");
  await expect(await row.cell("Active")).toHaveText(/\d/);
  line.cut();
  await services.shell.expectStale();
  await expect(services.shell.banner).toHaveText(
    "The console’s web process does not answer. What you see is how it was last, and changes are blocked.",
  );
  await expect(await row.cell("Active")).toHaveText(/\d/);
  await expect(row.weight).toHaveAttribute("aria-disabled", "true");
  const age = await services.shell.ageS();
  await expect.poll(() => services.shell.ageS()).toBeGreaterThan(age);
  line.mend();
  await services.shell.retryNow();
  await services.shell.expectLive();
  await expect(services.shell.banner).toBeHidden();
  const field = await row.editWeight();
  await field.fill("4");
  await field.press("Enter");
  await expect(row.weight).toHaveText("4");
  await page.goto("about:blank");
  await line.close();
});

test("another build of the console answers: one notice and no more tries, until the page is loaded anew", async ({
  page,
  product,
}) => {
  const line = await openLine(product.url);
  await page.goto(`${line.url}/services?${query}`);
  const services = new ServicesPage(page);
  await services.shell.expectLive();
  const row = services.server("10.0.1.11:8080");
  await expect(await row.cell("Active")).toHaveText(/\d/);
  // What a page of another build may ask: a part of the view has a name that this server does not know.
  let asked = 0;
  await page.route("**/api/trpc/live.*", async (route) => {
    const body = route.request().postData();
    asked++;
    await route.continue({
      url: route.request().url().replaceAll("totals", "sums"),
      ...(body === null ? {} : { postData: body.replaceAll("totals", "sums") }),
    });
  });
  line.cut();
  await services.shell.expectStale();
  line.mend();
  await services.shell.retryNow();
  await expect(services.shell.banner).toHaveText(
    "This page is older than the console. What you see is how it was last, and changes are blocked.",
    { timeout: 20_000 },
  );
  await expect(await row.cell("Active")).toHaveText(/\d/);
  await expect(row.weight).toHaveAttribute("aria-disabled", "true");
  const before = asked;
  const age = await services.shell.ageS();
  await services.searchFor("192.0.2.10");
  await expect.poll(() => services.shell.ageS()).toBeGreaterThan(age + 3);
  expect(asked).toBe(before);
  await page.unroute("**/api/trpc/live.*");
  await services.shell.reload();
  await services.shell.expectLive();
  await expect(services.shell.banner).toBeHidden();
  await page.goto("about:blank");
  await line.close();
});

test("every page says that the table is made up, and why", async ({ page }) => {
  for (const path of ["/", "/services", "/services/tcp%3A192.0.2.10%3A80", "/services/nothing"]) {
    await page.goto(path);
    const { badge } = new ServicesPage(page).shell;
    await expect(badge).toBeVisible();
    await expect(page.getByTitle("DIRECTOR=simulated")).toBeVisible();
  }
});
