import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAccount, spareId, webAccount } from "../server/privileges-account.ts";
import { readableApp } from "../server/privileges-app.ts";
import { selfSigned } from "../server/web/self-signed-fixture.ts";
import { letWebIn } from "./let-web-in.ts";
import { freePort } from "./product.ts";
import { checkout, type Rights, rightsOf, type StartedProduct, startProduct, until, words } from "./started-product.ts";

const isRoot = process.getuid?.() === 0;
const account = isRoot
  ? webAccount(null, readFileSync("/etc/passwd", "utf8"), readFileSync("/etc/group", "utf8"))
  : { uid: spareId, gid: spareId, name: "" };
const nobodySpecial: Rights = {
  uids: [account.uid, account.uid, account.uid, account.uid],
  gids: [account.gid, account.gid, account.gid, account.gid],
  groups: [],
  capabilities: ["0000000000000000", "0000000000000000", "0000000000000000"],
};

let folder: string;
let port: number;
let products: StartedProduct[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "privileges-"));
  letWebIn(folder);
  port = await freePort();
  products = [];
});
afterEach(async () => {
  for (const product of products) await product.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}, from?: string): StartedProduct {
  const folders = { STATE_DIR: join(folder, "state"), RUNTIME_DIR: join(folder, "run") };
  const product = startProduct({ LISTEN: `127.0.0.1:${port}`, ...folders, ...env }, from);
  products.push(product);
  return product;
}

const environment = (): NodeJS.ProcessEnv => ({
  ...{ NODE_ENV: "production", PATH: process.env["PATH"], LISTEN: `127.0.0.1:${port}` },
  ...{ STATE_DIR: join(folder, "state"), RUNTIME_DIR: join(folder, "run") },
});

const answers = async (path = "/healthz") => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
  return response && { status: response.status, body: await response.text() };
};
const up = async (product: StartedProduct) => {
  const ended = () => product.child.exitCode !== null && `it ended:\n${product.output()}`;
  await until("it listens", () => product.output().includes('"msg":"listening"'), ended);
  return await until("web", () => product.pid("web"));
};
const refused = async (product: StartedProduct): Promise<string> => {
  const [status] = await once(product.child, "exit");
  expect(status).toBe(2);
  return product.output();
};
const rights = (path: string) => {
  const { uid, gid, mode } = statSync(join(folder, path));
  return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
};
/** Whether web's user can open the file or folder so. */
const opens = (path: string, flags: "r" | "r+" | "a") =>
  asAccount(account, () => {
    try {
      closeSync(openSync(path, flags));
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? "";
    }
  });

