import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Browser, test as base, chromium, expect, type Locator, type Page } from "@playwright/test";
import { type Lab, startLab } from "./start-lab.mjs";

/** A browser and the product on one network of their own: the director in a guest with a real IPVS kernel, real servers behind it. */
const test = base.extend<{ console: ConsolePage }, { lab: Lab; inside: Browser }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use) => {
      const lab = await startLab({ timeoutSeconds: 500 });
      await use(lab);
      await lab.close();
    },
    { scope: "worker", timeout: 150_000 },
  ],
  inside: [
    async ({ lab }, use) => {
      const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
      const browser = await chromium.launch({ executablePath: lab.programInside("/usr/bin/chromium"), args });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  console: async ({ inside, lab }, use) => {
    const page = await inside.newPage({ viewport: { width: 1440, height: 900 } });
    await use(new ConsolePage(page, lab));
    await page.close();
  },
});

type Counter = "connections" | "inPackets" | "outPackets" | "inBytes" | "outBytes";
const counters: Counter[] = ["connections", "inPackets", "outPackets", "inBytes", "outBytes"];

/** The services page, as a person uses it. */
class ConsolePage {
  readonly page: Page;
  readonly lab: Lab;

  constructor(page: Page, lab: Lab) {
    this.page = page;
    this.lab = lab;
  }

  async open(columns: readonly string[] = []): Promise<void> {
    const more = columns.length > 0 ? `&cols=${["state", "method", "weight", ...columns].join(",")}` : "";
    await this.page.goto(`${this.lab.url}/services?open=all${more}`);
    await expect(this.page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  }

  /** @param name the end of what the row's head says; its words may stand in elements with no space between them */
  row(name: string): Locator {
    const end = new RegExp(`${escaped(name).replaceAll(" ", " ?")}$`);
    return this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader", { name: end }) });
  }

  async addService(kind: "TCP" | "UDP" | "Firewall mark", fields: Record<string, string>): Promise<void> {
    await this.page.getByRole("button", { name: "Add service" }).first().click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: kind }).check({ force: true });
    const { family, ...typed } = fields;
    if (family) await dialog.getByRole("radio", { name: family }).check({ force: true });
    await this.fill(dialog, typed);
    await dialog.getByRole("button", { name: "Add service" }).click();
    await expect(dialog).toBeHidden();
  }

  async addServer(service: string, fields: Record<string, string>): Promise<void> {
    await this.chooseFor(service, "Add real server");
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "NAT" }).check({ force: true });
    await this.fill(dialog, fields);
    await dialog.getByRole("button", { name: "Add server" }).click();
    await expect(dialog).toBeHidden();
  }

  async editService(service: string, fields: Record<string, string>): Promise<void> {
    await this.chooseFor(service, "Edit service");
    const dialog = this.page.getByRole("dialog");
    await this.fill(dialog, fields);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
  }

  /** @param service as its row's head ends: controls say the protocol in front of an address */
  private async chooseFor(service: string, item: string): Promise<void> {
    const actions = new RegExp(`^Actions for ([A-Z]+ )?${escaped(service)}$`);
    await this.page.getByRole("button", { name: actions }).click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  async setWeight(server: string, weight: number): Promise<void> {
    await this.page.getByRole("button", { name: new RegExp(`^Weight of ${escaped(server)}`) }).click();
    const field = this.page.getByRole("textbox", { name: `Weight of ${server}` });
    await field.fill(String(weight));
    await field.press("Enter");
    await expect(
      this.page.getByRole("button", { name: new RegExp(`^Weight of ${escaped(server)}: ${weight}\\b`) }),
    ).toBeVisible();
  }

  async removeService(service: string): Promise<void> {
    await this.chooseFor(service, "Remove");
    const dialog = this.page.getByRole("alertdialog");
    const remove = dialog.getByRole("button", { name: "Remove", exact: true });
    await expect(remove).toBeVisible();
    // Only a service with connections wants its name typed.
    const wanted = /Type (.+) to confirm/.exec((await dialog.textContent()) ?? "")?.[1];
    if (wanted) await dialog.getByRole("textbox").fill(wanted);
    await remove.click();
    await expect(dialog).toBeHidden();
  }

  /** The exact number in a column, as its cell says on hover. */
  async exact(name: string, column: string): Promise<number> {
    const cell = this.row(name).locator(`[data-live="${column}"]`).first();
    await cell.hover();
    const title = await cell.getAttribute("title");
    return Number((title ?? "").replace(/[^\d.]/g, "") || Number.NaN);
  }

  private async fill(dialog: Locator, fields: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) {
      const choice = dialog.getByRole("combobox", { name: label, exact: true });
      const field = choice.or(dialog.getByRole("textbox", { name: label, exact: true }));
      if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
      else await field.fill(value);
    }
  }
}

