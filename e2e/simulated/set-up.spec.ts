import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { LoginPage } from "../pages/login-page.ts";
import { OverviewPage } from "../pages/overview-page.ts";
import { SetupPage } from "../pages/setup-page.ts";
import { firstAdmin, setupLinkIn } from "../people.ts";
import { expect, test } from "./product-fixture.ts";

test.use({ setUp: false });

const wrong = "This is not the link that the console printed last.";
const over = "The first admin has been made already. Log in, or ask an admin for a user of your own.";

test("the printed link makes the first admin, once", async ({ page, browser, product }) => {
  const link = setupLinkIn(product.stateDir);
  const file = join(product.stateDir, "web", "setup-link");
  expect(link).toMatch(new RegExp(`^${product.url}/setup#token=[\\w-]{43}$`));
  expect(statSync(file).mode & 0o777).toBe(0o600);

  await test.step("until then the log-in page says where the link is", async () => {
    await page.goto("/services");
    await expect(page).toHaveURL("/login?next=%2Fservices");
    const login = new LoginPage(page);
    await expect(login.heading).toHaveText("Nobody can log in yet");
    await expect(page.getByRole("main")).toContainText("setup-link");
    await expect(login.submitButton).toBeHidden();
  });
  await test.step("the token is no part of the address for longer than the page takes to read it", async () => {
    const setup = await SetupPage.open(page, link);
    await expect(page).toHaveURL("/setup");
    await expect(setup.name).toHaveValue("admin");
    await expect(setup.name).toHaveAttribute("autocomplete", "username");
    await expect(setup.password).toHaveAttribute("autocomplete", "new-password");
  });
  await test.step("a password that is too short is refused at its field, and nothing is used up", async () => {
    const setup = new SetupPage(page);
    await setup.tryToSetUp("too short", firstAdmin.name);
    await expect(setup.password).toHaveAttribute("aria-invalid", "true");
    await expect(setup.password).toBeVisible();
    expect(existsSync(file)).toBe(true);
  });
  await test.step("the admin is made and logged in, and sees the overview", async () => {
    await new SetupPage(page).setUp(firstAdmin.password, firstAdmin.name);
    await expect(page).toHaveURL("/");
    const { shell } = new OverviewPage(page);
    await shell.expectLive();
    await expect(shell.userButton).toContainText(firstAdmin.name);
    expect(existsSync(file)).toBe(false);
  });
  await test.step("somebody who has the link too late is told", async () => {
    const context = await browser.newContext({ baseURL: product.url });
    const other = await context.newPage();
    await other.goto(link);
    await expect(other.getByText(/done already|made already/).first()).toBeVisible();
    await context.close();
    const token = new URL(link).hash.slice("#token=".length);
    const again = product.people.admin.anew().mutate("session.setUp", { ...firstAdmin, name: "second", token });
    await expect(again).rejects.toMatchObject({ code: "SETUP_OVER", status: 409 });
  });
  await test.step("and who was made can log in", async () => {
    const { cookie } = await product.people.logIn(firstAdmin);
    expect(cookie).toMatch(/^ipvs-session=./);
  });
});

test("a link that is not the printed one makes nobody; guesses come to an end", async ({ page, product }) => {
  const link = setupLinkIn(product.stateDir);
  const last = link.at(-1) === "A" ? "B" : "A";
  const setup = await SetupPage.open(page, link.slice(0, -1) + last);
  await setup.tryToSetUp(firstAdmin.password);
  await expect(setup.alert).toHaveText(wrong);
  await expect(setup.name).toHaveValue("admin");

  await page.goto("/setup");
  await expect(page.getByRole("main")).toContainText("This page needs the link that the console printed");
  await expect(setup.submitButton).toBeHidden();

  const guess = { name: "mallory", password: "a password long enough", token: "" };
  const client = product.people.admin.anew();
  const codes = new Map<string, number>();
  for (let tries = 0; tries < 40; tries += 1) {
    const code = await client.mutate("session.setUp", { ...guess, token: `guess-${tries}` }).then(
      () => "made",
      ({ code }) => code as string,
    );
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // One of the thirty was used on the page.
  expect(Object.fromEntries(codes)).toEqual({ SETUP_LINK_WRONG: 29, TOO_MANY_TRIES: 11 });
  expect(await client.query("session.state")).toEqual({ setUp: true, me: null, storeFailed: false });
});

test("two browsers race with one link: one makes the admin, the other is told", async ({ page, browser, product }) => {
  const link = setupLinkIn(product.stateDir);
  const context = await browser.newContext({ baseURL: product.url });
  const first = { name: "first", setup: await SetupPage.open(page, link) };
  const second = { name: "second", setup: await SetupPage.open(await context.newPage(), link) };
  const racers = [first, second];
  const answers = racers.map(({ setup }) => setup.page.waitForResponse(/session\.setUp/));
  await Promise.all(racers.map(({ name, setup }) => setup.tryToSetUp(firstAdmin.password, name)));
  const statuses = (await Promise.all(answers)).map((answer) => answer.status());
  expect([...statuses].sort()).toEqual([200, 409]);

  const [winner, loser] = statuses[0] === 200 ? [first, second] : [second, first];
  await winner.setup.page.waitForURL((url) => url.pathname === "/");
  await expect(new OverviewPage(winner.setup.page).shell.userButton).toContainText(winner.name);
  await expect(loser.setup.page.getByText(over)).toBeVisible();
  const admin = await product.people.logIn({ ...firstAdmin, name: winner.name });
  expect(await admin.query("people.users")).toEqual([expect.objectContaining({ name: winner.name, role: "admin" })]);
  await page.goto("about:blank");
  await context.close();
});
