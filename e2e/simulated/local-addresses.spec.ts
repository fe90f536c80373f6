import { LocalAddressesPanel } from "../pages/local-addresses-panel.ts";
import { ServicePage } from "../pages/service-page.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./product-fixture.ts";

const id = "tcp:192.0.2.10:80";

test("a kernel without full NAT is said to be one, and the form offers none", async ({ page }) => {
  const service = await ServicePage.open(page, id);
  const { region } = new LocalAddressesPanel(page);
  await expect(region).toContainText("The director’s kernel has no full NAT");
  await expect(region.getByRole("button")).toHaveCount(0);
  const form = await service.addServer();
  await expect(form.group("Forwarding method").getByRole("radio")).toHaveCount(3);
});

test.describe("with full NAT", () => {
  test.use({ simulation: { SIMULATED_FULLNAT: "1" } });

  test("a server by full NAT gets connections once there is an address for them, and they are seen at it", async ({
    page,
  }) => {
    const service = await ServicePage.open(page, id);
    const panel = new LocalAddressesPanel(page);
    await expect(panel.region).toContainText("None. Connections to real servers with full NAT leave from one of them.");
    const form = await service.addServer();
    await form.fill({ forward: "Full NAT", address: "10.0.9.1", port: "8080", weight: "50" });
    await expect(form.command).toHaveText(
      "ipvsctl server add --vip 192.0.2.10 --vport 80 --protocol TCP --rip 10.0.9.1 --rport 8080 --forward fnat --weight 50",
    );
    await form.submit();
    await expect(service.server("10.0.9.1:8080").row).toContainText("Full NAT");
    await expect(panel.region).toContainText("get no connections until there is a local address");

    await panel.add("192.0.2.21, 224.0.0.1");
    await expect(panel.field).toHaveAccessibleDescription(/^224\.0\.0\.1 cannot be a local address/);
    await expect(panel.addresses).toHaveCount(0);
    await panel.add("192.0.2.21 192.0.2.22");
    await expect(panel.addresses).toHaveText(["192.0.2.21", "192.0.2.22"]);
    await expect(panel.connections("192.0.2.21")).not.toHaveText("0");
    await panel.add("192.0.2.22");
    await expect(panel.field).toHaveAccessibleDescription(/^192\.0\.2\.22: The virtual service has this local address/);

    await panel.remove("192.0.2.21");
    await expect(panel.question).toContainText("New connections do not leave from there any more.");
    await panel.confirm();
    await expect(panel.addresses).toHaveText(["192.0.2.22"]);
    await panel.add("192.0.2.23");
    await expect(panel.addresses).toHaveCount(2);
    await panel.removeAll();
    await expect(panel.question).toContainText("None is left then");
    await panel.confirm();
    await expect(panel.region).toContainText("get no connections until there is a local address");
  });

  test("axe finds nothing, and a narrow screen does not scroll sideways", async ({ page }) => {
    const service = await ServicePage.open(page, id);
    const panel = new LocalAddressesPanel(page);
    await panel.add("192.0.2.21 192.0.2.22");
    await expect(panel.addresses).toHaveCount(2);
    await panel.field.fill("192.0.2.23");
    await expectAccessible(page, "local addresses");
    await panel.removeAll();
    await expect(panel.question).toBeVisible();
    await expectAccessible(page, "the question before local addresses go");
    await page.keyboard.press("Escape");
    const form = await service.addServer();
    await form.fill({ forward: "Full NAT", address: "10.0.9.1" });
    await expectAccessible(page, "the form with full NAT");
    await form.cancel();
    await page.setViewportSize({ width: 375, height: 740 });
    await expect(panel.field).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  });

  test.describe("to a viewer", () => {
    test.use({ role: "viewer" });

    test("nothing can be changed", async ({ page }) => {
      await ServicePage.open(page, id);
      const { region, field } = new LocalAddressesPanel(page);
      await expect(region).toContainText("None.");
      await expect(field).toHaveCount(0);
      await expect(region.getByRole("button")).toHaveCount(0);
    });
  });
});
