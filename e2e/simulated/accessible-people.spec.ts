import { AccountPage } from "../pages/account-page.ts";
import { AuditPage } from "../pages/audit-page.ts";
import { LoginPage } from "../pages/login-page.ts";
import { OverviewPage } from "../pages/overview-page.ts";
import { PasswordDialog } from "../pages/password-dialog.ts";
import { PeoplePage } from "../pages/people-page.ts";
import { SessionDialog } from "../pages/session-dialog.ts";
import { SetupPage } from "../pages/setup-page.ts";
import { firstAdmin, setupLinkIn } from "../people.ts";
import { expectAccessible } from "./accessible.ts";
import { letTimePass } from "./passing-time.ts";
import { expect, test } from "./product-fixture.ts";

test.describe("axe finds nothing", () => {
  // A word that is fading away has no contrast for a moment.
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("on the pages of people, account and audit, with their dialogs open", async ({ page, product }) => {
    const people = await PeoplePage.open(page);
    await people.addUser("grace", "Viewer", "a password long enough");
    await expect(people.user("grace").row).toBeVisible();
    await people.tryToAddToken("prometheus", "Viewer");
    await expect(people.shownToken).toBeVisible();
    await expectAccessible(page, "a token, shown once");
    await people.form.getByRole("button", { name: "Done" }).click();
    await expectAccessible(page, "people");
    await people.addUser("Not A Name", "Viewer", "short");
    await expect(people.field("Name")).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page, "form of a user, refused");
    await page.keyboard.press("Escape");
    await people.user("grace").choose("Remove");
    await expect(people.confirmation).toBeVisible();
    await expectAccessible(page, "a question before a user is removed");
    letTimePass(product, firstAdmin.name, 11 * 60_000);
    await people.confirm("Remove");
    await expect(new PasswordDialog(page).password).toBeFocused();
    await expectAccessible(page, "the password again");

    const account = await AccountPage.open(page);
    await account.changePassword("wrong", "short");
    await expect(account.newPassword).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page, "account");

    const audit = await AuditPage.open(page);
    await audit.details(audit.line("prometheus"));
    await expectAccessible(page, "audit, with a line open");
    await audit.text.fill("no such thing");
    await expect(page.getByText("No line matches")).toBeVisible();
    await expectAccessible(page, "audit, no match");
    await page.goto("/not-there");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page, "what is not there");
    letTimePass(product, firstAdmin.name, 28.5 * 60_000);
    await page.goto("/account");
    await expect(page.getByRole("button", { name: "Stay logged in" })).toBeVisible();
    await expectAccessible(page, "shortly before the session ends");
    letTimePass(product, firstAdmin.name, 31 * 60_000);
    await new SessionDialog(page).expectOver("Nothing was done here");
    await expectAccessible(page, "the session is over");
  });

  test.describe("as a viewer", () => {
    test.use({ role: "viewer" });

    test("on what a viewer sees, and is not shown", async ({ page }) => {
      const overview = await OverviewPage.open(page);
      await overview.shell.openUserMenu();
      await expectAccessible(page, "menu of who is logged in", ["region"]);
      await page.goto("/people");
      await expect(page.getByText("This page is for admins.")).toBeVisible();
      await expectAccessible(page, "people, not for a viewer");
    });
  });

  test.describe("before the log-in", () => {
    test.use({ setUp: false });

    test("on the doors", async ({ page, product }) => {
      const login = new LoginPage(page);
      await page.goto("/login");
      await expect(login.heading).toHaveText("Nobody can log in yet");
      await expectAccessible(page, "nobody can log in yet");
      const setup = await SetupPage.open(page, setupLinkIn(product.stateDir));
      await setup.tryToSetUp("short");
      await expect(setup.password).toHaveAttribute("aria-invalid", "true");
      await expectAccessible(page, "set-up, refused");
      await setup.setUp(firstAdmin.password, firstAdmin.name);
      await new OverviewPage(page).shell.logOut();
      await login.tryToLogIn(firstAdmin.name, "wrong");
      await expect(login.alert).toBeVisible();
      await expectAccessible(page, "log-in, refused");
      await page.goto("/setup");
      await expect(page.getByText(/made already/)).toBeVisible();
      await expectAccessible(page, "set-up is over");
    });
  });
});

test.describe("375 px wide", () => {
  test.use({ viewport: { width: 375, height: 740 } });

  test("no page of people scrolls sideways", async ({ page, product }) => {
    const expectNarrow = async (where: string) =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(375);
    await product.people.add("operator", "somebody-with-a-name-of-32-chars");
    const people = await PeoplePage.open(page);
    await expectNarrow("people");
    await people.tryToAddToken("a token with a name that is as long as it may be, sixty-four".slice(0, 60), "Viewer");
    await expect(people.shownToken.or(people.field("Name")).first()).toBeVisible();
    await expectNarrow("token");
    await AccountPage.open(page);
    await expectNarrow("account");
    const audit = await AuditPage.open(page);
    await audit.details(audit.lines.first());
    await expectNarrow("audit");
    await page.context().clearCookies();
    await LoginPage.open(page);
    await expectNarrow("log-in");
  });
});
