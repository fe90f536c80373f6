import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RunningProcess, startProcess } from "../product.ts";
import { rightsOf } from "../started-product.ts";

/** Numbers that no account has. */
const web = { uid: 60_917, gid: 60_917 };
const director = { uid: 60_918, gid: 60_917 };

const [ok, EPERM, EOPNOTSUPP] = [0, 1, 95];
const setInfo = "14";

interface Answers {
  do: Record<string, number>;
  dump: Record<string, number>;
  setsockopt: Record<string, number>;
  getsockopt: Record<string, number>;
}

const program = readFileSync(new URL("./every-command.py", import.meta.url), "utf8");
const askEverything = (who: { uid?: number; gid?: number }): Answers =>
  JSON.parse(execFileSync("python3", ["-c", program], { ...who, cwd: "/", encoding: "utf8" }));
const table = () => execFileSync("ipvsadm", ["-Sn"], { encoding: "utf8" });

afterEach(() => void execFileSync("ipvsadm", ["-C"]));

describe("web's user", () => {
  test("is refused everything that IPVS can be asked, reading included, and the table stays as it is", () => {
    execFileSync("ipvsadm", ["-A", "-t", "127.0.9.9:80", "-s", "rr"]);
    const before = table();
    const answers = askEverything(web);
    for (const how of ["do", "dump"] as const) {
      const { [setInfo]: unknown, ...commands } = answers[how];
      expect(Object.keys(commands)).toHaveLength(16);
      expect([how, new Set(Object.values(commands))]).toEqual([how, new Set([EPERM])]);
      // A number that linux/ip_vs.h has and no kernel answers to, from anyone.
      expect(unknown).toBe(EOPNOTSUPP);
    }
    expect(new Set(Object.values(answers.setsockopt))).toEqual(new Set([EPERM]));
    expect(new Set(Object.values(answers.getsockopt))).toEqual(new Set([EPERM]));
    expect(table()).toBe(before);
  });

  test("is refused for want of a right and not for how it asked: root, asking the same, is not", () => {
    const answers = askEverything({});
    expect(Object.values(answers).flatMap((each) => Object.values(each))).not.toContain(EPERM);
    // GET_SERVICE as a dump, GET_INFO, GET_CONFIG, ZERO and FLUSH need nothing more said.
    const { do: plain, dump } = answers;
    expect([dump["4"], plain["15"], plain["13"], plain["16"], plain["17"]]).toEqual([ok, ok, ok, ok, ok]);
  });
});

describe("a director that is a user with CAP_NET_ADMIN and no other right", () => {
  let folder: string;
  let running: RunningProcess;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "two-users-"));
    chmodSync(folder, 0o755);
    // As the two services of README.md have them.
    for (const [name, mode] of [["state", 0o700] as const, ["run", 0o750] as const]) {
      mkdirSync(join(folder, name));
      chownSync(join(folder, name), director.uid, director.gid);
      chmodSync(join(folder, name), mode);
    }
    const rights = ["--clear-groups", "--no-new-privs", "--inh-caps=-all,+net_admin", "--ambient-caps=-all,+net_admin"];
    running = await startProcess("director", folder, { DIRECTOR: "kernel" }, [
      ...["setpriv", `--reuid=${director.uid}`, `--regid=${director.gid}`, ...rights],
      ...["--bounding-set=-all,+net_admin", "--"],
    ]);
  });
  afterEach(async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a script with the director as `remote`, as that user; its output, or what it failed with. */
  async function as(who: { uid: number; gid: number }, script: string): Promise<string> {
    const from = new URL("../../server/director/remote.ts", import.meta.url).href;
    const text = `import { RemoteDirector } from "${from}";
      const remote = new RemoteDirector("${join(folder, "run", "director.sock")}");
      try { ${script} } catch (error) { console.log(error.code) } finally { await remote.close() }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", text], {
      ...{ ...who, cwd: "/", stdio: ["ignore", "pipe", "inherit"] },
    });
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    await once(child, "close");
    return output.trim();
  }

  const addService = `await remote.apply([{ verb: "add-service", service: { kind: "address", protocol: "tcp", address: "127.0.9.8", port: 80 },
    spec: { scheduler: "wrr", schedulerFlags: [], persistence: null, onePacket: false, engine: null } }]);
    console.log((await remote.table()).length, (await remote.status()).kind)`;

  test("directs the kernel's table; web's user changes it through the socket and in no other way, another user not at all", async () => {
    const rights = rightsOf(running.child.pid ?? 0);
    const netAdmin = (1 << 12).toString(16).padStart(16, "0");
    expect(rights).toEqual({
      uids: Array(4).fill(director.uid),
      gids: Array(4).fill(director.gid),
      groups: [],
      capabilities: [netAdmin, netAdmin, netAdmin],
    });
    expect(await as(web, addService)).toBe("1 kernel");
    expect(table()).toBe("-A -t 127.0.9.8:80 -s wrr\n");
    expect(new Set(Object.values(askEverything(web).dump))).toEqual(new Set([EPERM, EOPNOTSUPP]));
    execFileSync("ipvsadm", ["-C"]);
    expect(await as({ uid: 60_919, gid: 60_919 }, addService)).toBe("UNREACHABLE");
    expect(table()).toBe("");
  });
});
