/** The lab without the product: packets really travel from the host through the guest's IPVS to two real servers and back. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { relay } from "./relay.mjs";
import { startInside, startLab } from "./start-lab.mjs";

/** Says what it was asked for, on the address where the product listens. */
const standIn = `require("http").createServer((request, response) => response.end(request.headers.host + " " + process.env.DIRECTOR))
  .listen(3000, "127.0.0.1")`;

let lab;
beforeAll(async () => {
  lab = await startLab({ product: ["node", "-e", standIn], services: true });
}, 60_000);
afterAll(() => lab?.close());

const curl = (url) => lab.run("curl", ["-gsS", "--max-time", "5", url]);

/** Value of one counter column (1 connections … 5 out bytes) of a service in `ipvsadm -Ln --stats --exact`. */
async function counter(service, column) {
  const { stdout } = await lab.guestExec("ipvsadm", ["-Ln", "--stats", "--exact"]);
  const row = stdout.split("\n").find((line) => line.includes(` ${service} `));
  return Number(row?.trim().split(/\s+/)[column + 1]);
}

test("the dashboard's address answers inside the network, and through a relay outside it", async () => {
  expect(curl(lab.url)).toBe("127.0.0.1:3000 kernel");
  expect(curl(`http://${lab.addresses.guest}:3000`)).toBe("10.99.0.2:3000 kernel");
  const outside = await relay("127.0.0.1:0", lab.webSocket);
  const { port } = outside.address();
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(`127.0.0.1:${port} kernel`);
  outside.close();
});

test.each(["virtual", "virtual6"])("requests to %s are shared by both real servers and counted", async (name) => {
  const host = lab.addresses[name].includes(":") ? `[${lab.addresses[name]}]` : lab.addresses[name];
  const before = await counter(`${host}:80`, 1);
  const answers = Array.from({ length: 8 }, () => curl(`http://${host}/`).split(" ")[0]);
  expect(answers.sort()).toEqual([...Array(4).fill("real-server-1"), ...Array(4).fill("real-server-2")]);
  await expect.poll(() => counter(`${host}:80`, 1), { timeout: 10_000 }).toBe(before + 8);
});

test("the trickle of traffic moves TCP and UDP", async () => {
  const traffic = startInside(lab, "traffic.mjs", [lab.addresses.virtual, lab.addresses.virtual6]);
  const before = await counter(`${lab.addresses.virtual}:80`, 1);
  const before6 = await counter(`[${lab.addresses.virtual6}]:80`, 1);
  await expect.poll(() => counter(`${lab.addresses.virtual}:53`, 3), { timeout: 15_000 }).toBeGreaterThan(0);
  await expect.poll(() => counter(`${lab.addresses.virtual}:80`, 1), { timeout: 15_000 }).toBeGreaterThan(before + 3);
  await expect.poll(() => counter(`[${lab.addresses.virtual6}]:80`, 1), { timeout: 15_000 }).toBeGreaterThan(before6);
  traffic.stdin.end();
});

test("a program that is named by one path runs inside the network", () => {
  const result = spawnSync(lab.programInside("/bin/cat"), ["/proc/net/dev"], { encoding: "utf8" });
  expect(result.stdout).toContain("tap0:");
  expect(result.stdout).not.toContain("eth0:");
});

test("the machine's own network does not reach the lab's", async () => {
  const probe = createServer();
  await expect(
    new Promise((resolve, reject) => probe.once("error", reject).listen(0, lab.addresses.host, resolve)),
  ).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
});

test("commands in the guest give status and output; close ends the guest and its folder", async () => {
  expect(await lab.guestExec("sh", ["-c", "cat; exit 7"], { input: "ünï" })).toEqual({
    status: 7,
    stdout: "ünï",
    stderr: "",
  });
  await lab.close();
  expect(await lab.done).toMatchObject({ status: null, failure: "The guest was stopped." });
  expect(existsSync(lab.webSocket)).toBe(false);
});

test("a product that ends at once is a failure with its output, not a wait", async () => {
  const attempt = startLab({ product: ["sh", "-c", "echo its last words; exit 3"] });
  await expect(attempt).rejects.toThrow(/status 3[\s\S]*its last words/);
}, 60_000);
