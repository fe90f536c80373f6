import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "@playwright/test";
import type { ConnectionsDocument } from "#domain/connections-document";
import { endpoint } from "#domain/endpoint";
import { ConsoleClient } from "../console-client.ts";
import { ConnectionsPage } from "../pages/connections-page.ts";
import { firstAdmin, type People } from "../people.ts";
import { lend } from "../session.ts";
import { test } from "./console-fixture.ts";
import type { Lab } from "./start-lab.mjs";

/** A row without what passes: protocol, state, client, virtual, server. */
type Row = string;

interface Listed {
  row: Row;
  expiresS: number;
}

async function ipvsadm(lab: Lab, args: string[], input?: string): Promise<string> {
  const { status, stdout, stderr } = await lab.guestExec("ipvsadm", args, input === undefined ? {} : { input });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** `TCP 01:54  TIME_WAIT   10.99.0.1:40000    10.99.0.10:80      10.98.1.2:8080`, templates with client port 0 */
async function listed(lab: Lab): Promise<{ connections: Listed[]; templates: Listed[] }> {
  const lines = (await ipvsadm(lab, ["-Lnc"])).split("\n").map((line) => line.trim().split(/\s+/));
  const all = lines.flatMap(([protocol = "", expires = "", state = "", client = "", virtual = "", server = ""]) => {
    const [, minutes, seconds] = /^(\d+):(\d\d)$/.exec(expires) ?? [];
    if (minutes === undefined) return [];
    const row = [protocol.toLowerCase(), state, client, virtual, server].join(" ");
    return [{ row, expiresS: Number(minutes) * 60 + Number(seconds), isTemplate: client.endsWith(":0") }];
  });
  return { connections: all.filter((each) => !each.isTemplate), templates: all.filter((each) => each.isTemplate) };
}

/** What a program gets. */
class Program {
  readonly #client: ConsoleClient;
  readonly #token: string;

  constructor(lab: Lab, token: string) {
    this.#client = new ConsoleClient(lab.url, "", lab.webSocket);
    this.#token = token;
  }

  async connections(query: string): Promise<ConnectionsDocument> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const { status, text } = await this.#client.ask(`/api/v1/connections?limit=500&freshMs=0&${query}`, { headers });
    expect(status, text).toBe(200);
    return JSON.parse(text) as ConnectionsDocument;
  }
}

async function programOf(lab: Lab, people: People): Promise<Program> {
  const { token } = await people.admin.mutate<{ token: string }>("tokens.add", {
    ...{ name: "connections", role: "viewer", days: 1 },
  });
  return new Program(lab, token);
}

function rowsOf({ connections }: ConnectionsDocument): Listed[] {
  return connections.map(({ protocol, state, client, virtual, server, expiresS }) => {
    const ends = [client, virtual, server].map(({ address, port }) => endpoint(address, port));
    return { row: [protocol, state, ...ends].join(" "), expiresS };
  });
}

const sorted = (rows: readonly Listed[]) => rows.map(({ row }) => row).toSorted();

/** Requests over TCP, each a connection that ends, and questions over UDP, each from a port of its own. */
const traffic = `
import { createSocket } from "node:dgram";
const [web, udp] = JSON.parse(process.argv[1]);
for (const url of web) await (await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(5000) })).text();
for (const [host, port] of udp) await new Promise((resolve, reject) => {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", () => socket.close(resolve)).on("error", reject).send("question", port, host);
});
`;

/** Connections that stay open until standard input ends. */
const held = `
import { connect } from "node:net";
const hosts = JSON.parse(process.argv[1]);
process.stdin.on("end", () => process.exit(0)).resume();
await Promise.all(hosts.map((host) => new Promise((resolve) => connect(80, host, resolve))));
console.log("open");
`;

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);
const script = (text: string, ...args: unknown[]) => [
  ...["--input-type=module", "-e", text],
  ...args.map((arg) => JSON.stringify(arg)),
];

test.afterEach(async ({ lab }) => {
  await ipvsadm(lab, ["-C"]);
});

