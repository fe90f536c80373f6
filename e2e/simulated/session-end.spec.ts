import type { Page, Request } from "@playwright/test";
import { runVerb } from "../command-line.ts";
import { AccountPage } from "../pages/account-page.ts";
import type { ServiceForm } from "../pages/service-form.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { SessionDialog } from "../pages/session-dialog.ts";
import type { Person } from "../people.ts";
import { letTimePass } from "./passing-time.ts";
import { expect, type Product, test } from "./product-fixture.ts";

test.use({ role: "operator" });

/** What a person sees who is in the middle of something when their session ends. */
interface Interrupted {
  services: ServicesPage;
  form: ServiceForm;
  dialog: SessionDialog;
  /** streams that are open */
  streams: Set<Request>;
  /** what else was asked for and is not answered yet */
  questions: Set<Request>;
}

const typed = { address: "203.0.113.77", port: "8443" };

async function inTheMiddle(page: Page): Promise<Interrupted> {
  const [streams, questions] = [new Set<Request>(), new Set<Request>()];
  const isStream = (request: Request) => request.url().includes("/live.stream");
  page.on("request", (request) => isStream(request) || questions.add(request));
  page.on("response", (response) => {
    if (isStream(response.request()) && response.status() === 200) streams.add(response.request());
  });
  for (const event of ["requestfinished", "requestfailed"] as const)
    page.on(event as "requestfinished", (request) => {
      streams.delete(request);
      questions.delete(request);
    });
  const services = await ServicesPage.open(page);
  const form = await services.addService();
  await form.fill({ ...typed, scheduler: "rr" });
  await expect.poll(() => streams.size).toBe(1);
  return { services, form, dialog: new SessionDialog(page), streams, questions };
}

/** The page says why, which only its stream tells it; numbers stand still, and the stream is over for good. */
async function expectOver(
  { services, dialog, streams, questions }: Interrupted,
  why: string,
  end: () => Promise<unknown>,
) {
  // One that is refused before the stream has said why would have the page say no more than that it is over.
  await expect.poll(() => questions.size).toBe(0);
  await end();
  await expect(dialog.dialog).toContainText(why);
  await expect.poll(() => streams.size).toBe(0);
  // Behind a dialog nothing has a role.
  await expect(services.page.getByText("192.0.2.10:80").first()).toBeVisible();
  const status = await services.page.evaluate(async () => {
    const view = { list: null, follow: [], counters: false, totals: true };
    const input = encodeURIComponent(JSON.stringify({ viewId: "a-view-of-mine", view }));
    const headers = { accept: "text/event-stream" };
    return (await fetch(`/api/trpc/live.stream?input=${input}`, { headers })).status;
  });
  expect(status).toBe(401);
  expect(streams.size).toBe(0);
}

/** Logging in where one is: the form is as it was, and can be sent. */
async function expectGoingOn({ services, form, dialog, streams }: Interrupted, password: string, product: Product) {
  await dialog.logInAgain(password);
  await expect.poll(() => streams.size).toBe(1);
  await expect(form.address).toHaveValue(typed.address);
  await expect(form.port).toHaveValue(typed.port);
  await form.submit();
  await services.shell.expectLive();
  expect(await product.rules()).toContain(`-A -t ${typed.address}:${typed.port} -s rr`);
  await expect(services.service("TCP", `${typed.address}:${typed.port}`).row).toBeVisible();
}

const idOf = ({ people }: Product, { name }: Person) => people.idOf(name);

test("an admin ends it: the page says so, and goes on after a log-in where one is", async ({
  page,
  product,
  visitor,
}) => {
  const there = await inTheMiddle(page);
  const id = await idOf(product, visitor);
  await expectOver(there, "You or an admin ended it from elsewhere.", () =>
    product.people.admin.mutate("people.endSessions", { id }),
  );
  await test.step("a wrong password is refused there, and the form waits", async () => {
    await there.dialog.password.fill("wrong all the way");
    await there.dialog.password.press("Enter");
    await expect(there.dialog.alert).toContainText("Name and password do not belong together.");
  });
  await expect(there.dialog.name).toHaveValue(visitor.name);
  await expectGoingOn(there, visitor.password, product);
});

