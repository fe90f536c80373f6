import { RulesPage } from "../pages/rules-page.ts";
import { expect, test } from "./product-fixture.ts";

const text = "-A -t 192.0.2.77:80 -s rr\n";

test("a file is opened or dropped; one that is too long or no text is refused, and what was there stays", async ({
  page,
}) => {
  const rules = await RulesPage.open(page);
  await rules.openFile("web.rules", Buffer.from(text));
  await expect(page.getByText("The file web.rules", { exact: true })).toBeVisible();
  expect(await rules.editor.read()).toBe(text);

  await rules.editor.drop("dropped.rules", "-A -u 192.0.2.78:53 -s rr\r\n");
  await expect(page.getByText("The file dropped.rules", { exact: true })).toBeVisible();
  await expect(page.getByText("Drop the file to open it here")).toBeHidden();
  expect(await rules.editor.read()).toBe("-A -u 192.0.2.78:53 -s rr\n");

  await rules.openFile("huge.rules", Buffer.alloc(16 * 1024 * 1024 + 1, "#"));
  await expect(rules.refusal).toHaveText(
    "huge.rules is larger than 16 MiB, the most that rules may be. It was not opened.",
  );
  await rules.openFile("program", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe]));
  await expect(rules.refusal).toContainText("program is not a text in UTF-8 or UTF-16");
  expect(await rules.editor.read()).toBe("-A -u 192.0.2.78:53 -s rr\n");

  await test.step("what was edited and then replaced can be brought back", async () => {
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("# mine");
    await rules.openFile("web.rules", Buffer.from(`\ufeff${text}`));
    await expect(rules.refusal).toHaveCount(0);
    expect(await rules.editor.read()).toBe(text);
    await page.getByRole("button", { name: "Bring it back" }).click();
    await expect(page.getByText("The file dropped.rules", { exact: true })).toBeVisible();
    expect(await rules.editor.read()).toBe("-A -u 192.0.2.78:53 -s rr\n# mine");
  });
});

test("what is downloaded is the text, or the table, whichever was asked for", async ({ page, product }) => {
  const rules = await RulesPage.open(page);
  const table = await rules.download("The table as it is now");
  expect(table.text.trimEnd().split("\n").toSorted()).toEqual((await product.rules()).toSorted());
  expect(table.text.endsWith("\n")).toBe(true);
  expect(table.name).toMatch(/^ipvs-.+-\d{8}-\d{4}\.rules$/);
  await rules.editor.paste(text);
  const edited = await rules.download("The text in the editor");
  expect(edited.text).toBe(text);
  expect(edited.name).toMatch(/-edited\.rules$/);
  expect(await rules.download("The table as it is now")).toEqual({ ...table, name: expect.any(String) });
});

const services = 1000;
const long = Array.from({ length: services }, (_, service) => {
  const name = `10.1.${service >> 8}.${service & 255}:80`;
  const servers = Array.from({ length: 10 }, (_, index) => `-a -t ${name} -r 10.2.0.${1 + index}:8080 -m -w 1`);
  return [`-A -t ${name} -s rr`, ...servers].join("\n");
}).join("\n");

test("11,000 lines are pasted, typed into, and planned in a document of few elements", async ({ page, product }) => {
  const before = await product.rules();
  const rules = await RulesPage.open(page);
  await rules.editor.paste(`${long}\n`);
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("-A -t 192.0.2.77:99999 -s rr");
  await expect(rules.editor.line("-A -t 192.0.2.77:99999 -s rr")).toBeVisible();
  await expect(rules.remarksOf(11_001)).toHaveCount(0);
  await expect(rules.remarks).toContainText("“99999” is not a port.");
  await expect(rules.remarks.getByRole("button")).toHaveText("Line 11,001");
  for (let letter = 0; letter < ":99999 -s rr".length; letter++) await page.keyboard.press("Backspace");
  await page.keyboard.type(":9 -s rr");
  await expect(rules.standing).toHaveText("No errors, no warnings.");

  const plan = await rules.showPlan("Merge");
  await expect(plan.region).toContainText("1,001 services added");
  await expect(plan.region).toContainText("10,000 servers added");
  await expect(plan.changes).toHaveCount(200);
  await expect(plan.region).toContainText("and 10,801 more");
  await plan.diff();
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(5000);
  expect(await rules.editor.read()).toBe(`${long}\n-A -t 192.0.2.77:9 -s rr`);

  await plan.submit();
  await expect(rules.result).toContainText("Done: 11,001 changes.", { timeout: 60_000 });
  const after = await product.rules();
  expect(after).toHaveLength(before.length + 11_001);
});
