import type { ServerFields } from "../pages/server-form.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

const everyKind: { fields: ServerFields; server: string; options: string }[] = [
  {
    fields: { forward: "NAT", address: "10.0.9.1", port: "8081", weight: "5", upper: "200", lower: "150" },
    server: "10.0.9.1:8081",
    options: "-m -w 5 -x 200 -y 150",
  },
  { fields: { forward: "Direct routing", address: "10.0.9.2" }, server: "10.0.9.2:80", options: "-g -w 1" },
  {
    fields: { forward: "Tunnelling", address: "10.0.9.3", tunnelType: "IPIP", weight: "0" },
    server: "10.0.9.3:80",
    options: "-i -w 0 --tun-type ipip",
  },
  {
    fields: {
      forward: "Tunnelling",
      address: "10.0.9.4",
      tunnelType: "GUE",
      tunnelPort: "6080",
      checksum: "Remote checksum",
    },
    server: "10.0.9.4:80",
    options: "-i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum",
  },
  {
    fields: { forward: "Tunnelling", address: "10.0.9.5", tunnelType: "GRE", checksum: "Checksum", upper: "10" },
    server: "10.0.9.5:80",
    options: "-i -w 1 -x 10 --tun-type gre --tun-csum",
  },
  {
    fields: { forward: "Tunnelling", address: "2001:DB8::0:9", tunnelType: "IPIP" },
    server: "[2001:db8::9]:80",
    options: "-i -w 1 --tun-type ipip",
  },
];

test("a real server of every kind is added as the command on the form says", async ({ page, product }) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  for (const { fields, server, options } of everyKind) {
    await test.step(`${server} ${options}`, async () => {
      const form = await service.addServer();
      await form.fill(fields);
      await expect(form.command).toHaveText(`ipvsadm -a -t 192.0.2.10:80 -r ${server} ${options}`);
      await form.submit();
      await expect.poll(product.rules).toContain(`-a -t 192.0.2.10:80 -r ${server} ${options}`);
    });
  }
  await expect(service.server("10.0.9.4:80").row).toBeVisible();
  await expect(service.rules).toContainText("-a -t 192.0.2.10:80 -r 10.0.9.1:8081 -m -w 5 -x 200 -y 150");
});

test("a server of a firewall mark, added from the list, takes port 0", async ({ page, product }) => {
  const services = await ServicesPage.open(page);
  const form = await services.service("MARK", "7", "IPv6").addServer();
  await form.fill({ address: "fd00:20::13", port: "0", weight: "20" });
  await expect(form.command).toHaveText("ipvsadm -a -f 7 -6 -r [fd00:20::13]:0 -m -w 20");
  await form.submit();
  await expect.poll(product.rules).toContain("-a -f 7 -6 -r [fd00:20::13]:0 -m -w 20");
});

test("a server is edited whole: what is not touched stays", async ({ page, product }) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.30");
  const row = services.server("10.0.6.11:5432");
  const form = await row.editServer();
  await expect(form.upper).toHaveValue("400");
  await form.fill({ weight: "7" });
  const rule = "-t 192.0.2.30:5432 -r 10.0.6.11:5432 -m -w 7 -x 400 -y 350";
  await expect(form.command).toHaveText(`ipvsadm -e ${rule}`);
  await form.submit();
  await services.shell.expectToast("10.0.6.11:5432 saved.");
  await expect(row.weight).toHaveText("7");
  expect(await product.rules()).toContain(`-a ${rule}`);
});

test("a server with connections is removed after its name is typed; draining is offered instead", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.25");
  const row = services.server("10.0.5.11:25");
  await expect(await row.cell("Active")).not.toHaveText(/^[0–]?$/);
  const dialog = await row.remove();
  await expect(dialog.dialog).toContainText("Remove 10.0.5.11:25 of TCP 192.0.2.25:25?");
  await expect(dialog.dialog).toContainText(/1 real server will be gone\. [\d,]+ active connections? breaks?\./);
  await expect(dialog.dialog.getByRole("button", { name: "Drain instead" })).toBeVisible();
  await expect(dialog.removeButton).toBeDisabled();
  await dialog.typed.fill("10.0.5.11:25");
  await dialog.confirm();
  await expect(row.row).toBeHidden();
  const rules = await product.rules();
  expect(rules.filter((line) => line.startsWith("-a -t 192.0.2.25:25")).sort()).toEqual([
    "-a -t 192.0.2.25:25 -r 10.0.5.12:25 -m -w 4",
    "-a -t 192.0.2.25:25 -r 10.0.5.13:25 -m -w 0",
  ]);
});

test("a weight is edited in place: Enter writes, Escape leaves, an emptied field is refused and never 0", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all&q=192.0.2.10:80");
  const row = services.server("10.0.1.11:8080");
  const rule = (weight: number) => `-a -t 192.0.2.10:80 -r 10.0.1.11:8080 -m -w ${weight}`;

  const field = await row.editWeight();
  await field.fill("9");
  await field.press("Escape");
  await expect(row.weight).toHaveText("3");
  await expect(row.weight).toBeFocused();
  expect(await product.rules()).toContain(rule(3));

  await row.editWeight();
  for (const [typed, sentence] of [
    ["", "Enter a value: this cannot be empty."],
    ["-1", "Enter a number from 0 to 2,147,483,647."],
    ["three", "Enter a whole number, in digits."],
  ] as const) {
    await field.fill(typed);
    await field.press("Enter");
    await expect(row.weightNotice).toHaveText(sentence);
    await expect(field).toHaveValue(typed);
    expect(await product.rules()).toContain(rule(3));
  }
  await field.fill("9");
  await field.press("Enter");
  await expect(row.weight).toHaveText("9");
  await expect(row.weight).toBeFocused();
  expect(await product.rules()).toContain(rule(9));
});
