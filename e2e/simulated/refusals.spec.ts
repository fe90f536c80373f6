import type { ServerFields } from "../pages/server-form.ts";
import type { ServiceFields, ServiceForm } from "../pages/service-form.ts";
import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

type ServiceField = "address" | "port" | "mark" | "timeout" | "netmask" | "prefix" | "onePacket";
const good = { protocol: "TCP", address: "198.51.100.7", port: "80", persistent: false } as const;
const required = "Enter a value: this cannot be empty.";
const noAddress = (text: string) =>
  `“${text}” is not an IPv4 or IPv6 address. Write it in full, such as 192.0.2.10 or 2001:db8::10; names are not looked up.`;

/** What is typed over a good form, the field that refuses it, and what that field says. */
const wrongServices: [ServiceFields, ServiceField, string][] = [
  [{ address: "" }, "address", required],
  [{ address: "10.0.0.256" }, "address", noAddress("10.0.0.256")],
  [{ address: "10.9" }, "address", noAddress("10.9")],
  [{ address: "www.example.org" }, "address", noAddress("www.example.org")],
  [{ address: "fe80::1%eth0" }, "address", noAddress("fe80::1%eth0")],
  [{ address: "224.0.0.18" }, "address", "224.0.0.18 is a multicast address. A virtual service needs a unicast one."],
  [{ address: "ff02::12" }, "address", "ff02::12 is a multicast address. A virtual service needs a unicast one."],
  [
    { address: "255.255.255.255" },
    "address",
    "255.255.255.255 is the broadcast address. A virtual service needs a unicast one.",
  ],
  [
    { address: "0.0.0.0" },
    "address",
    "0.0.0.0 stands for any address. A virtual service needs one of the director’s own.",
  ],
  [{ address: "::" }, "address", ":: stands for any address. A virtual service needs one of the director’s own."],
  [{ port: "" }, "port", required],
  [{ port: "65536" }, "port", "Enter a number from 0 to 65,535."],
  [{ port: "-1" }, "port", "Enter a number from 0 to 65,535."],
  [{ port: "http" }, "port", "Enter a whole number, in digits."],
  [
    { port: "0" },
    "port",
    "Port 0 takes every port and works only with persistence. Turn persistence on, or enter a port.",
  ],
  [{ persistent: true, timeoutS: "" }, "timeout", required],
  [{ persistent: true, timeoutS: "0" }, "timeout", "Enter a number from 1 to 2,678,400."],
  [{ persistent: true, timeoutS: "1.5" }, "timeout", "Enter a whole number, in digits."],
  [
    { persistent: true, timeoutS: "360", netmask: "33" },
    "netmask",
    "“33” is not an IPv4 netmask. Write it as 255.255.255.0 or as a prefix length from 0 to 32.",
  ],
  [
    { address: "2001:db8::7", persistent: true, timeoutS: "360", prefix: "129" },
    "prefix",
    "“129” is not an IPv6 prefix length. Enter a number from 1 to 128.",
  ],
  [{ onePacket: true }, "onePacket", "One-packet scheduling is for UDP and firewall-mark services only."],
];

test("every value that a virtual service cannot have is refused at its field, and changes nothing", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page);
  const before = await product.rules();
  const form = await services.addService();
  for (const [wrong, field, sentence] of wrongServices) {
    await test.step(`${JSON.stringify(wrong)}: ${sentence}`, async () => {
      await form.fill({ ...good, ...wrong });
      await form.press();
      await form.expectRefusal(form[field], sentence);
      await expectKept(form, { ...good, ...wrong });
    });
  }
  await form.fill({ onePacket: false, protocol: "Firewall mark" });
  for (const [mark, sentence] of [
    ["", required],
    ["0", "Enter a number from 1 to 4,294,967,295."],
    ["4294967296", "Enter a number from 1 to 4,294,967,295."],
    ["0x7", "Enter a whole number, in digits."],
  ] as const) {
    await form.mark.fill(mark);
    await form.press();
    await form.expectRefusal(form.mark, sentence);
    await expect(form.mark).toHaveValue(mark);
  }
  expect(await product.rules()).toEqual(before);
});

async function expectKept(
  form: ServiceForm,
  { address, port, timeoutS, netmask, prefix }: ServiceFields,
): Promise<void> {
  if (address !== undefined) await expect(form.address).toHaveValue(address);
  if (port !== undefined) await expect(form.port).toHaveValue(port);
  if (timeoutS !== undefined) await expect(form.timeout).toHaveValue(timeoutS);
  if (netmask !== undefined) await expect(form.netmask).toHaveValue(netmask);
  if (prefix !== undefined) await expect(form.prefix).toHaveValue(prefix);
}

test("what the director refuses stands at its field too: a service, a mark and a server that exist", async ({
  page,
  product,
}) => {
  const services = await ServicesPage.open(page, "open=all");
  const before = await product.rules();
  const exists =
    "There is a virtual service with this protocol, address and port (or this mark) already. Edit that one, or choose another.";
  const form = await services.addService();
  await form.fill({ address: "192.0.2.10", port: "443", scheduler: "sed" });
  await form.press();
  await form.expectRefusal(form.address, exists);
  await expect(form.address).toBeFocused();
  await expect(form.scheduler).toHaveValue("sed");
  await form.fill({ address: "192.0.2.11" });
  await expect(form.address).not.toHaveAccessibleDescription(exists);
  await form.fill({ protocol: "Firewall mark", mark: "7", family: "IPv6" });
  await form.press();
  await form.expectRefusal(form.mark, exists);
  await form.cancel();

  const server = await services.service("TCP", "192.0.2.10:80").addServer();
  await server.fill({ address: "10.0.1.12", port: "8080", weight: "4" });
  await server.press();
  await server.expectRefusal(
    server.address,
    "There is a real server with this address and port in the virtual service already. Edit that one, or choose another.",
  );
  await expect(server.weight).toHaveValue("4");
  expect(await product.rules()).toEqual(before);
});

