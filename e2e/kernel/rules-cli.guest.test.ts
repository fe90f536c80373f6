/** `ipvs-console rules` and /api/v1/rules beside ipvsadm, on this guest's own kernel. */
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer, type Socket, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { formatTable } from "#domain/rules/table-text";
import { RemoteDirector } from "#server/director/remote";
import { answerProgram } from "#server/web/http/program-routes";
import { host, type TestPeople, testPeople } from "#server/web/people/people-fixture";
import { type TestWeb, testWeb } from "#server/web/web-fixture";
import { inheritedEnvironment } from "../inherited.ts";
import { type RunningProcess, startProcess } from "../product.ts";

vi.setConfig({ testTimeout: 120_000 });

const run = promisify(execFile);
const cli = join(import.meta.dirname, "../../server/cli.mjs");

/** Rows of every kind whose text ipvsadm itself can read back. */
const everyKind = `-A -t 127.0.7.1:80 -s wrr
-a -t 127.0.7.1:80 -r 127.0.7.2:8080 -m -w 5
-a -t 127.0.7.1:80 -r 127.0.7.3:8080 -m -w 0
-A -t 127.0.7.4:80 -s sh -b sh-fallback,sh-port
-a -t 127.0.7.4:80 -r 127.0.7.2:80 -g
-a -t 127.0.7.4:80 -r 10.98.0.1:80 -i --tun-type gue --tun-port 6080 --tun-remcsum
-a -t 127.0.7.4:80 -r 10.98.0.2:80 -i --tun-type gre --tun-csum
-a -t 127.0.7.4:80 -r 10.98.0.3:80 -i
-A -t 127.0.7.5:0 -s wlc -p 600 -M 255.255.255.0
-A -u 127.0.7.1:53 -s rr -o
-a -u 127.0.7.1:53 -r 127.0.7.2:53 -m -w 65535
-A -u 127.0.7.6:5060 -s rr -p 60 --pe sip
-A --sctp-service 127.0.7.1:80 -s mh -b mh-port
-A -t [2001:db8::9]:80 -s lblcr -p -M 64
-a -t [2001:db8::9]:80 -r [::1]:8080 -m -w 3
-a -t [2001:db8::9]:80 -r 10.98.0.4:80 -i
-A -f 7 -s lc
-a -f 7 -r 127.0.7.2:0 -g -w 2
-A -f 7 -6 -s nq
-A -f 2147483647 -s fo
`;

let folder: string;
let director: RunningProcess;
let remote: RemoteDirector;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rules-cli-"));
  director = await startProcess("director", folder, { DIRECTOR: "kernel" });
  remote = new RemoteDirector(join(folder, "run", "director.sock"));
}, 120_000);
afterAll(async () => {
  await remote.close();
  await director.stop();
  execFileSync("ipvsadm", ["-C"]);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => ipvsadmRestore(`-C\n${everyKind}`));

const ipvsadmSave = () => execFileSync("ipvsadm", ["-S", "-n"], { encoding: "utf8" });
const ipvsadmRestore = (text: string) => void execFileSync("ipvsadm", ["-R"], { input: text });
function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function rules(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...inheritedEnvironment(), RUNTIME_DIR: join(folder, "run") };
  const child = run(process.execPath, [cli, "rules", ...args], { env });
  child.child.stdin?.end();
  const ended = await child.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code: ended.code, out: ended.stdout, err: ended.stderr };
}

/** Of each row its connections, packets and bytes: `-L --stats --exact` says so after the row's name. */
function counters(): Record<string, string> {
  const stats = execFileSync("ipvsadm", ["-L", "-n", "--stats", "--exact"], { encoding: "utf8" });
  const counted: Record<string, string> = {};
  let service = "";
  for (const line of stats.split("\n")) {
    const [, arrow, name = "", values = ""] = /^(TCP|UDP|SCTP|FWM| {2}->) +(\S+) +(\d[\d ]*)$/.exec(line) ?? [];
    if (arrow === undefined) continue;
    if (arrow !== "  ->") service = `${arrow} ${name}`;
    counted[arrow === "  ->" ? `${service} > ${name}` : service] = values.replace(/ +/g, " ").trim();
  }
  return counted;
}

test("what is saved is byte for byte what ipvsadm saves, of rows of every kind", async () => {
  const files = `"$1" "$2" rules save >"$3/ours" && ipvsadm -S -n >"$3/theirs" && diff "$3/theirs" "$3/ours"`;
  const env = { ...inheritedEnvironment(), RUNTIME_DIR: join(folder, "run") };
  const { stdout } = await run("sh", ["-c", files, "sh", process.execPath, cli, folder], { env });
  expect(stdout).toBe("");
  expect(readFileSync(join(folder, "ours"), "utf8").trimEnd().split("\n")).toHaveLength(20);
});

test("each restores what the other has saved, and so does the file that is exported", async () => {
  const text = ipvsadmSave();
  const theirs = fileOf("theirs.rules", text);
  execFileSync("ipvsadm", ["-C"]);
  expect(await rules("restore", theirs)).toMatchObject({ code: 0, err: "" });
  expect(ipvsadmSave()).toBe(text);

  await remote.saveBoot();
  const exported = join(folder, "ipvsadm.rules");
  expect((await rules("export", exported, "--state-dir", join(folder, "state"))).code).toBe(0);
  ipvsadmRestore(`-C\n${readFileSync(exported, "utf8")}`);
  expect(ipvsadmSave()).toBe(text);
});

