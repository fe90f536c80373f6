import { expect } from "@playwright/test";
import { DirectorPage } from "../pages/director-page.ts";
import { LocalAddressesPanel } from "../pages/local-addresses-panel.ts";
import { firstAdmin } from "../people.ts";
import { lend } from "../session.ts";
import { test as base } from "./console-fixture.ts";
import type { Lab } from "./start-lab.mjs";

/** The director's page on a real kernel, an admin at the browser: what it does is what ipvsadm and the files say then. */
const test = base.extend<{ director: DirectorPage }>({
  director: async ({ inside, lab, people }, use) => {
    const page = await inside.newPage({ viewport: { width: 1440, height: 1000 } });
    await lend(page.context(), await people.logIn(firstAdmin));
    await use(await DirectorPage.open(page, "table", lab.url));
    await page.close();
  },
});

async function inGuest(lab: Lab, command: string, args: string[], input?: string): Promise<string> {
  const { status, stdout, stderr } = await lab.guestExec(command, args, input === undefined ? {} : { input });
  expect(status, stderr).toBe(0);
  return stdout;
}
const ipvsadm = (lab: Lab, ...args: string[]) => inGuest(lab, "ipvsadm", args);
const sysctl = async (lab: Lab, name: string) => (await inGuest(lab, "cat", [`/proc/sys/net/ipv4/vs/${name}`])).trim();

test.afterEach(async ({ lab }) => {
  await ipvsadm(lab, "-C");
  await ipvsadm(lab, "--set", "900", "120", "300");
});

test("timeouts that are set here are ipvsadm's, and those that ipvsadm sets are shown", async ({ director, lab }) => {
  await director.timeout("TCP").fill("1234");
  await director.timeout("TCP after a FIN").fill("0");
  await director.timeout("UDP").fill("56");
  await director.setTimeouts.click();
  await director.shell.expectToast("The timeouts are set.");
  expect(await ipvsadm(lab, "-L", "--timeout")).toBe("Timeout (tcp tcpfin udp): 1234 120 56\n");
  await ipvsadm(lab, "--set", "4321", "0", "0");
  await expect(director.timeout("TCP")).toHaveValue("4321", { timeout: 25_000 });
});

test("counters are zero and the table is empty for ipvsadm too, until one click brings it back", async ({
  director,
  lab,
}) => {
  const { virtual, realServers } = lab.addresses;
  const rules = `-A -t ${virtual}:80 -s rr\n-a -t ${virtual}:80 -r ${realServers[0]}:8080 -m -w 3\n`;
  await inGuest(lab, "ipvsadm", ["-R"], rules);
  const connections = async () =>
    Number(/^TCP +\S+:80 +(\d+)/m.exec(await ipvsadm(lab, "-Ln", "--stats", "--exact"))?.[1]);
  const ask = `for (let i = 0; i < 10; i++) await (await fetch("http://${virtual}/", { signal: AbortSignal.timeout(5000) })).text()`;
  lab.run(process.execPath, ["--input-type=module", "-e", ask]);
  await expect.poll(connections, { timeout: 15_000 }).toBe(10);
  await expect(director.panel).toContainText("1 virtual service, 1 real server");
  await director.zeroAll.click();
  await director.dialog.getByRole("button", { name: "Set to zero" }).click();
  await director.shell.expectToast("All counters are zero.");
  expect(await connections()).toBe(0);
  await director.clearByName();
  await expect(director.cleared).toContainText("1 virtual service and 1 real server are gone.");
  expect(await ipvsadm(lab, "-Sn")).toBe("");
  await director.cleared.getByRole("button", { name: "Bring the table back" }).click();
  await director.shell.expectToast("The table is back.");
  expect(await ipvsadm(lab, "-Sn")).toBe(rules);
});

test("daemons run with what was asked for, on an interface that the host offers", async ({ director, lab }) => {
  await director.show("sync");
  const form = await director.fillStart("master", {
    "Sync id": "9",
    "Multicast group": "239.9.9.9",
    "UDP port": "8850",
    TTL: "3",
  });
  const chosen = await form.getByLabel("Interface").inputValue();
  await expect(form.getByLabel("Interface")).toHaveAccessibleDescription(/^Up · multicast · MTU 1,500 · \d/);
  await director.start();
  await expect(director.daemon("Master")).toContainText("239.9.9.9");
  expect(await ipvsadm(lab, "-L", "--daemon")).toBe(
    `master sync daemon (mcast=${chosen}, syncid=9, maxlen=1472, group=239.9.9.9, port=8850, ttl=3)\n`,
  );
  await expect(director.warnings).toContainText("Only the master runs here.");
  await director.stop("master");
  expect(await ipvsadm(lab, "-L", "--daemon")).toBe("");
});

