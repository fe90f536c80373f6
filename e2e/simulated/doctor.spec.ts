import { DoctorPanel } from "../pages/doctor-panel.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./product-fixture.ts";

test.use({ contextOptions: { reducedMotion: "reduce" } });

test("what is wrong is listed worst first, with a command to copy and the way to where it is mended", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const doctor = await DoctorPanel.open(page);
  const first = page.getByTestId(/^finding-/).first();
  await expect(first).toContainText("One service address is on no interface of this host: 198.51.100.20.");
  await first.getByRole("button", { name: "Copy" }).click();
  await expect(first.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("ip addr add 198.51.100.20/32 dev eth0");
  await doctor.finding("deleted-servers").getByRole("link", { name: "To the settings" }).click();
  await expect(page).toHaveURL(/\/director\?view=sysctls$/);
  await page.goBack();
  await expect(doctor.finding("deleted-servers")).toBeVisible();
  await doctor.finding("usable-servers").first().getByRole("link", { name: "Open the service" }).click();
  await expect(page).toHaveURL(/\/services\/tcp%3A192\.0\.2\.40%3A9200$/);
});

test("axe finds nothing in it, folded and unfolded, and a phone has room for it", async ({ page }) => {
  const doctor = await DoctorPanel.open(page);
  await expectAccessible(page, "doctor");
  await doctor.fine.click();
  await expect(page.getByText("The kernel counts.")).toBeVisible();
  await expectAccessible(page, "doctor, all checks");
  await page.setViewportSize({ width: 375, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
});
