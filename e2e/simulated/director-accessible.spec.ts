import { DirectorPage } from "../pages/director-page.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./product-fixture.ts";

const views = ["table", "sync", "sysctls", "modules", "doctor"] as const;
/** What each part says once it was read. */
const there = {
  table: "13 virtual services",
  sync: "Stopped",
  sysctls: "run_estimation",
  modules: "modprobe ip_vs_ftp",
  doctor: "Looked at",
} as const;

test.describe("axe finds nothing", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("on the timeouts and the whole table, and in their dialogs", async ({ page }) => {
    const director = await DirectorPage.open(page);
    await expect(director.timeout("TCP")).toBeVisible();
    await director.timeout("TCP").fill("");
    await director.setTimeouts.click();
    await expect(director.timeout("TCP")).toHaveAccessibleDescription(/cannot be empty/);
    await expectAccessible(page, "table, with a field refused");
    await director.zeroAll.click();
    await expectAccessible(page, "counters to zero");
    await page.keyboard.press("Escape");
    await director.clear.click();
    await expectAccessible(page, "clearing");
    await page.keyboard.press("Escape");
    await director.clearByName();
    await expect(director.cleared).toBeVisible();
    await expectAccessible(page, "cleared");
  });

  test("on daemons and in the dialog that starts one", async ({ page }) => {
    const director = await DirectorPage.open(page, "sync");
    await expect(director.warnings).toContainText("a real server of the other address family");
    await director.fillStart("backup", { Interface: "eth0" });
    await director.start();
    await expect(director.dialog.getByRole("alert")).toBeVisible();
    await expectAccessible(page, "starting a daemon, refused");
    await page.keyboard.press("Escape");
    await director.show("table");
    await director.clearByName();
    await expect(director.cleared).toBeVisible();
    await director.show("sync");
    await director.fillStart("backup", { Interface: "eth0" });
    await director.start();
    await expect(director.daemon("Backup")).toContainText("Running");
    await director.shell.expectToast("The backup daemon runs.");
    await expectAccessible(page, "daemons, with warnings");
  });

  test("on sysctls, in the dialog that sets one, and on modules", async ({ page }) => {
    const director = await DirectorPage.open(page, "sysctls");
    await director.setSysctl("drop_entry", "1");
    await director.setSysctl("amemthresh", "200000");
    await director.shell.expectToast("amemthresh is 200000 pages now.");
    await expect(director.activeNow).toBeVisible();
    await expectAccessible(page, "sysctls, with one active now");
    await director.openSysctl("sync_threshold");
    await expectAccessible(page, "setting a sysctl");
    await page.keyboard.press("Escape");
    await director.show("modules");
    await expect(director.module("ip_vs_rr")).toBeVisible();
    await expectAccessible(page, "modules");
    await director.show("doctor");
    await expect(director.panel).toContainText(there.doctor);
    await expectAccessible(page, "doctor");
  });
});

test.describe("a narrow screen", () => {
  test.use({ viewport: { width: 375, height: 800 } });

  test("shows every part without scrolling sideways", async ({ page }) => {
    for (const view of views) {
      const director = await DirectorPage.open(page, view);
      await expect(director.panel).toContainText(there[view]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([view, wide]).toEqual([view, 0]);
    }
  });
});
