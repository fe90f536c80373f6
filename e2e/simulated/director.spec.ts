import type { AuditPage } from "#domain/audit";
import { DirectorPage } from "../pages/director-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";

/** Without it daemons are refused: one of the services that are there at the start has a server of the other family. */
async function withoutMixedFamilies(people: { admin: { mutate: (name: string, input: unknown) => Promise<unknown> } }) {
  const service = { kind: "address", protocol: "tcp", address: "198.51.100.20", port: 8443 };
  await people.admin.mutate("table.change", { changes: [{ verb: "remove-service", service }] });
}

test("timeouts: shown, set with the command beside, 0 keeps, and what is no time is refused at its field", async ({
  page,
  product,
}) => {
  const director = await DirectorPage.open(page);
  await expect(director.timeout("TCP")).toHaveValue("900");
  await director.timeout("TCP").fill("1800");
  await director.timeout("TCP after a FIN").fill("0");
  await director.timeout("UDP").fill("2678401");
  await expect(director.command()).toHaveText("ipvsadm --set 1800 0 2678401");
  await expect(director.timeout("TCP after a FIN")).toHaveAccessibleDescription("0 keeps what is set: 120.");
  await director.setTimeouts.click();
  await expect(director.timeout("UDP")).toHaveAccessibleDescription("Enter a number from 0 to 2,678,400.");
  await expect(director.timeout("UDP")).toBeFocused();
  await director.timeout("UDP").fill("60");
  await director.setTimeouts.click();
  await director.shell.expectToast("The timeouts are set.");
  expect(await product.people.admin.query("director.timeouts")).toEqual({ tcpS: 1800, tcpFinS: 120, udpS: 60 });
  await expect(director.timeout("TCP after a FIN")).toHaveValue("120");
});

test("clear: the name typed, what is lost said, a revision with all of it, and one click that brings it back", async ({
  page,
  product,
}) => {
  const before = await product.rules();
  const director = await DirectorPage.open(page);
  await director.clear.click();
  await expect(director.dialog).toContainText(
    /13 virtual services and 33 real servers will be gone\. [\d,]+ active connections break\./,
  );
  const confirm = director.dialog.getByRole("button", { name: "Clear", exact: true });
  await expect(confirm).toBeDisabled();
  await director.dialog.getByRole("textbox").fill("another host");
  await expect(confirm).toBeDisabled();
  await director.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(director.clear).toBeFocused();

  await director.clearByName();
  await expect(director.cleared).toBeFocused();
  expect(await product.rules()).toEqual([]);
  await expect(director.clear).toBeDisabled();
  await director.cleared.getByRole("button", { name: "Bring the table back" }).click();
  await director.shell.expectToast("The table is back.");
  expect((await product.rules()).toSorted()).toEqual(before.toSorted());
  const audit = await product.people.admin.query<AuditPage>("audit.page", { action: "table-change", limit: 10 });
  expect(audit.entries.map(({ target }) => target)).toContain("table");
});

test.describe("counters", () => {
  test("of one service are set to zero from its menu, of all from here", async ({ page, product }) => {
    const counted = async () => {
      const { counters } = await product.people.admin.query<{ counters: { connections: string } }>("table.service", {
        id: "tcp:192.0.2.10:80",
      });
      return Number(counters.connections);
    };
    const before = await counted();
    expect(before).toBeGreaterThan(1000);
    const services = await ServicesPage.open(page, "q=192.0.2.10:80");
    await page.getByRole("button", { name: "Actions for TCP 192.0.2.10:80" }).click();
    await page.getByRole("menuitem", { name: "Zero counters" }).click();
    const director = new DirectorPage(page);
    await expect(director.dialog).toContainText("Other services and the totals of the table go on counting.");
    await expect(director.command(director.dialog)).toHaveText("ipvsadm -Z -t 192.0.2.10:80");
    await director.dialog.getByRole("button", { name: "Set to zero" }).click();
    await services.shell.expectToast("The counters of TCP 192.0.2.10:80 are zero.");
    expect(await counted()).toBeLessThan(before);

    await DirectorPage.open(page);
    await director.zeroAll.click();
    await expect(director.dialog).toContainText("/proc/net/ip_vs_stats_percpu go on counting");
    await director.dialog.getByRole("button", { name: "Set to zero" }).click();
    await director.shell.expectToast("All counters are zero.");
  });
});

