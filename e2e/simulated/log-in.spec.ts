import type { Page } from "@playwright/test";
import type { Me } from "#domain/people";
import { LoginPage } from "../pages/login-page.ts";
import { OverviewPage } from "../pages/overview-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { firstAdmin } from "../people.ts";
import { cookieOf } from "../session.ts";
import { expect, test } from "./product-fixture.ts";

test.use({ newWeb: true, loggedIn: false });

const refusal = "Name and password do not belong together.";

async function sessionCookieOf(page: Page) {
  const cookies = await page.context().cookies();
  expect(cookies).toHaveLength(1);
  return cookies[0];
}

test("without a log-in every page leads to it, and it leads on to the page that was asked for", async ({ page }) => {
  const wanted = "/services?open=all&q=192.0.2.10%3A80";
  await page.goto(wanted);
  await expect(page).toHaveURL(`/login?next=${encodeURIComponent(wanted)}`);
  const login = new LoginPage(page);
  await test.step("a wrong password is refused without a word about which of the two was wrong", async () => {
    for (const [name, password] of [
      [firstAdmin.name, "wrong all the way"],
      ["nobody-here", firstAdmin.password],
    ] as const) {
      await login.tryToLogIn(name, password);
      await login.expectRefusal(refusal);
      await expect(login.name).toHaveValue(name);
    }
    expect(await page.context().cookies()).toEqual([]);
  });
  await test.step("an empty field is named, and nothing is sent", async () => {
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url()));
    await login.tryToLogIn(firstAdmin.name, "");
    await expect(login.password).toHaveAttribute("aria-invalid", "true");
    await expect(login.password).toBeFocused();
    expect(sent).toEqual([]);
  });
  await login.logIn(`  ${firstAdmin.name.toUpperCase()} `, firstAdmin.password);
  await expect(page).toHaveURL(wanted);
  const services = new ServicesPage(page);
  await services.shell.expectLive();
  await expect(services.server("10.0.1.11:8080").row).toBeVisible();
  await expect(services.shell.userButton).toContainText(firstAdmin.name);
});

test("a browser can keep and fill in what is typed", async ({ page }) => {
  const login = await LoginPage.open(page);
  await expect(login.name).toHaveAttribute("autocomplete", "username");
  await expect(login.name).toHaveAttribute("name", "username");
  await expect(login.password).toHaveAttribute("autocomplete", "current-password");
  await expect(login.password).toHaveAttribute("type", "password");
  for (const field of [login.name, login.password]) {
    await expect(field).toHaveAttribute("id", /./);
    expect(await field.evaluate((input: HTMLInputElement) => input.form?.contains(input))).toBe(true);
  }
  await login.password.fill("shown and hidden");
  await login.showPassword();
  await expect(login.password).toHaveAttribute("type", "text");
  await expect(login.password).toHaveValue("shown and hidden");

  // What a password manager types fires no event that React sees.
  const fields = { name: firstAdmin.name, password: firstAdmin.password };
  await page.evaluate(({ name, password }) => {
    const [first, second] = document.querySelectorAll("form input");
    (first as HTMLInputElement).value = name;
    (second as HTMLInputElement).value = password;
  }, fields);
  await login.password.press("Enter");
  await page.waitForURL((url) => url.pathname === "/");
  await new OverviewPage(page).shell.expectLive();
});

test("a link that somebody else wrote leads nowhere else", async ({ page, product }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== product.url && url.protocol !== "data:") elsewhere.push(request.url());
  });
  const login = await LoginPage.open(page, "//evil.example/services");
  await login.logIn(firstAdmin.name, firstAdmin.password);
  await expect(page).toHaveURL("/");
  // Who is logged in already is sent on at once.
  for (const next of [
    "/\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "javascript:document.title='evil'",
    "evil.example",
    "@evil.example",
    "/login?next=//evil.example",
    "",
  ]) {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await expect(page, JSON.stringify(next)).toHaveURL("/");
  }
  await page.goto("/login?next=%2Fservices%23//evil.example");
  await expect(page).toHaveURL("/services#//evil.example");
  expect(elsewhere).toEqual([]);
});

test("the cookie is for the browser alone, and gives nothing after the log-out", async ({ page, product }) => {
  const login = await LoginPage.open(page, "/services");
  await login.logIn(firstAdmin.name, firstAdmin.password);
  const cookie = await sessionCookieOf(page);
  expect(cookie).toMatchObject({
    name: "ipvs-session",
    domain: "127.0.0.1",
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    secure: false,
  });
  expect(await page.evaluate(() => document.cookie)).toBe("");
  const { headers } = await product.people.admin.askAsPage("/api/trpc/session.logIn", {
    method: "POST",
    body: JSON.stringify({ name: firstAdmin.name, password: firstAdmin.password }),
    headers: { cookie: "" },
  });
  expect(headers["set-cookie"]).toHaveLength(1);
  expect(headers["set-cookie"]?.[0]).not.toMatch(/domain=/i);
  expect(headers["cache-control"]).toBe("no-store");

  const copy = product.people.admin.anew();
  copy.cookie = `${cookie?.name}=${cookie?.value}`;
  expect((await copy.query<{ me: Me }>("session.state")).me.name).toBe(firstAdmin.name);
  const services = new ServicesPage(page);
  await services.shell.expectLive();
  await services.shell.logOut();
  expect(await page.context().cookies()).toEqual([]);
  await expect(copy.query("director.status")).rejects.toMatchObject({ code: "NOT_LOGGED_IN", status: 401 });
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  await expect(services.rows).toHaveCount(0);
});

