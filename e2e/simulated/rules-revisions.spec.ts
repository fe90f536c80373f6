import { join } from "node:path";
import type { ServerSpec } from "#domain/real-server";
import { RemoteDirector } from "#server/director/remote";
import { RulesPage } from "../pages/rules-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, type Product, test } from "./product-fixture.ts";

const service = { kind: "address", protocol: "tcp", address: "192.0.2.50", port: 8000 } as const;
const server: ServerSpec = {
  ...{ address: "10.0.9.11", port: 8000, forward: "nat", weight: 1 },
  ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: null },
};

/** As the director writes down what it finds changed by nobody that it knows. */
async function changeFromOutside({ runtimeDir }: Product): Promise<void> {
  const director = new RemoteDirector(join(runtimeDir, "director.sock"));
  const options = { by: { name: "", source: "outside" } } as const;
  try {
    await director.apply([{ verb: "add-server", service, server }], options);
  } finally {
    await director.close();
  }
}

async function changeByToken({ people }: Product): Promise<void> {
  const { token } = await people.admin.mutate<{ token: string }>("tokens.add", {
    ...{ name: "deploy", role: "operator", days: 30 },
  });
  const headers = { authorization: `Bearer ${token}`, "content-type": "text/plain" };
  const body = "-A -t 192.0.2.77:80 -s rr\n";
  const answer = await people.admin.ask("/api/v1/rules", { method: "POST", headers, body });
  expect(answer.status, answer.text).toBe(200);
}

test("changes of people, of programs and from outside are listed, opened, compared, downloaded and reverted", async ({
  page,
  product,
  visitor,
}) => {
  const before = (await product.rules()).toSorted();
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const field = await services.server("10.0.1.11:8080").editWeight();
  await field.fill("6");
  await field.press("Enter");
  await expect(services.server("10.0.1.11:8080").weight).toHaveText("6");
  await changeByToken(product);
  await changeFromOutside(product);

  const rules = await RulesPage.open(page);
  const revisions = await rules.openRevisions();
  await expect(revisions.rows).toHaveCount(3);
  await expect(revisions.rows.nth(0)).toContainText("Outside of this console");
  await expect(revisions.rows.nth(1)).toContainText("deploy, by API");
  await expect(revisions.rows.nth(1)).toContainText("1 service added");
  await expect(revisions.rows.nth(2).getByRole("cell").nth(1)).toHaveText(visitor.name);
  await expect(revisions.rows.nth(2)).toContainText("1 weight set");

  await test.step("one is opened: its texts before and after", async () => {
    await revisions.openRow(revisions.rows.nth(2));
    await expect(page).toHaveURL(/view=revisions&revision=\d+/);
    await expect(revisions.open).toContainText("127.0.0.1");
    await expect(revisions.text("Before").getByText("10.0.1.11:8080 -m -w 3")).toBeVisible();
    await expect(revisions.text(/^After revision/).getByText("10.0.1.11:8080 -m -w 6")).toBeVisible();
    await page.reload();
    await expect(revisions.text(/^After revision/).getByText("10.0.1.11:8080 -m -w 6")).toBeVisible();
  });
  await test.step("with the table now, with another, alone", async () => {
    await revisions.compare("with the table now");
    await expect(revisions.text("The table now").getByText("-A -t 192.0.2.77:80 -s rr")).toBeVisible();
    await expect(revisions.text(/^After revision/).getByText("-A -t 192.0.2.77:80 -s rr")).toHaveCount(0);
    await revisions.compare(/^with revision \d+,/);
    await expect(revisions.text(/^After revision/)).toHaveCount(2);
    await revisions.compare("not at all: the text alone");
    await expect(revisions.text(/^After revision/).getByText("10.0.1.11:8080 -m -w 6")).toBeVisible();
  });
  await test.step("its text is kept as a file", async () => {
    const download = page.waitForEvent("download");
    await revisions.open.getByRole("button", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toMatch(/-revision-\d+\.rules$/);
  });
  await test.step("back to the table before it, as a plan that is confirmed", async () => {
    await revisions.open.getByRole("button", { name: "Revert to the table before it" }).click();
    await expect(rules.mode("Replace")).toBeChecked();
    await expect(page.getByText(/^The table before revision \d+$/)).toBeVisible();
    await expect(rules.plan.changes).toHaveCount(3);
    await rules.plan.timer.uncheck();
    await rules.plan.note.fill("back to where we were");
    await rules.plan.submitByName();
    await expect(rules.result).toContainText("Done: 3 changes.");
    expect((await product.rules()).toSorted()).toEqual(before);
    await rules.result.getByRole("button", { name: /^Revision \d+$/ }).click();
    await expect(revisions.open).toContainText("back to where we were");
    await expect(revisions.rows).toHaveCount(4);
  });
});
