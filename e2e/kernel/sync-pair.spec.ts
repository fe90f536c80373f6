import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import { addServer, addService, server } from "#server/director/contract/samples";
import { ConsoleClient } from "../console-client.ts";
import { ConnectionsPage } from "../pages/connections-page.ts";
import { DirectorPage } from "../pages/director-page.ts";
import { setUp } from "../people.ts";
import { lend } from "../session.ts";
import { test as base } from "./console-fixture.ts";
import { type Lab, startInside } from "./start-lab.mjs";
import {
  type HalfName,
  halves,
  linksFile,
  pairFolder,
  pidFile,
  serverAddress,
  virtualAddress,
} from "./sync-pair-guest.ts";

/** One of the two consoles, with its first admin at it. */
interface Half {
  url: string;
  admin: ConsoleClient;
}
type Pair = Record<HalfName, Half>;

/** Two more products in the lab's guest, each of a namespace of its own, with a veth between the two. */
const test = base.extend<{ pair: Pair }>({
  pair: [
    async ({ lab }, use) => {
      const { guest } = lab.addresses;
      const folder = mkdtempSync(join(tmpdir(), "sync-pair-"));
      const socketOf = (name: HalfName) => join(folder, name);
      const ends = halves.flatMap(({ name, port }) => [
        socketOf(name),
        `${guest}:${port}`,
        `127.0.0.1:${port}`,
        `${guest}:${port}`,
      ]);
      const relays = startInside(lab, "relay.mjs", ends);
      const running = lab.guestExec("node", ["e2e/kernel/sync-pair-guest.ts", guest], { timeoutS: 170 });
      try {
        const links = await linksOf(lab, running);
        const started = halves.map(async ({ name, port }, index) => {
          const url = `http://127.0.0.1:${port}`;
          const admin = new ConsoleClient(url, "", socketOf(name));
          await setUp(admin, links[index] ?? "");
          return [name, { url, admin }] as const;
        });
        await use(Object.fromEntries(await Promise.all(started)) as Pair);
      } finally {
        await kill(lab, pidFile);
        const { status, stderr } = await running;
        relays.stdin.end();
        rmSync(folder, { recursive: true, force: true });
        expect(status, stderr).toBe(0);
      }
    },
    { timeout: 150_000 },
  ],
});

const kill = (lab: Lab, file: string) => lab.guestExec("sh", ["-c", `kill "$(cat ${file})"`]);

async function linksOf(lab: Lab, running: ReturnType<Lab["guestExec"]>): Promise<string[]> {
  let ended = "";
  running.then(({ stderr }) => {
    ended = `The pair ended: ${stderr}`;
  });
  for (;;) {
    const { status, stdout } = await lab.guestExec("cat", [linksFile]);
    if (status === 0) return JSON.parse(stdout) as string[];
    if (ended !== "") throw new Error(ended);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function openPage(inside: Browser, { admin }: Half): Promise<Page> {
  // Of a context of its own: cookies know hosts, and no ports.
  const page = await inside.newPage({ viewport: { width: 1440, height: 900 } });
  await lend(page.context(), admin);
  return page;
}

const service = { kind: "address", protocol: "tcp", address: virtualAddress, port: 80 } as const;
const real = server({ address: serverAddress, port: 8080 });
const clientPort = 40_000;
const talkFile = `${pairFolder}/talk`;

/** A real server and a client of the service, which write to each other once in a while for as long as they may. */
const talk = `
const net = require("node:net");
require("node:fs").writeFileSync("${talkFile}", String(process.pid));
const answering = net.createServer((socket) => socket.pipe(socket)).listen(${real.port}, "${real.address}", () => {
  const client = net.connect({ port: ${service.port}, host: "${service.address}", localPort: ${clientPort} });
  client.on("connect", () => setInterval(() => client.write("still there"), 200)).resume();
});`;

test("a pair of directors, started from their pages: a connection made on the master is on the backup’s page, with where it came from", async ({
  inside,
  lab,
  pair,
}) => {
  for (const { admin } of Object.values(pair))
    await admin.mutate("table.change", { changes: [addService(service), addServer(service, real)] });
  const pages = { master: await openPage(inside, pair.master), backup: await openPage(inside, pair.backup) };
  const directors = {} as Record<HalfName, DirectorPage>;
  for (const { name } of halves) {
    const director = await DirectorPage.open(pages[name], "sync", pair[name].url);
    directors[name] = director;
    await expect(director.page.getByText(`the network namespace /run/netns/${name},`)).toBeVisible();
    const form = await director.fillStart(name, {
      ...{ Interface: "eth0", "Sync id": "7", "Longest message, bytes": "1400" },
      ...{ "Multicast group": "239.88.0.1", "UDP port": "8850", TTL: "2" },
    });
    await expect(form.getByLabel("Interface")).toHaveAccessibleDescription(
      /^Up · multicast · MTU 1,500 · 10\.88\.0\.\d/,
    );
    await director.start();
    await expect(director.daemon(name === "master" ? "Master" : "Backup")).toContainText("Running");
    const { stdout } = await lab.guestExec("ip", ["netns", "exec", name, "ipvsadm", "-L", "--daemon"]);
    expect(stdout).toBe(
      `${name} sync daemon (mcast=eth0, syncid=7, maxlen=1400, group=239.88.0.1, port=8850, ttl=2)\n`,
    );
  }

  const talking = lab.guestExec("ip", ["netns", "exec", "master", "node", "-e", talk], { timeoutS: 60 });
  const shown = [
    "tcp",
    `${virtualAddress}:${clientPort}`,
    `${virtualAddress}:80`,
    `${serverAddress}:8080`,
    "ESTABLISHED",
  ];
  await test.step("the master has it as its own", async () => {
    expect(await onlyRow(pages.master, pair.master, "Made here only")).toEqual([...shown, "Local"]);
  });
  await test.step("the backup has it from its master, and as nothing else", async () => {
    expect(await onlyRow(pages.backup, pair.backup, "From sync only")).toEqual([...shown, "Sync"]);
    const connections = new ConnectionsPage(pages.backup);
    await connections.chooseOrigin("Made here only");
    await expect(connections.readLine).toContainText(/: 0 of 1 rows$/);
  });

  for (const { name } of halves) {
    await directors[name].page.goto(`${pair[name].url}/director?view=sync`);
    await directors[name].stop(name);
    const { stdout } = await lab.guestExec("ip", ["netns", "exec", name, "ipvsadm", "-L", "--daemon"]);
    expect(stdout).toBe("");
  }
  for (const page of Object.values(pages)) await page.close();
  await kill(lab, talkFile);
  await talking;
});

/** What the page shows of the one connection from there, but for the time that passes, once it is there. */
async function onlyRow(page: Page, { url }: Half, origin: Parameters<ConnectionsPage["chooseOrigin"]>[0]) {
  await page.goto(`${url}/connections`);
  const connections = await ConnectionsPage.arrive(page);
  await connections.chooseOrigin(origin);
  // The kernel sends what has gathered every second or two, and the page reads when it is told to.
  await expect(async () => {
    await connections.refreshButton.click();
    await expect(connections.rows()).toHaveCount(1, { timeout: 2000 });
    expect(await connections.column("State")).toEqual(["ESTABLISHED"]);
  }).toPass({ timeout: 40_000 });
  const columns = ["Protocol", "Client", "Virtual", "Real server", "State", "Origin"];
  return (await Promise.all(columns.map((column) => connections.column(column)))).flat();
}