test("a cookie that was planted before is not the one after, and gives nothing", async ({ page, product }) => {
  const { people, url } = product;
  const attacker = await people.logIn(await people.add("viewer"));
  for (const planted of [cookieOf(attacker), { name: "ipvs-session", value: "planted.by-somebody" }]) {
    await page.context().addCookies([{ ...planted, url, httpOnly: true, sameSite: "Strict" }]);
    // As one who sees a stranger's session would: straight to the log-in, from a page of the console.
    await page.goto("/icon.svg");
    const status = await page.evaluate(async ({ name, password }) => {
      const init = { method: "POST", headers: { "content-type": "application/json" } };
      return (await fetch("/api/trpc/session.logIn", { ...init, body: JSON.stringify({ name, password }) })).status;
    }, firstAdmin);
    expect(status).toBe(200);
    const cookie = await sessionCookieOf(page);
    expect(cookie?.name).toBe("ipvs-session");
    expect(cookie?.value).not.toBe(planted.value);
    const thief = people.admin.anew();
    thief.cookie = `${planted.name}=${planted.value}`;
    await expect(thief.query("director.status")).rejects.toMatchObject({ code: "NOT_LOGGED_IN" });
    await page.context().clearCookies();
  }
});

test("passwords are not guessed: the account waits, then the address does", async ({ page, product }) => {
  const { people } = product;
  const [victim, bystander, other] = [
    await people.add("operator"),
    await people.add("viewer"),
    await people.add("viewer"),
  ];
  const client = people.admin.anew();
  const guess = (name: string, password: string) =>
    client.mutate("session.logIn", { name, password }).then(
      () => "let in",
      ({ code }) => code as string,
    );
  for (let tries = 0; tries < 10; tries += 1)
    expect(await guess(victim.name, `guess number ${tries}`)).toBe("WRONG_CREDENTIALS");
  expect(await guess(victim.name, "guess number 11")).toBe("TOO_MANY_TRIES");
  const login = await LoginPage.open(page);
  await test.step("the right password is refused too, with how long it takes", async () => {
    await login.tryToLogIn(victim.name, victim.password);
    await login.expectRefusal(/Too many tries that failed\. Try again in (\d{3}) seconds\./);
    const seconds = Number(/in (\d+) seconds/.exec((await login.alert.textContent()) ?? "")?.[1]);
    expect(seconds).toBeGreaterThan(800);
    expect(seconds).toBeLessThanOrEqual(900);
  });
  await test.step("another account from the same address still works", async () => {
    await login.logIn(bystander.name, bystander.password);
    await new OverviewPage(page).shell.expectLive();
  });
  await test.step("until that address has failed too often with whichever name", async () => {
    // The two that were refused while the account had to wait count for the address as well.
    const codes: string[] = [];
    for (let tries = 0; tries < 24; tries += 1) codes.push(await guess(`name-${tries}`, "some password or other"));
    const first = codes.indexOf("TOO_MANY_TRIES");
    expect(codes.slice(0, first)).toEqual(Array(first).fill("WRONG_CREDENTIALS"));
    expect(first).toBeGreaterThanOrEqual(18);
    expect(first).toBeLessThanOrEqual(20);
    expect(codes.slice(first)).toEqual(Array(24 - first).fill("TOO_MANY_TRIES"));
    expect(await guess(other.name, other.password)).toBe("TOO_MANY_TRIES");
  });
  await test.step("who is logged in already goes on", async () => {
    await page.reload();
    await new OverviewPage(page).shell.expectLive();
    await people.admin.query("people.users");
  });
});

test.describe("over TLS", () => {
  test.use({ tls: true });

  test("the cookie is Secure, and its name lets no other host set it", async ({ page, product }) => {
    const login = await LoginPage.open(page, "/services");
    await login.logIn(firstAdmin.name, firstAdmin.password);
    const services = new ServicesPage(page);
    await services.shell.expectLive();
    expect(await sessionCookieOf(page)).toMatchObject({
      name: "__Host-ipvs-session",
      domain: "127.0.0.1",
      path: "/",
      httpOnly: true,
      sameSite: "Strict",
      secure: true,
    });
    const form = await services.addService();
    await form.fill({ address: "203.0.113.80", port: "443", scheduler: "rr" });
    await form.submit();
    expect(await product.rules()).toContain("-A -t 203.0.113.80:443 -s rr");
    // The name that a plain console uses is not taken here: a network in between could have set it.
    const plain = product.people.admin.anew();
    plain.cookie = product.people.admin.cookie.replace("__Host-", "");
    expect(plain.cookie).toMatch(/^ipvs-session=./);
    await expect(plain.query("director.status")).rejects.toMatchObject({ code: "NOT_LOGGED_IN" });
    await services.shell.logOut();
    expect(await page.context().cookies()).toEqual([]);
  });
});
