import { expect } from "@playwright/test";
import { RulesPage } from "../pages/rules-page.ts";
import { firstAdmin } from "../people.ts";
import { lend } from "../session.ts";
import { test } from "./console-fixture.ts";
import type { Lab } from "./start-lab.mjs";

async function ipvsadm(lab: Lab, args: readonly string[], input?: string): Promise<string> {
  const { status, stdout, stderr } = await lab.guestExec("ipvsadm", [...args], input === undefined ? {} : { input });
  expect(status, stderr).toBe(0);
  return stdout;
}

const rulesOf = async (lab: Lab) => (await ipvsadm(lab, ["-Sn"])).split("\n").toSorted().join("\n");

const listed = { beforeId: null, limit: 1 };
interface Listed {
  revisions: { id: number; after: string }[];
}

test.beforeEach(async ({ lab }) => {
  const { virtual, realServers } = lab.addresses;
  const [first, second] = realServers;
  await ipvsadm(lab, ["-C"]);
  await ipvsadm(
    lab,
    ["-R"],
    [
      `-A -t ${virtual}:80 -s wrr`,
      `-a -t ${virtual}:80 -r ${first}:8080 -m -w 3`,
      `-a -t ${virtual}:80 -r ${second}:8080 -m -w 1 -x 100 -y 80`,
      `-A -u ${virtual}:53 -s rr -p 300`,
      `-a -u ${virtual}:53 -r ${first}:8080 -m -w 1`,
      "",
    ].join("\n"),
  );
});

test.afterEach(async ({ lab }) => {
  await ipvsadm(lab, ["-C"]);
});

test("a replace is armed and the browser closed: ipvsadm lists the old table again after the timer", async ({
  inside,
  lab,
  people,
}) => {
  const { virtual, realServers } = lab.addresses;
  const before = await rulesOf(lab);
  const context = await inside.newContext({ baseURL: lab.url });
  await lend(context, await people.logIn(firstAdmin));
  const rules = await RulesPage.open(await context.newPage());
  const text = `-A -t ${virtual}:80 -s rr\n-a -t ${virtual}:80 -r ${realServers[0]}:8080 -m -w 5\n`;
  const plan = await rules.planOf(text, "Replace");
  await expect(plan.region).toContainText("1 service removed");
  await plan.seconds.fill("10");
  await plan.submitByName();
  await expect(rules.result).toContainText("It waits for your confirmation");
  await context.close();
  expect(await ipvsadm(lab, ["-Sn"])).toBe(text);
  await expect.poll(() => rulesOf(lab), { timeout: 30_000 }).toBe(before);
});

test("what ipvsadm changes in the guest's shell is a revision from outside, with what it changed", async ({
  inside,
  lab,
  people,
}) => {
  const { virtual, realServers } = lab.addresses;
  const context = await inside.newContext({ baseURL: lab.url, viewport: { width: 1440, height: 900 } });
  await lend(context, await people.logIn(await people.add("viewer")));
  const rules = await RulesPage.open(await context.newPage());
  const revisions = await rules.openRevisions();
  const newest = revisions.rows.first();
  const newestListed = async () => (await people.admin.query<Listed>("rules.revisions", listed)).revisions[0];
  // What the sampler has not seen yet would come with the next change.
  const { tag } = await people.admin.query<{ tag: string }>("rules.text");
  await expect.poll(async () => (await newestListed())?.after).toBe(tag);
  const known = (await newestListed())?.id ?? 0;
  await ipvsadm(lab, ["-e", "-t", `${virtual}:80`, "-r", `${realServers[0]}:8080`, "-m", "-w", "9"]);
  await expect.poll(async () => (await newestListed())?.id ?? 0).toBeGreaterThan(known);
  await revisions.refresh();
  await expect(newest).toContainText("Outside of this console");
  await revisions.openRow(newest);
  const row = `-a -t ${virtual}:80 -r ${realServers[0]}:8080 -m -w`;
  const [beforeText, after] = [revisions.text("Before"), revisions.text(/^After revision \d+$/)];
  await expect(beforeText.getByText(`${row} 3`)).toBeVisible();
  await expect(after.getByText(`${row} 9`)).toBeVisible();
  await context.close();
});
