import { PeoplePage } from "../pages/people-page.ts";
import { expect, type Product, test } from "./product-fixture.ts";

test.use({ newWeb: true });

/** As a script or a scraper asks, with nothing of a browser's. */
const asProgram = ({ people }: Product, path: string, token: string, method = "GET") =>
  people.admin.ask(path, { method, headers: { authorization: `Bearer ${token}` } });

test("a token is shown once, lets a program read, says when it was used, and nothing more once it is revoked", async ({
  page,
  product,
}) => {
  const people = await PeoplePage.open(page);
  await people.tryToAddToken("prometheus", "Viewer", "30");
  const token = (await people.shownToken.textContent()) ?? "";
  expect(token).toMatch(/^\S{32,}$/);
  await expect(people.form).toContainText("Copy it now");
  await expect(people.form).toContainText("curl");
  await people.form.getByRole("button", { name: "Done" }).click();
  await expect(people.token("prometheus")).toContainText("Never");
  await page.reload();
  await expect(people.token("prometheus")).toBeVisible();
  expect(await page.content()).not.toContain(token);

  await test.step("it reads the table and the metrics", async () => {
    const services = await asProgram(product, "/api/v1/services", token);
    expect(services.status).toBe(200);
    expect(services.headers["content-type"]).toContain("application/json");
    const table = (await product.rules()).filter((line) => line.startsWith("-A "));
    expect(JSON.parse(services.text).services).toHaveLength(table.length);
    const metrics = await asProgram(product, "/metrics", token);
    expect(metrics.status).toBe(200);
    expect(metrics.text).toMatch(/^ipvs_active_connections\{[^}]*scope="service"/m);
    expect(metrics.text).not.toMatch(/\{scope="server"/);
    expect((await asProgram(product, "/metrics?servers=1", token)).text).toMatch(/\{scope="server"/);
  });
  await test.step("it opens nothing that a person's session opens", async () => {
    for (const path of ["/", "/services", "/audit.csv"])
      expect((await asProgram(product, path, token)).status).toBe(303);
    expect((await asProgram(product, "/api/trpc/director.status", token)).status).toBe(401);
  });
  await test.step("its row says where it was used from", async () => {
    await page.reload();
    await expect(people.token("prometheus")).toContainText("from 127.0.0.1");
  });
  await test.step("a name is taken once", async () => {
    await people.tryToAddToken("prometheus", "Admin");
    await expect(people.field("Name")).toHaveAccessibleDescription(/There is a token of this name already\./);
    await page.keyboard.press("Escape");
  });
  await people.revoke("prometheus");
  // Behind a question nothing has a role: no row would mean nothing.
  await expect(people.confirmation).toBeHidden();
  await expect(people.token("prometheus")).toHaveCount(0);
  await expect.poll(async () => (await asProgram(product, "/metrics", token)).status).toBe(401);
  for (const path of ["/api/v1/services", "/metrics"]) {
    const answer = await asProgram(product, path, token);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({
      status: 401,
      code: "TOKEN_NEEDED",
      title: expect.stringMatching(/Bearer/),
    });
  }
});

test("tokens are not guessed: who tries is told to wait, and who holds one is not shut out", async ({ product }) => {
  const { people } = product;
  const { token } = await people.admin.mutate<{ token: string }>("tokens.add", {
    name: "scraper",
    role: "viewer",
    days: null,
  });
  const statuses: number[] = [];
  for (let tries = 0; tries < 35; tries += 1) {
    const answer = await asProgram(product, "/metrics", token.slice(0, -4) + String(tries).padStart(4, "x"));
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  }
  expect(statuses).toEqual([...Array(30).fill(401), ...Array(5).fill(429)]);
  expect((await asProgram(product, "/metrics", token)).status).toBe(200);
});