const escaped = (text: string) => text.replace(/[.[\]*+?^$(){}|\\]/g, "\\$&");

async function ipvsadm(lab: Lab, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await lab.guestExec("ipvsadm", args);
  expect(status, stderr).toBe(0);
  return stdout;
}

/** The five counters of one row of `ipvsadm -Ln --stats --exact`. */
async function stats(lab: Lab, endpoint: string): Promise<number[]> {
  const line = (await ipvsadm(lab, "-Ln", "--stats", "--exact"))
    .split("\n")
    .find((each) => each.includes(` ${endpoint} `));
  return (line ?? "").trim().split(/\s+/).slice(-5).map(Number);
}

async function requests(lab: Lab, url: string, count: number): Promise<string[]> {
  const script = `const answers = []; for (let i = 0; i < ${count}; i++) answers.push((await (await fetch("${url}", { signal: AbortSignal.timeout(5000) })).text()).split(" ")[0]); console.log(answers.join(" "))`;
  return lab.run(process.execPath, ["--input-type=module", "-e", script]).trim().split(" ");
}

/** Python, since Node cannot set SO_MARK: requests to argv[1]:81 whose packets carry mark 7. */
const markedRequests = `
import socket, sys
for _ in range(int(sys.argv[2])):
    with socket.socket() as client:
        client.settimeout(5)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 7)
        client.connect((sys.argv[1], 81))
        client.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        answer = b""
        while chunk := client.recv(65536):
            answer += chunk
    print(answer.split(b"\\r\\n\\r\\n", 1)[1].split()[0].decode())
`;

test("a TCP service over NAT: added, watched, drained of new connections, removed", async ({ console: page, lab }) => {
  const { virtual, realServers } = lab.addresses;
  const [first, second] = realServers.map((address) => `${address}:8080`) as [string, string];
  await page.open(["active", "connectionsPerSecond", ...counters]);

  await page.addService("TCP", { Address: virtual, Port: "80", Scheduler: "rr" });
  for (const address of realServers) await page.addServer(`${virtual}:80`, { Address: address, Port: "8080" });
  expect(await ipvsadm(lab, "-Sn")).toBe(
    `-A -t ${virtual}:80 -s rr\n-a -t ${virtual}:80 -r ${first} -m -w 1\n-a -t ${virtual}:80 -r ${second} -m -w 1\n`,
  );

  const answers = await requests(lab, `http://${virtual}/`, 200);
  expect(answers.filter((name) => name === "real-server-1")).toHaveLength(100);
  await expect.poll(() => page.exact(`${virtual}:80`, "connectionsPerSecond"), { timeout: 10_000 }).toBeGreaterThan(0);
  for (const endpoint of [`${virtual}:80`, first, second]) {
    await expect
      .poll(
        async () => {
          const shown = await Promise.all(counters.map((counter) => page.exact(endpoint, counter)));
          return JSON.stringify(shown) === JSON.stringify(await stats(lab, endpoint))
            ? (shown[0] ?? 0)
            : shown.join(" ");
        },
        { timeout: 20_000 },
      )
      .toBe(endpoint === `${virtual}:80` ? 200 : 100);
  }

  await page.setWeight(first, 0);
  const after = await requests(lab, `http://${virtual}/`, 20);
  expect(new Set(after)).toEqual(new Set(["real-server-2"]));
  await expect(page.row(first)).toContainText(/Off|Draining/);

  await page.removeService(`${virtual}:80`);
  await expect(page.row(`${virtual}:80`)).toHaveCount(0);
  expect(await ipvsadm(lab, "-Sn")).toBe("");
});