type ServerField = "address" | "port" | "weight" | "upper" | "lower" | "tunnelPort";
const goodServer = { forward: "NAT", address: "10.0.9.9", port: "8080", weight: "1", upper: "0", lower: "0" } as const;
const wrongServers: [ServerFields, ServerField, string][] = [
  [{ address: "" }, "address", required],
  [{ address: "10.0.0.07" }, "address", noAddress("10.0.0.07")],
  [{ address: "web1" }, "address", noAddress("web1")],
  [
    { address: "239.1.1.1" },
    "address",
    "239.1.1.1 is not a unicast address that packets can be sent to. Link-local addresses cannot be used either.",
  ],
  [
    { address: "255.255.255.255" },
    "address",
    "255.255.255.255 is not a unicast address that packets can be sent to. Link-local addresses cannot be used either.",
  ],
  [
    { address: "fe80::9" },
    "address",
    "fe80::9 is not a unicast address that packets can be sent to. Link-local addresses cannot be used either.",
  ],
  [
    { address: "2001:db8::9" },
    "address",
    "The virtual service is IPv4. A real server of the other family can only be reached by tunnelling.",
  ],
  [{ port: "" }, "port", required],
  [{ port: "70000" }, "port", "Enter a number from 0 to 65,535."],
  [{ weight: "" }, "weight", required],
  [{ weight: "2147483648" }, "weight", "Enter a number from 0 to 2,147,483,647."],
  [{ weight: "one" }, "weight", "Enter a whole number, in digits."],
  [{ upper: "" }, "upper", required],
  [{ lower: "" }, "lower", required],
  [{ upper: "100", lower: "101" }, "lower", "The lower threshold (101) is above the upper one (100)."],
  [{ lower: "5" }, "lower", "The lower threshold (5) is above the upper one (0)."],
];

test("every value that a real server cannot have is refused at its field, and changes nothing", async ({
  page,
  product,
}) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  const before = await product.rules();
  const form = await service.addServer();
  for (const [wrong, field, sentence] of wrongServers) {
    await test.step(`${JSON.stringify(wrong)}: ${sentence}`, async () => {
      await form.fill({ ...goodServer, ...wrong });
      await form.press();
      await form.expectRefusal(form[field], sentence);
      for (const name of ["address", "port", "weight", "upper", "lower"] as const)
        await expect(form[name]).toHaveValue({ ...goodServer, ...wrong }[name]);
    });
  }
  const tunnelPort = "A GUE tunnel needs the UDP port that the real server listens on, from 1 to 65,535.";
  await form.fill({ forward: "Tunnelling", weight: "1", upper: "0", lower: "0", tunnelType: "GUE" });
  for (const [typed, sentence] of [
    ["", required],
    ["0", tunnelPort],
    ["65536", "Enter a number from 0 to 65,535."],
  ] as const) {
    await form.tunnelPort.fill(typed);
    await form.press();
    await form.expectRefusal(form.tunnelPort, sentence);
  }
  expect(await product.rules()).toEqual(before);
});

test("direct routing and tunnelling keep the service's port: another cannot be typed, or is refused in an edit", async ({
  page,
  product,
}) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  const before = await product.rules();
  const adding = await service.addServer();
  await adding.fill({ address: "10.0.9.9", port: "8080" });
  await adding.fill({ forward: "Direct routing" });
  await expect(adding.port).toHaveValue("80");
  await expect(adding.port).not.toBeEditable();
  await adding.cancel();

  const editing = await service.server("10.0.1.11:8080").editServer();
  await editing.fill({ forward: "Direct routing", weight: "2" });
  await editing.press();
  await expect(editing.group("Forwarding method")).toHaveAccessibleDescription(
    "Direct routing and tunnelling do not change the port. Enter 80, the port of the virtual service, or choose NAT.",
  );
  await expect(editing.weight).toHaveValue("2");
  expect(await product.rules()).toEqual(before);
});

test("an edit that takes away what the service stands on is refused where that is", async ({ page, product }) => {
  const services = await ServicesPage.open(page);
  const adding = await services.addService();
  await adding.fill({ address: "198.51.100.7", port: "0", scheduler: "wlc", persistent: true });
  await adding.submit();
  const editing = await services.service("TCP", "198.51.100.7:0").editService();
  const before = await product.rules();
  await editing.fill({ persistent: false });
  await editing.press();
  await editing.expectRefusal(
    editing.persistent,
    "Port 0 takes every port and works only with persistence. Turn persistence on, or enter a port.",
  );
  await editing.fill({ persistent: true, timeoutS: "" });
  await editing.press();
  await editing.expectRefusal(editing.timeout, required);
  expect(await product.rules()).toEqual(before);
});