test("an admin sets the password: the new one lets in again", async ({ page, product, visitor }) => {
  const there = await inTheMiddle(page);
  const id = await idOf(product, visitor);
  const password = "another long password";
  await expectOver(there, "The password of this user was changed.", () =>
    product.people.admin.mutate("people.setPassword", { id, password }),
  );
  await expectGoingOn(there, password, product);
});

test("an admin disables the user: nobody is let in with the name until it is enabled", async ({
  page,
  product,
  visitor,
}) => {
  const there = await inTheMiddle(page);
  const { admin } = product.people;
  const id = await idOf(product, visitor);
  await expectOver(there, "An admin disabled this user.", () =>
    admin.mutate("people.setDisabled", { id, disabled: true }),
  );
  await there.dialog.password.fill(visitor.password);
  await there.dialog.password.press("Enter");
  await expect(there.dialog.alert).toContainText("This user is disabled. An admin can enable it again.");
  await admin.mutate("people.setDisabled", { id, disabled: false });
  await expectGoingOn(there, visitor.password, product);
});

test("an admin lowers the role: the page says which it is now, and shows no more than that", async ({
  page,
  product,
  visitor,
}) => {
  const there = await inTheMiddle(page);
  const id = await idOf(product, visitor);
  await product.people.admin.mutate("people.setRole", { id, role: "viewer" });
  await expect(there.dialog.dialog).toContainText("Your role is viewer now");
  await expect.poll(() => there.streams.size).toBe(0);
  await there.dialog.reloadButton.click();
  await there.services.shell.expectLive();
  await expect(there.services.addButton).toBeHidden();
});

test("a log-out in another tab is one here too, and so is a log-in", async ({ page, context, visitor }) => {
  const there = await inTheMiddle(page);
  const other = await ServicesPage.open(await context.newPage());
  await expectOver(there, "You logged out, in another tab or on another device.", () => other.shell.logOut());
  await other.page.getByRole("textbox", { name: "Name", exact: true }).fill(visitor.name);
  await other.page.getByLabel("Password", { exact: true }).fill(visitor.password);
  await other.page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(there.dialog.dialog).toBeHidden();
  await expect.poll(() => there.streams.size).toBe(1);
  await expect(there.form.address).toHaveValue(typed.address);
});

test("somebody else logs in in another tab: this one does not go on in their name", async ({
  page,
  context,
  product,
}) => {
  const there = await inTheMiddle(page);
  const other = await ServicesPage.open(await context.newPage());
  await other.shell.logOut();
  const { name, password } = await product.people.add("operator", "somebody-else");
  await other.page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await other.page.getByLabel("Password", { exact: true }).fill(password);
  await other.page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(there.dialog.dialog).toContainText(`${name} is logged in now`);
  await there.dialog.reloadButton.click();
  await expect(there.services.shell.userButton).toContainText(name);
});

test("one's own other session is ended from the account page", async ({ page, browser, product, visitor }) => {
  const there = await inTheMiddle(page);
  const context = await browser.newContext({ baseURL: product.url });
  const [name, value] = (await product.people.logIn(visitor)).cookie.split(/=(.*)/s);
  await context.addCookies([{ name: name ?? "", value: value ?? "", url: product.url }]);
  const account = await AccountPage.open(await context.newPage());
  await expect(account.otherSessions).toHaveCount(1);
  await expectOver(there, "You or an admin ended it from elsewhere.", () => account.endAllOthers());
  await expect(account.otherSessions).toHaveCount(0);
  await test.step("a new password ends the others too, and not the one that sets it", async () => {
    await there.dialog.logInAgain(visitor.password);
    await expect.poll(() => there.streams.size).toBe(1);
    await account.changePassword("not the current one", "another long password");
    await expect(account.currentPassword).toHaveAttribute("aria-invalid", "true");
    await account.changePassword(visitor.password, "another long password");
    await expect(there.dialog.dialog).toContainText("The password of this user was changed.");
    await account.page.reload();
    await expect(account.thisSession).toBeVisible();
  });
  await context.close();
});

