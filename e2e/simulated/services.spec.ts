import type { ServiceFields } from "../pages/service-form.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

const everyKind: { fields: ServiceFields; rule: string }[] = [
  {
    fields: { address: "198.51.100.80", port: "80", scheduler: "wrr" },
    rule: "-t 198.51.100.80:80 -s wrr",
  },
  {
    fields: { protocol: "UDP", address: "198.51.100.53", port: "53", scheduler: "rr", onePacket: true },
    rule: "-u 198.51.100.53:53 -s rr -o",
  },
  {
    fields: {
      protocol: "SCTP",
      address: "198.51.100.90",
      port: "2905",
      scheduler: "lc",
      persistent: true,
      timeoutS: "600",
    },
    rule: "--sctp-service 198.51.100.90:2905 -s lc -p 600",
  },
  {
    fields: {
      protocol: "UDP",
      address: "198.51.100.60",
      port: "5060",
      persistent: true,
      timeoutS: "180",
      netmask: "24",
      engine: "sip",
      flags: ["flag-1", "flag-3"],
    },
    rule: "-u 198.51.100.60:5060 -s wlc -p 180 -M 255.255.255.0 --pe sip -b flag-1,flag-3",
  },
  {
    fields: { address: "198.51.100.99", port: "0", scheduler: "lblcr", persistent: true, netmask: "255.255.0.0" },
    rule: "-t 198.51.100.99:0 -s lblcr -p 360 -M 255.255.0.0",
  },
  {
    fields: { address: "2001:DB8:0::99", port: "443", scheduler: "mh", flags: ["mh-fallback", "mh-port"] },
    rule: "-t [2001:db8::99]:443 -s mh -b mh-fallback,mh-port",
  },
  {
    fields: {
      protocol: "Firewall mark",
      mark: "42",
      family: "IPv4",
      scheduler: "sh",
      persistent: true,
      netmask: "255.255.255.0",
      flags: ["sh-fallback"],
    },
    rule: "-f 42 -s sh -p 360 -M 255.255.255.0 -b sh-fallback",
  },
  {
    fields: {
      protocol: "Firewall mark",
      mark: "42",
      family: "IPv6",
      scheduler: "twos",
      persistent: true,
      timeoutS: "300",
      prefix: "64",
    },
    rule: "-f 42 -6 -s twos -p 300 -M 64",
  },
];

test("a virtual service of every kind and with every option is added as the command on the form says", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page);
  for (const { fields, rule } of everyKind) {
    await test.step(rule, async () => {
      const form = await services.addService();
      await form.fill(fields);
      await expect(form.command).toHaveText(`ipvsadm -A ${rule}`);
      await form.submit();
      await expect.poll(product.rules).toContain(`-A ${rule}`);
    });
  }
  await expect(services.counts).toContainText("21 of 21 services");
  await expect(services.service("MARK", "42", "IPv6").row).toBeVisible();
});

test("the command follows every key, and says what is still missing", async ({ page }) => {
  const services = await ServicesPage.open(page);
  const form = await services.addService();
  await expect(form.command).toHaveText("ipvsadm -A -t …:… -s wlc");
  await form.fill({ address: "198.51.100.80" });
  await expect(form.command).toHaveText("ipvsadm -A -t 198.51.100.80:… -s wlc");
  await form.fill({ port: "80", persistent: true, timeoutS: "" });
  await expect(form.command).toHaveText("ipvsadm -A -t 198.51.100.80:80 -s wlc -p …");
  await form.fill({ persistent: false });
  await expect(form.command).toHaveText("ipvsadm -A -t 198.51.100.80:80 -s wlc");
  await page.keyboard.press("Escape");
  await expect(form.dialog).toBeHidden();
  await expect(services.addButton).toBeFocused();
});

test("a service is edited, keeps its servers, and the list shows it", async ({ page, product }) => {
  const services = await ServicesPage.open(page);
  const row = services.service("TCP", "192.0.2.10:80");
  const form = await row.editService();
  await expect(form.scheduler).toHaveValue("wrr");
  await form.fill({ scheduler: "sh", flags: ["sh-port"], persistent: true, timeoutS: "120", netmask: "/16" });
  const rule = "-t 192.0.2.10:80 -s sh -p 120 -M 255.255.0.0 -b sh-port";
  await expect(form.command).toHaveText(`ipvsadm -E ${rule}`);
  await form.submit();
  await services.shell.expectToast("TCP 192.0.2.10:80 saved.");
  await expect(await row.cell("Method")).toHaveText("sh");
  const rules = await product.rules();
  expect(rules).toContain(`-A ${rule}`);
  expect(rules.filter((line) => line.startsWith("-a -t 192.0.2.10:80 "))).toHaveLength(4);
});

test("a service with connections is removed only after its name is typed; an empty one at once", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page);
  const busy = services.service("TCP", "192.0.2.10:443");
  await expect(await busy.cell("Active")).not.toHaveText(/^[0–]?$/);
  const dialog = await busy.remove();
  await expect(dialog.dialog).toContainText("Remove TCP 192.0.2.10:443?");
  await expect(dialog.dialog).toContainText(
    /1 virtual service and 3 real servers will be gone\. [\d,]+ active connections break\./,
  );
  await expect(dialog.removeButton).toBeDisabled();
  await dialog.typed.fill("TCP 192.0.2.10:80");
  await expect(dialog.removeButton).toBeDisabled();
  expect(await product.rules()).toContain("-A -t 192.0.2.10:443 -s wlc -p 360");
  await dialog.typed.fill("TCP 192.0.2.10:443");
  await dialog.confirm();
  await expect(busy.row).toBeHidden();
  await expect(services.counts).toContainText("12 of 12 services");
  expect((await product.rules()).filter((line) => line.includes("192.0.2.10:443"))).toEqual([]);

  const idle = await services.service("TCP", "192.0.2.50:8000").remove();
  await expect(idle.dialog).toContainText("1 virtual service and no real servers will be gone.");
  await expect(idle.typed).toBeHidden();
  await idle.confirm();
  await expect(services.counts).toContainText("11 of 11 services");
});
