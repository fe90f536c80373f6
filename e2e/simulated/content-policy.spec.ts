import { AccountPage } from "../pages/account-page.ts";
import { AuditPage } from "../pages/audit-page.ts";
import { ConnectionsPage } from "../pages/connections-page.ts";
import { LoginPage } from "../pages/login-page.ts";
import { OverviewPage } from "../pages/overview-page.ts";
import { PeoplePage } from "../pages/people-page.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { SetupPage } from "../pages/setup-page.ts";
import { setupLinkIn } from "../people.ts";
import { watchPolicy } from "./policy.ts";
import { expect, test } from "./product-fixture.ts";

test("no page, dialog, menu or chart asks for what the content policy forbids", async ({ page, product }) => {
  const violations = await watchPolicy(page);
  const expectNone = (where: string) => test.step(where, () => expect(violations, where).toEqual([]));

  const overview = await OverviewPage.open(page);
  await expect(overview.totals).toContainText(/\d/);
  await expect(overview.charts.region.locator("canvas").first()).toBeVisible();
  await overview.charts.chart("Packets").showTable();
  await overview.shell.openUserMenu();
  await page.keyboard.press("Escape");
  await expectNone("overview");

  const services = await ServicesPage.open(page, "open=all");
  await expect(services.server("10.0.1.11:8080").row).toBeVisible();
  await services.toggleColumns("Lower and upper threshold");
  await services.toggleFilter("State", "With draining servers");
  await services.toggleFilter("State", "With draining servers");
  const form = await services.addService();
  await form.fill({ address: "224.0.0.1", port: "80", persistent: true, onePacket: true });
  await form.press();
  await expect(form.address).toHaveAttribute("aria-invalid", "true");
  await form.cancel();
  const server = await services.server("10.0.1.12:8080").editServer();
  await server.cancel();
  const field = await services.server("10.0.1.12:8080").editWeight();
  await field.fill("7");
  await field.press("Enter");
  await expect(services.server("10.0.1.12:8080").weight).toHaveText("7");
  await services.server("10.0.1.11:8080").checkbox.click();
  const removing = await services.selected.remove();
  await expect(removing.removeButton).toBeVisible();
  await page.keyboard.press("Escape");
  await expectNone("services");

  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  await expect(service.charts.region.locator("canvas").first()).toBeVisible();
  const plan = await service.server("10.0.1.11:8080").drain();
  await expect(plan.server("10.0.1.11:8080")).toBeVisible();
  await plan.cancel();
  await page.goto("/services/nothing");
  await expect(service.notice).toBeVisible();
  await expectNone("a service");

  const connections = await ConnectionsPage.open(page, "group=server&names=true");
  await expect(connections.groups.getByRole("button").first()).toBeVisible();
  await connections.toggle("State", "ESTABLISHED");
  await connections.download("CSV");
  await expectNone("connections");

  const account = await AccountPage.open(page);
  await account.changePassword("wrong", "short");
  await expect(account.newPassword).toHaveAttribute("aria-invalid", "true");
  await expectNone("account");

  const people = await PeoplePage.open(page);
  await people.addUser("grace", "Viewer", "a password long enough");
  await expect(people.user("grace").row).toBeVisible();
  const token = await people.addToken("prometheus", "Viewer");
  expect(token).toMatch(/\S{20,}/);
  await people.user("grace").choose("Set password");
  await expect(people.form).toBeVisible();
  await page.keyboard.press("Escape");
  await expectNone("people");

  const audit = await AuditPage.open(page);
  await audit.details(audit.line("prometheus"));
  await audit.text.fill("prometheus");
  await expect(page).toHaveURL(/text=prometheus/);
  await expectNone("audit");

  await page.goto("/not-there");
  await expect(page.getByRole("main").or(page.getByRole("heading")).first()).toBeVisible();
  await expectNone("what is not there");

  await product.killDirector();
  await page.goto("/services");
  await services.shell.expectStale();
  await expectNone("stale");
});

test.describe("before the log-in", () => {
  test.use({ setUp: false });

  test("neither do the doors", async ({ page, product }) => {
    const violations = await watchPolicy(page);
    const login = new LoginPage(page);
    await page.goto("/login");
    await expect(login.heading).toHaveText("Nobody can log in yet");
    const setup = await SetupPage.open(page, setupLinkIn(product.stateDir));
    await setup.tryToSetUp("short");
    await setup.setUp("a password long enough", "grace");
    await new OverviewPage(page).shell.logOut();
    await login.tryToLogIn("grace", "wrong");
    await expect(login.alert).toBeVisible();
    expect(violations).toEqual([]);
  });
});