test("on the command line of the host: the page that stands open learns it too", async ({ page, product, visitor }) => {
  const account = await AccountPage.open(page);
  const dialog = new SessionDialog(page);
  await account.newPassword.fill("typed before");
  const verb = (...args: string[]) =>
    test.step(args.join(" "), async () => {
      expect(await runVerb(product.stateDir, args)).toEqual({ code: 0, out: "", err: "" });
    });
  await verb("user", "disable", visitor.name);
  await expect(dialog.dialog).toContainText("An admin disabled this user.");
  await verb("user", "enable", visitor.name);
  await dialog.logInAgain(visitor.password);
  await expect(account.newPassword).toHaveValue("typed before");

  const passwd = ["user", "passwd", visitor.name, "--password-stdin"];
  expect((await runVerb(product.stateDir, passwd, "short\n")).code).toBe(2);
  await expect(dialog.dialog).toBeHidden();
  expect(await runVerb(product.stateDir, passwd, "another long password\n")).toEqual({ code: 0, out: "", err: "" });
  await expect(dialog.dialog).toContainText("Your session is over");
  await dialog.logInAgain("another long password");
  await expect(account.newPassword).toHaveValue("typed before");

  await verb("user", "role", visitor.name, "viewer");
  await expect(dialog.dialog).toContainText("Your role is viewer now");
  const list = await runVerb(product.stateDir, ["user", "list", "--json"]);
  expect(JSON.parse(list.out)).toContainEqual(expect.objectContaining({ name: visitor.name, role: "viewer" }));
});

const minuteMs = 60_000;

test("nothing is done for 30 minutes: the session ends, though numbers moved all the while", async ({
  page,
  product,
  visitor,
}) => {
  const there = await inTheMiddle(page);
  await expectOver(there, "Nothing was done here for 30 minutes.", async () =>
    letTimePass(product, visitor.name, 31 * minuteMs),
  );
  await expectGoingOn(there, visitor.password, product);
});

test("twelve hours after the log-in the session ends, whatever was done in it", async ({ page, product, visitor }) => {
  await page.goto("/icon.svg");
  // Something is done now and then: without it the session would be idle. Nothing lengthens it beyond.
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: "null" };
  for (let hours = 0; hours < 11.75; hours += 0.25) {
    letTimePass(product, visitor.name, 15 * minuteMs);
    const touched = await page.evaluate(async (init) => (await fetch("/api/trpc/session.touch", init)).status, init);
    expect(touched).toBe(200);
  }
  letTimePass(product, visitor.name, 15 * minuteMs - 10_000);
  const there = await inTheMiddle(page);
  await expect(there.dialog.dialog).toContainText("Twelve hours have passed since you logged in.");
  await expect.poll(() => there.streams.size).toBe(0);
  await expectGoingOn(there, visitor.password, product);
});

test("shortly before, the page says so, and one can stay", async ({ page, product, visitor }) => {
  const services = await ServicesPage.open(page);
  letTimePass(product, visitor.name, 28.5 * minuteMs);
  await page.reload();
  const warning = page.getByText(/Nothing was done here for a while: you will be logged out/);
  await expect(warning).toBeVisible();
  await page.getByRole("button", { name: "Stay logged in" }).click();
  await expect(warning).toBeHidden();
  letTimePass(product, visitor.name, 5 * minuteMs);
  await page.reload();
  await services.shell.expectLive();
  await expect(warning).toBeHidden();
});