test("the page and the API show what ipvsadm lists, row by row: TCP and UDP, IPv4 and IPv6, and a persistent service", async ({
  inside,
  lab,
  people,
}) => {
  const { virtual, virtual6, realServers, realServers6 } = lab.addresses;
  const service = (kind: string, at: string, servers: string[], more = "") => [
    `-A ${kind} ${at} -s rr${more}`,
    ...servers.map((server) => `-a ${kind} ${at} -r ${server}:8080 -m -w 1`),
  ];
  const servers6 = realServers6.map((server) => `[${server}]`);
  await ipvsadm(lab, ["-C"]);
  await ipvsadm(
    lab,
    ["-R"],
    [
      ...service("-t", `${virtual}:80`, realServers),
      ...service("-u", `${virtual}:53`, realServers),
      ...service("-t", `[${virtual6}]:80`, servers6),
      ...service("-u", `[${virtual6}]:53`, servers6),
      ...service("-t", `${virtual}:443`, realServers, " -p 600"),
      "",
    ].join("\n"),
  );
  const web = [
    ...times(10, `http://${virtual}/`),
    ...times(8, `http://[${virtual6}]/`),
    ...times(6, `http://${virtual}:443/`),
  ];
  const questions = [...times(5, [virtual, 53]), ...times(5, [virtual6, 53])];
  lab.run(process.execPath, script(traffic, [web, questions]));
  const [program = "", ...args] = lab.enter(process.execPath, script(held, [virtual, virtual, virtual6]));
  const holder = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    await once(holder.stdout, "data");
    const api = await programOf(lab, people);
    const page = await inside.newPage({ viewport: { width: 1440, height: 900 } });
    await lend(page.context(), await people.logIn(firstAdmin));
    await page.goto(`${lab.url}/connections`);
    const connections = await ConnectionsPage.arrive(page);

    await test.step("connections, for programs", async () => {
      // A connection that has just ended may still be between two states when one of them looks.
      await expect(async () => {
        const before = await listed(lab);
        const document = await api.connections("");
        expect(document.read).toMatchObject({ state: "complete", matched: 37, held: 37 });
        expect(sorted(rowsOf(document))).toEqual(sorted(before.connections));
        const left = new Map(before.connections.map(({ row, expiresS }) => [row, expiresS]));
        for (const { row, expiresS } of rowsOf(document)) {
          const wasS = left.get(row) ?? Number.NaN;
          // ipvsadm was first, and starting it takes the guest a second or two; an open connection stays at its top.
          expect(expiresS, row).toBeLessThanOrEqual(wasS);
          expect(expiresS, row).toBeGreaterThanOrEqual(wasS - 10);
        }
      }).toPass({ timeout: 30_000 });
    });
    await test.step("connections, on the page", async () => {
      await connections.refreshButton.click();
      await expect(connections.readLine).toContainText("37 of 38 rows");
      const columns = ["Protocol", "State", "Client", "Virtual", "Real server"];
      const cells = await Promise.all(columns.map((column) => connections.column(column)));
      const shown = (cells[0] ?? []).map((_, row) => cells.map((column) => column[row]).join(" "));
      expect(shown.toSorted()).toEqual(sorted((await listed(lab)).connections));
      expect(shown.filter((row) => row.startsWith("tcp ESTABLISHED "))).toHaveLength(3);
      expect(shown.filter((row) => row.startsWith("udp UDP "))).toHaveLength(10);
    });
    await test.step("groups count what ipvsadm lists", async () => {
      await connections.groupBy("Real server");
      const count = new Map<string, number>();
      for (const { row } of (await listed(lab)).connections) {
        const server = row.split(" ").at(-1) ?? "";
        count.set(server, (count.get(server) ?? 0) + 1);
      }
      await expect(connections.group(`${realServers[0]}:8080`)).toBeVisible();
      expect(new Map(await connections.groupCounts())).toEqual(count);
    });
    await test.step("filters leave what they say", async () => {
      for (const [filter, matched] of [
        [`virtual=${virtual}:80`, 12],
        [`virtual=${virtual6}&protocol=udp`, 5],
        ["any=fd98::/16", 14],
        ["state=ESTABLISHED", 3],
        ["client=203.0.113.0/24", 0],
      ] as const) {
        expect([filter, (await api.connections(filter)).read.matched]).toEqual([filter, matched]);
      }
    });
    await test.step("the template of the persistent service, with what it holds", async () => {
      const document = await api.connections("kind=templates");
      expect(sorted(rowsOf(document))).toEqual(sorted((await listed(lab)).templates));
      expect(document.connections).toMatchObject([
        { isTemplate: true, holds: 6, virtual: { address: virtual, port: 443 } },
      ]);
      await connections.show("Persistence templates");
      await expect(connections.rows("Persistence templates")).toHaveCount(1);
      expect(await connections.column("Connections held", "Persistence templates")).toEqual(["6"]);
    });
    await page.close();
  } finally {
    holder.stdin.end();
    await once(holder, "exit");
  }
});