// Only root can become somebody else; whoever runs this as a user sees these tests skipped.
describe.skipIf(!isRoot)("ipvs-console start, as root", () => {
  test("web is its own user with no right at all from its first moment; the director keeps its rights; both end at once", async () => {
    const product = start({ SECRET_OF_ROOT: "s3cret", SAMPLE_MS: "500" });
    // As soon as there is a process that runs web's program, long before it listens.
    const pid = await until("web", () => product.pid("web"));
    expect(rightsOf(pid)).toEqual(nobodySpecial);
    expect(product.output()).not.toContain('"msg":"listening"');
    while ((await answers()) === null)
      expect([rightsOf(pid), product.output()]).toEqual([nobodySpecial, product.output()]);
    expect(rightsOf(pid)).toEqual(nobodySpecial);
    const director = rightsOf(product.pid("director") ?? 0);
    expect(director?.uids).toEqual([0, 0, 0, 0]);
    expect(director?.capabilities[1]).not.toMatch(/^0+$/);

    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    expect(environment).not.toContain("SECRET_OF_ROOT");
    expect(environment).toContain("SAMPLE_MS=500");

    const web = `${account.uid}:${account.gid} 700`;
    expect([rights("state/director"), rights("state/web"), rights("run")]).toEqual([
      "0:0 700",
      web,
      `0:${account.gid} 2750`,
    ]);
    expect(rights("run/director.sock")).toBe(`0:${account.gid} 660`);
    expect(opens(join(folder, "state/director"), "r")).toBe("EACCES");
    expect(opens(join(folder, "state/director/director.sqlite"), "r")).toBe("EACCES");
    expect(opens(join(folder, "state/web/mine"), "a")).toBe(true);
    for (const path of ["state/mine", "run/mine"]) expect(opens(join(folder, path), "a")).toBe("EACCES");

    const { tookMs, status } = await product.stop();
    expect(status).toBe(0);
    expect(tookMs).toBeLessThan(2000);
    expect([rightsOf(pid), existsSync(join(folder, "run/director.sock"))]).toEqual([null, false]);
  });

  test("web can change none of the code that it runs", async () => {
    const [program = "", cli = ""] = words(await up(start()));
    const root = dirname(dirname(cli));
    const code = ["server", "domain", ".next", "node_modules/next/dist/server"].flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: "utf8" }).map((entry) => join(root, name, entry)),
    );
    expect(code.length).toBeGreaterThan(300);
    const isFolder = (path: string) => statSync(path).isDirectory();
    for (const path of [program, ...code].filter((each) => existsSync(each)))
      expect([path, opens(isFolder(path) ? join(path, "new") : path, isFolder(path) ? "a" : "r+")]).toEqual([
        path,
        path === program ? expect.stringMatching(/EACCES|ETXTBSY/) : "EACCES",
      ]);
  });

  test("killed with -9 web comes back as the same user", async () => {
    const product = start();
    const first = await up(product);
    process.kill(first, "SIGKILL");
    const second = await until("another web", () => {
      const pid = product.pid("web");
      return pid !== first && pid;
    });
    expect(rightsOf(second)).toEqual(nobodySpecial);
    await until("it answers", () => product.output().split('"msg":"listening"').length === 3);
    expect(await answers()).toMatchObject({ status: 200 });
  });

  test("from a checkout that others cannot enter, web runs from a copy, which is made once", async () => {
    // On the checkout's own file system, so that it is made of links; behind a closed folder of its own.
    mkdirSync(join(checkout, ".cache"), { recursive: true });
    const closed = mkdtempSync(join(checkout, ".cache", "closed-"));
    try {
      const parts = ["server", "domain", "messages", "i18n", "public", ".next", "package.json", "next.config.mjs"];
      for (const part of parts) cpSync(join(checkout, part), join(closed, part), { recursive: true });
      symlinkSync(join(checkout, "node_modules"), join(closed, "node_modules"));
      rmSync(join(folder, "state/app"));
      const product = start({}, closed);
      const [program, cli = ""] = words(await up(product));
      const copy = dirname(dirname(cli));
      expect(dirname(copy)).toBe(join(folder, "state/app"));
      expect(program).toBe(join(copy, "bin/node"));
      const page = await answers("/login");
      expect(page?.status).toBe(200);
      const script = /\/_next\/static\/[^"]+\.js/.exec(page?.body ?? "")?.[0] ?? "";
      expect(await answers(script)).toMatchObject({ status: 200 });
      expect(existsSync(join(copy, "node_modules/vitest"))).toBe(false);
      expect(product.output()).not.toMatch(/"level":(40|50|60)/);
      await product.stop();

      const made = statSync(copy).ctimeMs;
      const again = start({}, closed);
      await up(again);
      expect([readdirSync(join(folder, "state/app")), statSync(copy).ctimeMs]).toEqual([
        [copy.split("/").at(-1)],
        made,
      ]);
    } finally {
      rmSync(closed, { recursive: true, force: true });
    }
  });

  test("WEB_USER says who web is, and gets what the former one kept", async () => {
    const first = start();
    await up(first);
    await first.stop();
    const second = start({ WEB_USER: "40001:40002" });
    const pid = await up(second);
    expect(rightsOf(pid)).toMatchObject({
      uids: [40001, 40001, 40001, 40001],
      gids: [40002, 40002, 40002, 40002],
      groups: [],
    });
    expect([rights("state/web"), rights("state/web/web.sqlite")]).toEqual(["40001:40002 700", "40001:40002 600"]);
    expect(second.output()).not.toMatch(/"level":(50|60)/);
  });

  test("what cannot be is refused in words before anything runs", async () => {
    expect(await refused(start({ WEB_USER: "nosuchuser" }))).toContain("/etc/passwd has no such user");
    const border = Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
    if (border > 1)
      expect(await refused(start({ LISTEN: `127.0.0.1:${border - 1}` }))).toContain(
        `only root listens below ${border}`,
      );
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    expect(await refused(start({ STATE_DIR: join(closed, "state") }))).toMatch(/STATE_DIR is ".*"; .*cannot get there/);
    expect(await refused(start({ RUNTIME_DIR: join(closed, "run") }))).toMatch(
      /RUNTIME_DIR is ".*"; .*cannot get there/,
    );
    expect(await refused(start({ RUNTIME_DIR: folder }))).toContain("which holds other things");
    // A root that may not become anybody else, as in a container without that right.
    const args = ["--bounding-set=-setuid,-setgid", "--inh-caps=-all", process.execPath, `${checkout}/server/cli.mjs`];
    const bound = spawnSync("setpriv", [...args, "start"], { env: environment(), encoding: "utf8" });
    expect([bound.status, bound.stderr]).toEqual([2, expect.stringContaining("start it as a user that is not root")]);
  });

  test("a key that only root can read serves TLS, and SIGHUP brings a renewed one, or keeps the former", async () => {
    const [first, second] = [selfSigned(folder, "first"), selfSigned(folder, "second")];
    const tls = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
    const use = (pair: typeof tls) => {
      copyFileSync(pair.certFile, tls.certFile);
      copyFileSync(pair.keyFile, tls.keyFile);
      chmodSync(tls.keyFile, 0o600);
    };
    const shown = async () => {
      const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      return name;
    };
    use(first);
    const product = start({ TLS_CERT: tls.certFile, TLS_KEY: tls.keyFile });
    const pid = await up(product);
    await until("the link", () => product.output().includes(`Open https://127.0.0.1:${port}`));
    expect(await shown()).toBe("first");
    expect(opens(tls.keyFile, "r")).toBe("EACCES");
    expect([rights("run/tls"), rights("run/tls/key.pem")]).toEqual([`0:${account.gid} 750`, `0:${account.gid} 640`]);

    use(second);
    product.child.kill("SIGHUP");
    await until("it is read anew", () => product.output().includes("certificate read anew"));
    expect(await shown()).toBe("second");
    copyFileSync(first.keyFile, tls.keyFile);
    product.child.kill("SIGHUP");
    await until("it is refused", () => product.output().includes("the former one stays"));
    expect(await shown()).toBe("second");
    expect(product.pid("web")).toBe(pid);
    await product.stop();
    expect(await refused(start({ TLS_CERT: tls.certFile, TLS_KEY: tls.keyFile }))).toMatch(
      /TLS_KEY is .* cannot be used/,
    );
  });
});

