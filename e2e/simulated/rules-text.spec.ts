import { RulesPage } from "../pages/rules-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

const row = "-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m";

test("the text is the director's table; a weight changed in it is planned, compared, merged and seen", async ({
  page,
  product,
}) => {
  const before = await product.rules();
  const rules = await RulesPage.open(page);
  const lines = (await rules.editor.read()).trimEnd().split("\n");
  expect(lines.toSorted()).toEqual(before.toSorted());
  await expect(rules.standing).toHaveText("No errors, no warnings.");
  await expect(rules.mode("Merge")).toBeChecked();
  const same = await rules.showPlan();
  await expect(same.region).toContainText("There is nothing to do: the table is as this text wants it.");

  await rules.editor.typeAtEndOf(`${row} -w 3`, "3", "7");
  await expect(page.getByText("edited", { exact: true })).toBeVisible();
  await expect(same.region).toContainText("The text or its meaning was changed since this plan was made.");
  const plan = await rules.showPlan();
  await expect(plan.changes).toHaveCount(1);
  await expect(plan.changes).toContainText(/server 10\.0\.1\.11:8080/);
  await expect(plan.changes).toContainText(/Weight 3\s*7/);
  const at = lines.indexOf(`${row} -w 3`) + 1;
  await plan.changes.getByRole("button", { name: `Line ${at}`, exact: true }).click();
  await expect(rules.editor.text).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(`${row} -w 7`);

  const { before: now, after } = await plan.diff();
  await expect(now.getByText(`${row} -w 3`)).toBeVisible();
  await expect(now.getByText(`${row} -w 7`)).toHaveCount(0);
  await expect(after.getByText(`${row} -w 7`)).toBeVisible();
  expect((await product.rules()).toSorted()).toEqual(before.toSorted());

  await expect(plan.timer).not.toBeChecked();
  await plan.note.fill("more for the first");
  await plan.submit();
  await expect(rules.result).toContainText("Done: 1 change.");
  await expect(rules.result).toBeFocused();
  const wanted = before.map((line) => (line === `${row} -w 3` ? `${row} -w 7` : line));
  expect((await product.rules()).toSorted()).toEqual(wanted.toSorted());
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  await expect(services.server("10.0.1.11:8080").weight).toHaveText("7");
});

test("faulty lines are said as they are typed, all at once, in the text and beside it", async ({ page, product }) => {
  const before = await product.rules();
  const rules = await RulesPage.open(page);
  await rules.editor.paste("# three of five are wrong\n");
  await page.keyboard.type("-A -t 192.0.2.77:80 -s rr\n-A -t 192.0.2.78 -s rr\n");
  await expect(rules.remarks).toHaveCount(1);
  await page.keyboard.type("-a -t 192.0.2.77:80 -r 10.0.0.1:80 -m -w 4294967296\n–A -u 192.0.2.79:53");
  await expect(rules.remarks).toHaveCount(3);
  await expect(rules.remarksOf(3)).toContainText("There is no port behind 192.0.2.78.");
  await expect(rules.remarksOf(4)).toContainText("-w takes a whole number from 0 to");
  await expect(rules.remarksOf(5)).toContainText("begins with a typographic dash");
  await expect(rules.remarks.getByRole("img", { name: "Error" })).toHaveCount(3);
  await expect(rules.standing).toHaveText("3 errors.");
  await expect(rules.editor.marks).toHaveText(["192.0.2.78", "4294967296", "–A"]);
  await rules.editor.marks.nth(1).hover();
  await expect(page.getByRole("tooltip").or(page.locator(".cm-tooltip-lint"))).toContainText("4294967296");

  await test.step("a link leads to the place", async () => {
    await rules.remarksOf(3).getByRole("button").click();
    await expect(rules.editor.text).toBeFocused();
    await page.keyboard.press("Shift+End");
    expect(await page.evaluate(() => getSelection()?.toString())).toBe("192.0.2.78 -s rr");
  });
  await test.step("a plan says that nothing can be done, and offers nothing", async () => {
    const plan = await rules.showPlan();
    await expect(plan.region.getByRole("alert")).toContainText("Nothing can be done until it has none");
    await expect(plan.submitButton).toHaveCount(0);
  });
  await test.step("mended, they are gone", async () => {
    await rules.remarksOf(3).getByRole("button").click();
    for (const letter of "192.0.2.78") await page.keyboard.press("ArrowRight", { delay: letter.length - 1 });
    await page.keyboard.type(":80");
    await expect(rules.remarks).toHaveCount(2);
    await expect(rules.remarksOf(3)).toHaveCount(0);
  });
  expect(await product.rules()).toEqual(before);
});

test("what names became is shown before anything is written", async ({ page, product }) => {
  const rules = await RulesPage.open(page);
  const plan = await rules.planOf("-A -t 192.0.2.77:http -s rr\n-a -t 192.0.2.77:http -r localhost:http -m", "Merge");
  await expect(plan.nameBecame("localhost")).toHaveText("127.0.0.1");
  await expect(plan.nameBecame("http")).toHaveText("80");
  expect((await product.rules()).join()).not.toContain("192.0.2.77");
  await plan.submit();
  await expect(rules.result).toContainText("Done: 2 changes.");
  expect(await product.rules()).toEqual(
    expect.arrayContaining(["-A -t 192.0.2.77:80 -s rr", "-a -t 192.0.2.77:80 -r 127.0.0.1:80 -m -w 1"]),
  );

  const unknown = await rules.planOf("-A -t no-such-host.invalid:80 -s rr", "Merge");
  await expect(unknown.nameBecame("no-such-host.invalid")).toHaveText("nobody knows it");
  await expect(rules.remarksOf(1)).toContainText("No address was found for the name “no-such-host.invalid”.");
  await expect(unknown.submitButton).toHaveCount(0);
});

const listing = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  192.0.2.77:80 wrr persistent 300
  -> 10.0.1.11:8080               Masq    3      12         40
  -> 10.0.1.12:8080               Tunnel  1      0          0
`;

test("a pasted listing becomes rules, and what it cannot carry is said", async ({ page, product }) => {
  const rules = await RulesPage.open(page);
  await rules.editor.paste(listing);
  await expect(page.getByText(/^This is a listing of ipvsadm -L, not rules\./)).toBeVisible();
  await expect(rules.remarks.filter({ hasText: "does not show the connection thresholds" }).first()).toBeVisible();
  await expect(rules.remarks.filter({ hasText: "It is taken as IPIP" })).toHaveCount(1);
  await expect(rules.remarks.getByRole("img", { name: "Error" })).toHaveCount(0);
  const plan = await rules.showPlan("Merge");
  await expect(plan.changes).toHaveCount(3);
  await plan.submit();
  await expect(rules.result).toContainText("Done: 3 changes.");
  const made = (await product.rules()).filter((line) => line.includes("192.0.2.77"));
  expect(made.toSorted()).toEqual([
    "-A -t 192.0.2.77:80 -s wrr -p 300",
    "-a -t 192.0.2.77:80 -r 10.0.1.11:8080 -m -w 3",
    "-a -t 192.0.2.77:80 -r 10.0.1.12:80 -i -w 1 --tun-type ipip",
  ]);
});
