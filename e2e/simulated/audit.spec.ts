import { readFile } from "node:fs/promises";
import type { AuditEntry } from "#domain/audit";
import { AuditPage } from "../pages/audit-page.ts";
import { LoginPage } from "../pages/login-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { firstAdmin } from "../people.ts";
import { expect, type Product, test } from "./product-fixture.ts";

test.use({ newWeb: true });

/** Rows of RFC 4180 text, the head left out. */
function rowsOf(csv: string): string[][] {
  const rows = csv.split("\r\n").slice(1, -1);
  return rows.map((row) =>
    [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
    ),
  );
}

async function entriesOf({ people }: Product, query: object = {}): Promise<AuditEntry[]> {
  return (await people.admin.query<{ entries: AuditEntry[] }>("audit.page", query)).entries;
}

test("log-ins, refusals and changes stand in the audit, with who, from where, before and after", async ({
  page,
  browser,
  product,
}) => {
  const operator = await product.people.add("operator", "grace");
  const context = await browser.newContext({ baseURL: product.url });
  const theirs = await context.newPage();
  const login = await LoginPage.open(theirs, "/services?open=all&q=192.0.2.10:80");
  await login.tryToLogIn(operator.name, "a wrong password");
  await login.expectRefusal(/./);
  await login.logIn(operator.name, operator.password);
  const services = new ServicesPage(theirs);
  const field = await services.server("10.0.1.11:8080").editWeight();
  await field.fill("8");
  await field.press("Enter");
  await expect(services.server("10.0.1.11:8080").weight).toHaveText("8");
  const tried = await theirs.evaluate(async () => {
    const body = JSON.stringify({ name: "mallory", role: "admin", password: "a password long enough" });
    return (
      await fetch("/api/trpc/people.add", { method: "POST", headers: { "content-type": "application/json" }, body })
    ).status;
  });
  expect(tried).toBe(403);
  await context.close();

  const audit = await AuditPage.open(page);
  await test.step("the log-in that failed and the one that did not", async () => {
    await audit.action.selectOption({ label: "Log-in" });
    await audit.actor.fill(operator.name);
    await expect(page).toHaveURL(/actor=grace/);
    await expect(audit.lines).toHaveCount(2);
    await expect(audit.lines.first()).toContainText("Done");
    await expect(audit.lines.last()).toContainText("Refused");
    await expect(audit.lines.last()).toContainText("127.0.0.1");
    await expect(await audit.details(audit.lines.last())).toContainText("Name and password do not belong together.");
  });
  await test.step("the weight, as it was and as it is", async () => {
    await audit.clearFilters();
    const line = audit.line("Table changed", "10.0.1.11:8080");
    await expect(line).toContainText(operator.name);
    const details = await audit.details(line);
    const weight = details.getByRole("row").filter({ has: page.getByRole("rowheader", { name: /weight$/ }) });
    await expect(weight.getByRole("cell").first()).toHaveText("3");
    await expect(weight.getByRole("cell").last()).toHaveText("8");
  });
  await test.step("what was refused for the role", async () => {
    await audit.outcome.selectOption({ label: "Refused" });
    const line = audit.line("Access", operator.name, "people.add");
    await expect(line).toBeVisible();
    await expect(await audit.details(line)).toContainText("The role does not reach that far.");
  });
  await test.step("no line holds a password", async () => {
    const text = JSON.stringify(await entriesOf(product, { limit: 200 }));
    for (const secret of [operator.password, firstAdmin.password, "a wrong password", "a password long enough"])
      expect(text).not.toContain(secret);
  });
});

test("the file that is downloaded is what the page shows, with the page's filters", async ({ page, product }) => {
  for (const role of ["viewer", "operator", "viewer"] as const) await product.people.add(role);
  await product.people.add("viewer", "x-ray");
  const audit = await AuditPage.open(page, "action=user-add");
  await expect(audit.lines).toHaveCount(4);
  const shown = await audit.lines.allTextContents();

  const downloading = page.waitForEvent("download");
  await audit.csvLink.click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("audit.csv");
  const csv = await readFile(await download.path(), "utf8");
  expect(csv.split("\r\n")[0]).toBe("id,time,actor_kind,actor,address,action,target,outcome,before,after");
  const rows = rowsOf(csv);
  const entries = await entriesOf(product, { action: "user-add" });
  expect(rows).toEqual(
    entries.map(({ id, atMs, actorKind, actor, from, action, target, outcome, after }) => [
      ...[String(id), new Date(atMs).toISOString(), actorKind, actor, from, action, target, outcome, ""],
      JSON.stringify(after),
    ]),
  );
  expect(rows).toHaveLength(shown.length);
  for (const [at, row] of rows.entries())
    for (const cell of [row[3], row[4], row[6]]) expect(shown[at]).toContain(cell);

  await test.step("a text that is looked for, in the file too", async () => {
    await audit.text.fill("x-ray");
    await expect(audit.lines).toHaveCount(1);
    await expect(audit.csvLink).toHaveAttribute("href", /text=x-ray/);
    const href = (await audit.csvLink.getAttribute("href")) ?? "";
    expect(rowsOf((await product.people.admin.askAsPage(href)).text).map((row) => row[6])).toEqual(["x-ray"]);
  });
  await test.step("nothing that matches is said", async () => {
    await audit.text.fill("no such thing");
    await expect(page.getByText("No line matches")).toBeVisible();
  });
});