describe("ipvs-console start", () => {
  test("SIGHUP without TLS is the terminal that was closed: both end", async () => {
    const product = start();
    const pid = await up(product);
    product.child.kill("SIGHUP");
    expect((await once(product.child, "exit"))[0]).toBe(0);
    expect(rightsOf(pid)).toBeNull();
  });
});

describe.skipIf(!isRoot)("ipvs-console web, as root", () => {
  const cli = join(checkout, "server/cli.mjs");

  test("goes on under its own number as web's user, and only then listens", async () => {
    const child = spawn(process.execPath, [cli, "web"], { env: environment(), stdio: "ignore" });
    try {
      await until("it has left root", () => rightsOf(child.pid ?? 0)?.uids[0] !== 0);
      expect(await answers()).toBeNull();
      expect(rightsOf(child.pid ?? 0)).toEqual(nobodySpecial);
      while ((await answers()) === null) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(rightsOf(child.pid ?? 0)).toEqual(nobodySpecial);
    } finally {
      child.kill("SIGTERM");
    }
    expect((await once(child, "exit"))[0]).toBe(0);
  });

  test("a user with a capability is refused in words", () => {
    const app = readableApp(checkout, process.execPath, account, join(folder, "state/app"));
    const given = ["--inh-caps=+net_admin", "--ambient-caps=+net_admin"];
    const user = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", ...given];
    const { status, stderr } = spawnSync("setpriv", [...user, app.node, join(app.root, "server/cli.mjs"), "web"], {
      ...{ env: environment(), cwd: "/", encoding: "utf8" },
    });
    expect(stderr).toContain("Web would run with capabilities that it must not have");
    expect(status).toBe(2);
  });
});