test("sysctls are the kernel's: drop_entry in automatic mode is active now while amemthresh is above free memory", async ({
  director,
  lab,
}) => {
  await director.show("sysctls");
  await expect(director.sysctl("drop_entry")).toHaveText("0 (never)");
  await director.setSysctl("drop_entry", "1");
  expect(await sysctl(lab, "drop_entry")).toBe("1");
  await expect(director.activeNow).toBeHidden();
  await director.setSysctl("amemthresh", "2000000000");
  await expect.poll(() => sysctl(lab, "drop_entry"), { timeout: 15_000 }).toBe("2");
  await expect(director.activeNow).toContainText("drop_entry", { timeout: 20_000 });
  await expect(director.sysctl("drop_entry")).toHaveText("2 (automatic, active now)");
  await director.setSysctl("amemthresh", "1024");
  await expect(director.activeNow).toBeHidden({ timeout: 20_000 });
  await director.setSysctl("drop_entry", "0");
  await director.setSysctl("sync_threshold", "5 20");
  expect(await sysctl(lab, "sync_threshold")).toBe("5\t20");
  await expect(director.snippet).toContainText("net.ipv4.vs.sync_threshold = 5 20");
  await director.setSysctl("sync_threshold", "3 50");
  await expect(director.snippet).toBeHidden();
});

test("a scheduler is loaded once a service asks for it", async ({ director, lab }) => {
  await inGuest(lab, "ipvsadm", ["-R"], `-A -t ${lab.addresses.virtual}:80 -s lblcr\n`);
  await director.show("modules");
  await expect(director.module("ip_vs_lblcr")).toContainText("loaded", { timeout: 25_000 });
  await expect(director.module("ip_vs_twos")).not.toContainText("loaded");
});

test("a service’s page says that this kernel has no local addresses", async ({ director, lab }) => {
  const service = `${lab.addresses.virtual}:80`;
  await inGuest(lab, "ipvsadm", ["-A", "-t", service]);
  await director.page.goto(`${lab.url}/services/${encodeURIComponent(`tcp:${service}`)}`);
  const { region, field } = new LocalAddressesPanel(director.page);
  await expect(region).toContainText("The director’s kernel has no full NAT, so services have no local addresses.");
  await expect(field).toHaveCount(0);
  await expect(region.getByRole("button")).toHaveCount(0);
});

test("a table that kube-proxy manages too is edited only after “Edit anyway”, and the revision says so", async ({
  director,
  lab,
  people,
}) => {
  const state = () => people.admin.query<{ managers: { manager: string }[] }>("managers.state");
  const found = async () => (await state()).managers.map(({ manager }) => manager).join();
  await inGuest(lab, "ip", ["link", "add", "kube-ipvs0", "type", "veth", "peer", "name", "kube1"]);
  try {
    // The director looks every 30 s.
    await expect.poll(found, { timeout: 60_000 }).toBe("kube-proxy");
    await director.page.reload();
    await expect(director.managers).toContainText("kube-proxy manages this table too");
    await expect(director.setTimeouts).toBeDisabled();
    await expect(director.clear).toBeDisabled();
    await director.editAnyway.click();
    await expect(director.managers).toContainText("In this session you edit it anyway");
    await director.timeout("TCP").fill("901");
    await director.setTimeouts.click();
    await director.shell.expectToast("The timeouts are set.");
    const listed = await people.admin.query<{ revisions: { note: string | null }[] }>("rules.revisions", {
      beforeId: null,
      limit: 1,
    });
    expect(listed.revisions[0]?.note).toBe("(despite kube-proxy)");
  } finally {
    await inGuest(lab, "ip", ["link", "delete", "kube-ipvs0"]);
    await expect.poll(found, { timeout: 60_000 }).toBe("");
  }
});