test("a line that the kernel refuses: 1, its number, and the table is as it was, thresholds included", async () => {
  execFileSync("ipvsadm", ["-e", "-t", "127.0.7.1:80", "-r", "127.0.7.2:8080", "-m", "-w", "5", "-x", "9", "-y", "7"]);
  const [saved, before] = [ipvsadmSave(), formatTable(await remote.table())];
  expect(before).toContain("-w 5 -x 9 -y 7");
  const text = "-D -t 127.0.7.1:80\n-C\n-A -f 9 -s rr\n\n-a -f 9 -r 127.255.255.255:0 -g\n-A -f 10 -s rr\n";
  const refused = await rules("restore", fileOf("refused.rules", text));
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(/^5: .* Nothing was changed\.\n$/);
  expect([ipvsadmSave(), formatTable(await remote.table())]).toEqual([saved, before]);
});

describe("with traffic", () => {
  const client: { socket?: Socket; server?: TcpServer } = {};
  let http: { at: TestPeople; web: TestWeb; server: Server; token: string };

  beforeAll(async () => {
    client.server = createServer((socket) => void socket.pipe(socket)).listen(8080, "127.0.7.2");
    await once(client.server, "listening");
    const at = testPeople();
    const web = testWeb(at, remote);
    const server = createHttpServer((request, response) => void answerProgram(web.context(), request, response, "::1"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { token } = await at.people.tokens.add({ name: "t", role: "admin", days: null }, host);
    http = { at, web, server, token };
  });
  beforeEach(async () => {
    client.socket = connect(80, "127.0.7.1");
    await once(client.socket, "connect");
    for (let i = 0; i < 20; i++) await echo(`before ${i}`);
    // The kernel shows readers the counters that it copied last, up to two seconds ago.
    await vi.waitFor(() => expect(counters()["TCP 127.0.7.1:80"]).toMatch(/^1 (2[0-9]|[3-9]\d) /), 10_000);
    await new Promise((resolve) => setTimeout(resolve, 2500));
  });
  afterAll(async () => {
    client.socket?.destroy();
    client.server?.close();
    http.server.closeAllConnections();
    http.server.close();
    http.web.stop();
    await http.at.close();
  });

  async function echo(text: string): Promise<void> {
    const answered = once(client.socket as Socket, "data");
    client.socket?.write(text);
    expect(String((await answered)[0])).toBe(text);
  }

  /** The table's own text with one service edited, one server gone, one more, and one row more. */
  function changed(): string {
    return ipvsadmSave()
      .replace("-A -f 7 -s lc\n", "-A -f 7 -s wlc\n")
      .replace(/^-a -t 127\.0\.7\.1:80 -r 127\.0\.7\.3:8080 .*\n/m, "")
      .replace(/^(-A -u 127\.0\.7\.1:53 .*\n)/m, "$1-a -u 127.0.7.1:53 -r 127.0.7.9:53 -m -w 1\n")
      .concat("-A -f 99 -s rr\n");
  }
  const verbs = ["-A -f 99", "-E -f 7 ", "-a -u 127.0.7.1:53 -r 127.0.7.9:53", "-d -t 127.0.7.1:80 -r 127.0.7.3:8080"];
  const inAnyOrder = (text: string) => text.split("\n").sort();

  /** Connections and counters of rows that the text leaves as they are, before and after. */
  async function expectKept(before: Record<string, string>, text: string): Promise<void> {
    const after = counters();
    const kept = Object.entries(before).filter(([row]) => !row.includes("127.0.7.3:8080"));
    expect(Object.fromEntries(kept.map(([row]) => [row, after[row]]))).toEqual(Object.fromEntries(kept));
    expect(before["TCP 127.0.7.1:80 > 127.0.7.2:8080"]).toMatch(/^1 2\d|^1 [3-9]\d/);
    await echo("still there");
    expect(readFileSync("/proc/net/ip_vs_conn", "utf8")).toContain("ESTABLISHED");
    expect(inAnyOrder(ipvsadmSave())).toEqual(inAnyOrder(text));
  }

  test("restore --replace of a changed file leaves connections and counters of all other rows", async () => {
    const [before, text] = [counters(), changed()];
    const { code, out, err } = await rules("restore", "--replace", fileOf("changed.rules", text));
    expect([code, err]).toEqual([0, ""]);
    const done = out.trimEnd().split("\n");
    expect(done).toHaveLength(verbs.length);
    for (const verb of verbs) expect(done.some((line) => line.includes(`ipvsadm ${verb}`))).toBe(true);
    await expectKept(before, text);
  });

  test("and so does a PUT, of what a GET has answered, which is what ipvsadm saves", async () => {
    const { port } = http.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/api/v1/rules`;
    const headers = { authorization: `Bearer ${http.token}` };
    const got = await fetch(url, { headers });
    expect(await got.text()).toBe(ipvsadmSave());
    const [before, text] = [counters(), changed()];
    const condition = { "if-match": got.headers.get("etag") ?? "", "content-type": "text/plain" };
    const put = () => fetch(url, { method: "PUT", headers: { ...headers, ...condition }, body: text });
    const answer = await put();
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { changes: unknown[] }).changes).toHaveLength(verbs.length);
    await expectKept(before, text);
    expect((await put()).status).toBe(412);
  });
});