test("under constant traffic the rate reads within 15 % of it, second after second", async ({ console: page, lab }) => {
  const { virtual, realServers } = lab.addresses;
  const name = `${virtual}:53`;
  await page.open(["inPacketsPerSecond", "inBytesPerSecond"]);
  await page.addService("UDP", { Address: virtual, Port: "53", Scheduler: "rr" });
  await page.addServer(name, { Address: realServers[0], Port: "8080" });

  const [program = "", ...args] = lab.enter(process.execPath, [
    fileURLToPath(new URL("constant-udp.mjs", import.meta.url)),
    virtual,
    "53",
    "200",
    "45",
  ]);
  const sender = spawn(program, args, { stdio: "ignore" });
  try {
    await expect.poll(() => page.exact(name, "inPacketsPerSecond"), { timeout: 15_000 }).toBeGreaterThan(170);
    // What is shown settles once the traffic has been there for a whole slope and the history of 8 samples.
    await page.page.waitForTimeout(9000);
    const read: number[] = [];
    for (let second = 0; second < 20; second++) {
      read.push(await page.exact(name, "inPacketsPerSecond"));
      await page.page.waitForTimeout(1000);
    }
    test.info().annotations.push({ type: "packets/s read of 200", description: read.join(" ") });
    for (const rate of read) {
      expect(rate, read.join(" ")).toBeGreaterThan(170);
      expect(rate, read.join(" ")).toBeLessThan(230);
    }
  } finally {
    sender.kill();
    await once(sender, "exit");
  }
  await page.removeService(name);
  expect(await ipvsadm(lab, "-Sn")).toBe("");
});

test("an IPv6 service: added, edited, counted, removed", async ({ console: page, lab }) => {
  const { virtual6, realServers6 } = lab.addresses;
  const name = `[${virtual6}]:80`;
  await page.open(counters);
  await page.addService("TCP", { Address: virtual6, Port: "80", Scheduler: "rr" });
  for (const address of realServers6) await page.addServer(name, { Address: address, Port: "8080", Weight: "3" });
  await page.editService(name, { Scheduler: "wrr" });
  expect(await ipvsadm(lab, "-Sn")).toBe(
    `-A -t ${name} -s wrr\n${realServers6.map((address) => `-a -t ${name} -r [${address}]:8080 -m -w 3\n`).join("")}`,
  );
  expect(new Set(await requests(lab, `http://${name}/`, 10))).toEqual(new Set(["real-server-1", "real-server-2"]));
  await expect.poll(() => page.exact(name, "connections"), { timeout: 15_000 }).toBe(10);
  await page.removeService(name);
  expect(await ipvsadm(lab, "-Sn")).toBe("");
});

test("a firewall mark in both families: added, edited, counted, removed", async ({ console: page, lab }) => {
  const { virtual, realServers, realServers6 } = lab.addresses;
  const mark = "Mark 7 (IPv4)";
  await page.open(counters);
  await page.addService("Firewall mark", { "Firewall mark": "7", Scheduler: "rr" });
  for (const address of realServers) await page.addServer(mark, { Address: address, Port: "8080" });
  await page.editService(mark, { Scheduler: "lc" });
  expect(await ipvsadm(lab, "-Sn")).toBe(
    `-A -f 7 -s lc\n${realServers.map((address) => `-a -f 7 -r ${address}:8080 -m -w 1\n`).join("")}`,
  );
  // No rule can be made here that sets marks, but a socket can mark its own packets.
  const asked = await lab.guestExec("python3", ["-c", markedRequests, virtual, "10"]);
  expect(new Set(asked.stdout.trim().split(/\s+/)), asked.stderr).toEqual(new Set(["real-server-1", "real-server-2"]));
  await expect.poll(() => page.exact("IPv4", "connections"), { timeout: 15_000 }).toBe(10);
  await page.removeService(mark);
  expect(await ipvsadm(lab, "-Sn")).toBe("");

  await page.addService("Firewall mark", { "Firewall mark": "7", family: "IPv6", Scheduler: "rr" });
  await page.addServer("Mark 7 (IPv6)", { Address: realServers6[0], Port: "8080" });
  expect(await ipvsadm(lab, "-Sn")).toBe(`-A -f 7 -6 -s rr\n-a -f 7 -6 -r [${realServers6[0]}]:8080 -m -w 1\n`);
  await page.removeService("Mark 7 (IPv6)");
  expect(await ipvsadm(lab, "-Sn")).toBe("");
});