test("a script that somebody gets into a page does not run, and what it would send goes nowhere", async ({ page }) => {
  const violations = await watchPolicy(page);
  const account = await AccountPage.open(page);
  const own = await page.evaluate(() => document.querySelector("script[nonce]")?.getAttribute("nonce"));
  // A page that reads its own nonce could pass it on: the browser shows it to nobody.
  expect(own ?? "").toBe("");

  const tried = await page.evaluate(async () => {
    Reflect.set(window, "haveRun", []);
    Reflect.set(window, "ran", (what: string) => Reflect.get(window, "haveRun").push(what));
    const element = (html: string) => document.body.insertAdjacentHTML("beforeend", html);
    const script = (text: string, nonce?: string) => {
      const script = document.createElement("script");
      if (nonce !== undefined) script.setAttribute("nonce", nonce);
      script.textContent = text;
      document.body.append(script);
    };
    script("ran('inline')");
    script("ran('guessed nonce')", "AAAAAAAAAAAAAAAAAAAAAA==");
    element(`<img src="/nothing.png" onerror="ran('handler')" alt="">`);
    element(`<a id="evil-link" href="javascript:ran('link')">x</a>`);
    document.getElementById("evil-link")?.click();
    const far = document.createElement("script");
    far.src = "data:text/javascript,ran('data')";
    document.body.append(far);
    setTimeout("ran('text of a timer')" as unknown as () => void, 0);
    element(`<iframe srcdoc="<script>parent.ran('frame')</script>"></iframe>`);
    element(`<base href="http://127.0.0.1:9/">`);
    element(`<object data="data:text/html,<script>parent.ran('object')</script>"></object>`);
    const sent = await fetch("http://127.0.0.1:9/steal", { mode: "no-cors" }).then(
      () => "sent",
      () => "kept here",
    );
    return { sent, base: document.baseURI };
  });
  expect(tried.sent).toBe("kept here");
  expect(tried.base).toBe(page.url());
  const reported = () => violations.join("\n");
  for (const directive of [
    "script-src-elem inline",
    "script-src-attr inline",
    "script-src-elem data",
    "script-src eval",
  ])
    await expect.poll(reported).toContain(directive);
  for (const directive of ["script-src-elem inline about", "connect-src", "base-uri", "object-src"])
    await expect.poll(reported).toContain(directive);
  expect(await page.evaluate(() => Reflect.get(window, "haveRun"))).toEqual([]);
  await expect(account.heading).toBeVisible();
});

test("each answer has a nonce of its own, and the headers that browsers ask for", async ({ product }) => {
  const { admin } = product.people;
  const nonces = new Set<string>();
  for (const path of ["/", "/", "/services", "/people", "/login", "/setup", "/not-there"]) {
    const { headers, text } = await admin
      .anew()
      .askAsPage(path, { headers: path === "/login" ? {} : admin.cookieHeader });
    const policy = String(headers["content-security-policy"]);
    expect(policy).not.toMatch(/script-src[^;]*'unsafe|\*/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("default-src 'none'");
    const nonce = /script-src[^;]*'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    expect(Buffer.from(nonce, "base64").length).toBeGreaterThanOrEqual(16);
    nonces.add(nonce);
    const inline = [...text.matchAll(/<script(?![^>]*\bsrc=)[^>]*>/g)].map(([tag]) => tag);
    for (const tag of inline) expect(tag).toContain(`nonce="${nonce}"`);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["cache-control"]).toMatch(/no-store/);
  }
  expect(nonces.size).toBe(7);
  for (const path of ["/api/trpc/session.state", "/healthz", "/metrics", "/audit.csv"]) {
    const { headers } = await admin.askAsPage(path);
    expect([path, headers["x-content-type-options"]]).toEqual([path, "nosniff"]);
    expect([path, String(headers["content-security-policy"])]).toEqual([
      path,
      expect.stringContaining("script-src 'none'"),
    ]);
    expect([path, headers["cache-control"]]).toEqual([path, expect.stringContaining("no-store")]);
  }
});
