import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import { test } from "./console-fixture.ts";
import { processStatus } from "./guest-processes.ts";
import type { Lab } from "./start-lab.mjs";

type Counter = "connections" | "inPackets" | "outPackets" | "inBytes" | "outBytes";
const counters: Counter[] = ["connections", "inPackets", "outPackets", "inBytes", "outBytes"];

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

test("what follows is done by a director with one capability and a web with none, neither of them root", async ({
  lab,
}) => {
  const [none, netAdmin] = ["0".repeat(16), (1 << 12).toString(16).padStart(16, "0")];
  const director = await processStatus(lab, "director");
  const web = await processStatus(lab, "web");
  expect(director).toMatchObject({ Uid: "60918 60918 60918 60918", Gid: "60917 60917 60917 60917", NoNewPrivs: "1" });
  expect(director).toMatchObject({ CapPrm: netAdmin, CapEff: netAdmin, CapAmb: netAdmin, CapBnd: netAdmin });
  expect(web).toMatchObject({ Uid: "60917 60917 60917 60917", Gid: "60917 60917 60917 60917", NoNewPrivs: "1" });
  expect(web).toMatchObject({ CapPrm: none, CapEff: none, CapAmb: none, CapBnd: none, CapInh: none });
  expect([director["Groups"], web["Groups"]]).toEqual(["", ""]);
});

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
