import { LoginPage } from "../pages/login-page.ts";
import { OverviewPage } from "../pages/overview-page.ts";
import { PasswordDialog } from "../pages/password-dialog.ts";
import { PeoplePage } from "../pages/people-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { firstAdmin } from "../people.ts";
import { letTimePass } from "./passing-time.ts";
import { expect, test } from "./product-fixture.ts";

const grace = { name: "grace", password: "flow-matic in 1955" };

test("a user is added, logs in, gets another role and another password, and is removed", async ({
  page,
  browser,
  product,
}) => {
  const people = await PeoplePage.open(page);
  const context = await browser.newContext({ baseURL: product.url });
  const theirs = await context.newPage();

  await test.step("what is wrong is said at its field", async () => {
    await people.addUser("Grace Hopper", "Viewer", "short");
    await expect(people.field("Name")).toHaveAttribute("aria-invalid", "true");
    await expect(people.field("Password")).toHaveAttribute("aria-invalid", "true");
    await page.keyboard.press("Escape");
    await people.addUser(firstAdmin.name, "Viewer", grace.password);
    await expect(people.field("Name")).toHaveAccessibleDescription(/There is a user of this name already\./);
    await people.field("Name").fill(grace.name);
    await people.form.getByRole("button", { name: "Add user" }).click();
    await expect(people.form).toBeHidden();
  });
  await expect(people.user(grace.name).row).toContainText("Never");
  await expect(people.user(grace.name).role).toHaveValue("viewer");

  await test.step("they log in, and see the table without a way to change it", async () => {
    const login = await LoginPage.open(theirs, "/services");
    await login.logIn(grace.name, grace.password);
    const services = new ServicesPage(theirs);
    await services.shell.expectLive();
    await expect(services.addButton).toBeHidden();
  });
  await test.step("as an operator they have one", async () => {
    await people.user(grace.name).setRole("Operator");
    await expect(people.user(grace.name).role).toHaveValue("operator");
    const services = await ServicesPage.open(theirs);
    await expect(services.addButton).toBeVisible();
  });
  await test.step("another password lets them in, the former one does not", async () => {
    const next = "cobol came after that";
    await people.user(grace.name).setPassword(next);
    await expect(people.form).toBeHidden();
    const login = await LoginPage.open(theirs);
    await login.tryToLogIn(grace.name, grace.password);
    await login.expectRefusal("Name and password do not belong together.");
    await login.logIn(grace.name, next);
    await new OverviewPage(theirs).shell.expectLive();
  });
  await test.step("when they are gone, so is their session, and the name is free", async () => {
    await people.user(grace.name).remove();
    // Behind a question nothing has a role: no row would mean nothing.
    await expect(people.confirmation).toBeHidden();
    await expect(people.user(grace.name).row).toHaveCount(0);
    await theirs.goto("/services");
    await expect(theirs).toHaveURL(/\/login/);
    await people.addUser(grace.name, "Admin", grace.password);
    await expect(people.user(grace.name).role).toHaveValue("admin");
  });
  await context.close();
});

test("the last admin stays: not lowered, not disabled, not removed, in words", async ({ page, product }) => {
  const last = "This is the last admin who can log in. Make another one first.";
  const people = await PeoplePage.open(page);
  const own = people.user(firstAdmin.name);
  await own.setRole("Operator");
  await expect(people.confirmation).toContainText(last);
  await page.keyboard.press("Escape");
  await expect(own.role).toHaveValue("admin");
  await own.disable();
  await expect(people.confirmation).toContainText(last);
  await page.keyboard.press("Escape");
  await own.remove();
  await expect(people.confirmation).toContainText(last);
  await page.keyboard.press("Escape");
  await expect(own.row).toContainText("Active");

  await test.step("a disabled admin is no other one", async () => {
    const { id } = await product.people.add("admin", "grace");
    await product.people.admin.mutate("people.setDisabled", { id, disabled: true });
    const me = await product.people.idOf(firstAdmin.name);
    const lower = product.people.admin.mutate("people.setRole", { id: me, role: "viewer" });
    await expect(lower).rejects.toMatchObject({ code: "LAST_ADMIN", status: 409 });
  });
});

test("of two admins who take each other's role at once, one stays an admin", async ({ product }) => {
  const { people } = product;
  const grace = await people.add("admin", "grace");
  const hers = await people.logIn(grace);
  const ada = await people.idOf(firstAdmin.name);
  const outcomes = await Promise.allSettled([
    people.admin.mutate("people.setRole", { id: grace.id, role: "viewer" }),
    hers.mutate("people.setRole", { id: ada, role: "viewer" }),
  ]);
  // The second is refused as the last admin, or as the viewer that she has just become.
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const winner = outcomes[0].status === "fulfilled" ? people.admin : hers;
  const users = await winner.query<{ role: string; disabled: boolean }[]>("people.users");
  expect(users.filter(({ role, disabled }) => role === "admin" && !disabled)).toHaveLength(1);
});

test("ten minutes after the password was given it is asked for again, and what was wanted goes on by itself", async ({
  page,
  product,
}) => {
  const people = await PeoplePage.open(page);
  const dialog = new PasswordDialog(page);
  letTimePass(product, firstAdmin.name, 11 * 60_000);
  await people.addUser(grace.name, "Operator", grace.password);
  await test.step("a wrong one is refused, and a cancel leaves everything as it was typed", async () => {
    await dialog.tryToGive("wrong all the way");
    await expect(dialog.alert.or(dialog.dialog.getByText("This is not your password.")).first()).toBeVisible();
    await dialog.cancel();
    await expect(people.field("Name")).toHaveValue(grace.name);
    await expect(people.field("Password")).toHaveValue(grace.password);
    await expect(product.people.idOf(grace.name)).rejects.toThrow("there is no user grace");
  });
  await people.form.getByRole("button", { name: "Add user" }).click();
  await dialog.give(firstAdmin.password);
  await expect(people.form).toBeHidden();
  await expect(people.user(grace.name).role).toHaveValue("operator");
  await test.step("for the next ten minutes it is not", async () => {
    await people.user(grace.name).setRole("Viewer");
    await expect(people.user(grace.name).role).toHaveValue("viewer");
    await people.addToken("scraper", "Viewer");
  });
  await test.step("and the server asks, not the page", async () => {
    letTimePass(product, firstAdmin.name, 11 * 60_000);
    const add = product.people.admin.mutate("people.add", { ...grace, name: "another", role: "viewer" });
    await expect(add).rejects.toMatchObject({ code: "PASSWORD_NEEDED", status: 403 });
  });
});