test("daemons: refused in words, then started with every option, warned about, and stopped", async ({
  page,
  product,
}) => {
  const director = await DirectorPage.open(page, "sync");
  await expect(director.warnings).toContainText("a real server of the other address family (TCP 198.51.100.20:8443)");
  const form = await director.fillStart("backup", { Interface: "eth1" });
  await expect(form.getByLabel("Interface")).toHaveAccessibleDescription(
    /^Up · multicast · MTU 1,500 · 10\.0\.0\.2\/16/,
  );
  await director.start();
  await expect(form.getByRole("alert")).toContainText(
    "None starts while a virtual service has a real server of the other address family",
  );
  await withoutMixedFamilies(product.people);
  await director.start();
  await expect(form).toBeHidden();
  const backup = director.daemon("Backup");
  for (const text of ["Running", "eth1", "1472", "224.0.0.81", "8848"]) await expect(backup).toContainText(text);
  await expect(director.warnings).toContainText("Only the backup runs here.");
  await expect(director.warnings).toContainText("has sync id 0 and takes in what every master on its segment sends");
  await expect(director.warnings).toContainText("The protocol has no authentication");

  const fields = {
    "Sync id": "7",
    "Longest message, bytes": "9000",
    "Multicast group": "239.1.2.3",
    "UDP port": "8850",
    TTL: "5",
  };
  await director.fillStart("master", { Interface: "eth0", ...fields });
  await expect(director.command(director.dialog)).toHaveText(
    "ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7 --sync-maxlen 9000 --mcast-group 239.1.2.3 --mcast-port 8850 --mcast-ttl 5",
  );
  await director.start();
  await expect(director.daemon("Master")).toContainText("239.1.2.3");
  await expect(director.warnings).toContainText("Messages of up to 9,000 bytes do not fit the MTU of 1,500");
  await expect(director.warnings).not.toContainText("Only the");
  await director.stop("master");
  await expect(director.daemon("Master")).toContainText("Stopped");
  expect(await product.people.admin.query("director.daemons")).toMatchObject([{ role: "backup" }]);
});

test("sysctls: within the kernel's limits, active now, and what the next start loses", async ({ page, product }) => {
  const director = await DirectorPage.open(page, "sysctls");
  await expect(director.page.getByText("Nothing is lost:")).toBeVisible();
  const ports = await director.openSysctl("sync_ports");
  await ports.fill("3");
  await expect(director.command(director.dialog)).toHaveText("sysctl -w net.ipv4.vs.sync_ports=3");
  await director.dialog.getByRole("button", { name: "Set", exact: true }).click();
  await expect(ports).toHaveAccessibleDescription("Enter a power of two: 1, 2, 4, 8 and so on.");
  await ports.fill("4");
  await ports.press("Enter");
  await expect(director.sysctl("sync_ports")).toHaveText("4");
  await director.setSysctl("drop_entry", "1");
  await expect(director.activeNow).toBeHidden();
  await director.setSysctl("amemthresh", "200000");
  await expect(director.activeNow).toContainText("drop_entry");
  await expect(director.sysctl("drop_entry")).toHaveText("2 (automatic, active now)");
  await expect(director.snippet).toHaveText(
    /^# .+net\.ipv4\.vs\.drop_entry = 1\s*net\.ipv4\.vs\.amemthresh = 200000\s*net\.ipv4\.vs\.sync_ports = 4\s*$/s,
  );
  const { entries } = await product.people.admin.query<AuditPage>("audit.page", { action: "sysctl-set", limit: 10 });
  expect(entries.map(({ target, before, after }) => [target, before, after])).toEqual([
    ["amemthresh", { value: "1024" }, { value: "200000" }],
    ["drop_entry", { value: "0" }, { value: "1" }],
    ["sync_ports", { value: "1" }, { value: "4" }],
  ]);
});

test("modules: what is loaded and what can be", async ({ page }) => {
  const director = await DirectorPage.open(page, "modules");
  // Those that services of the table have, with how many do.
  await expect(director.module("ip_vs_wlc")).toContainText(/loaded3$/);
  await expect(director.module("ip_vs_pe_sip")).toContainText(/loaded1$/);
  await expect(director.module("ip_vs_lblc")).toContainText("loadable");
  await expect(page.getByText("modprobe ip_vs_ftp")).toBeVisible();
});

for (const role of ["viewer", "operator"] as const) {
  test.describe(`${role === "viewer" ? "a viewer" : "an operator"}`, () => {
    test.use({ role });

    test("sees all of it, and is offered what the role may", async ({ page }) => {
      const director = await DirectorPage.open(page);
      await expect(director.panel).toContainText("15 min");
      const mayEdit = role === "operator" ? 1 : 0;
      await expect(director.setTimeouts).toHaveCount(mayEdit);
      await expect(director.zeroAll).toHaveCount(mayEdit);
      await expect(director.clear).toHaveCount(0);
      await director.show("sync");
      await expect(director.daemon("Master")).toContainText("Stopped");
      await expect(page.getByRole("button", { name: /^Start / })).toHaveCount(0);
      await director.show("sysctls");
      await expect(director.sysctl("drop_entry")).toHaveText("0 (never)");
      await expect(page.getByRole("button", { name: /^Set / })).toHaveCount(0);
      await director.show("modules");
      await expect(director.module("ip_vs_rr")).toBeVisible();
      for (const [name, input] of [
        ["director.clear", null],
        ["director.setSysctl", { name: "drop_entry", value: "1" }],
        ["director.stopDaemon", { role: "master" }],
      ] as const) {
        const status = await page.evaluate(
          async ([path, body]) =>
            (
              await fetch(`/api/trpc/${path}`, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(body),
              })
            ).status,
          [name, input] as const,
        );
        expect([name, status]).toEqual([name, 403]);
      }
    });
  });
}
