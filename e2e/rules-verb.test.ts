import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { RemoteDirector } from "#server/director/remote";
import { run as runHere } from "../server/cli/rules.ts";
import { inheritedEnvironment } from "./inherited.ts";
import { type RunningProcess, startProcess } from "./product.ts";

// Each run is a process of its own.
vi.setConfig({ testTimeout: 30_000 });

const cli = fileURLToPath(new URL("../server/cli.mjs", import.meta.url));
const rules = `-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 2 -x 100 -y 50
`;
const other = "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 9\n-A -f 7 -s wlc\n";

let folder: string;
let director: RunningProcess;
let remote: RemoteDirector;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rules-verb-"));
  director = await startProcess("director", folder, { DIRECTOR: "simulated" });
  remote = new RemoteDirector(join(folder, "run", "director.sock"));
});
afterAll(async () => {
  await remote.close();
  await director.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => remote.clear());

/** `ipvs-console rules`, with that on its standard input, until it ends. */
async function run(args: readonly string[], input: string | Buffer = "", env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, "rules", ...args], {
    env: { ...inheritedEnvironment(), RUNTIME_DIR: join(folder, "run"), ...env },
  });
  const ended = once(child, "close");
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, out, err };
}
/** The same words in a shell, which has the file of rules as $1. */
async function inShell(script: string, file = "") {
  const child = spawn("bash", ["-c", script, "bash", file, process.execPath, cli], {
    env: { ...inheritedEnvironment(), RUNTIME_DIR: join(folder, "run") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, out, err };
}
function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const saved = async () => (await run(["save"])).out;

describe("save and restore", () => {
  test("a text from standard input is run, told line by line, and saved as it was", async () => {
    expect(await run(["restore"], `# a file\n${rules}-Z\n`, { SUDO_USER: "kim" })).toEqual({
      code: 0,
      err: "",
      out: `2  ipvsadm -A -t 192.0.2.10:80 -s rr
3  ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1
4  ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 2 -x 100 -y 50
5  ipvsadm -Z
`,
    });
    const file = join(folder, "saved.rules");
    expect(await run(["save"])).toEqual({ code: 0, out: rules, err: "" });
    expect(await run(["save", "--file", file])).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(file, "utf8")).toBe(rules);
    const [revision] = await remote.revisions({ limit: 1 });
    expect(revision?.by).toEqual({ name: "kim", source: "command-line" });
  });

  test("--merge adds and edits, --replace removes too, both from a file; and again there is nothing to do", async () => {
    await run(["restore"], rules);
    const file = fileOf("other.rules", other);
    expect(await run(["restore", "--merge", file])).toEqual({
      code: 0,
      err: "",
      out: "2  ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 9\n3  ipvsadm -A -f 7 -s wlc\n",
    });
    const replaced = await run(["restore", file, "--replace"]);
    expect(replaced).toEqual({ code: 0, err: "", out: "  ipvsadm -d -t 192.0.2.10:80 -r 10.0.0.1:80\n" });
    expect(await saved()).toBe(other);
    const again = await run(["restore", "--replace", "-"], other);
    expect(again).toEqual({ code: 0, err: "", out: "Nothing to do: the table is as the text says.\n" });
  });

  test("--dry-run tells the same and writes nothing", async () => {
    await run(["restore"], rules);
    const dry = await run(["restore", "--replace", "--dry-run"], other);
    expect([dry.code, dry.err, await saved()]).toEqual([0, "", rules]);
    expect(await run(["restore", "--replace"], other)).toEqual(dry);
  });

  test("what ipvsadm wrote, with a prompt before it, carriage returns and a byte order mark, is read too", async () => {
    const text = `\ufeff${rules.replace(/^/gm, "$ sudo ipvsadm ").replaceAll("\n", "\r\n")}`.replace(
      /\$ sudo ipvsadm $/,
      "",
    );
    expect(await run(["restore", fileOf("windows.rules", text)])).toMatchObject({ code: 0, err: "" });
    expect(await saved()).toBe(rules);
  });

  test("names are told as what they became, by their first address", async () => {
    const named = await run(["restore", "--dry-run"], "-A -t localhost:http -s rr\n");
    expect(named.code).toBe(0);
    expect(named.err).toMatch(/^localhost is 127\.0\.0\.1( \(and .*\))?\nhttp is 80\n$/);
    expect(named.out).toBe("1  ipvsadm -A -t 127.0.0.1:80 -s rr\n");
  });
});

describe("refused", () => {
  test("2: every faulty line on standard error as LINE: message, beside what is worth knowing", async () => {
    const faulty = Array.from({ length: 2500 }, () => "-a -t 192.0.2.10:80 -r 10.0.0.1:80 -w much\n").join("");
    const refused = await run(["restore"], `${rules}-A -t 10.9:80\n${faulty}-A -t nobody.invalid:80\n`);
    expect(refused).toMatchObject({ code: 2, out: "" });
    const lines = refused.err.trimEnd().split("\n");
    expect(lines.map((line) => Number(/^(\d+): \S+ \S+/.exec(line)?.[1]))).toEqual(
      Array.from({ length: 2502 }, (_, at) => at + 4),
    );
    expect(lines[1]).toContain("much");
    expect(lines.at(-1)).toContain("nobody.invalid");
    expect(await saved()).toBe("");
  });

  test("1: every line that the table refuses, and none is done", async () => {
    await run(["restore"], rules);
    const refused = await run(["restore"], `-A -f 7 -s rr\n${rules}-D -f 9\n`);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err.split("\n").map((line) => line.split(":")[0])).toEqual(["2", "3", "4", "5", ""]);
    expect(refused.err).toMatch(/^2: There is a virtual service with this protocol/);
    expect(await saved()).toBe(rules);
  });

  test("1: the line that the kernel refuses half way, and the table is as it was", async () => {
    await run(["restore"], rules);
    const text = "-D -t 192.0.2.10:80\n-A -f 7 -s rr\n\n-a -f 7 -r 127.255.255.255 -g\n-A -f 8 -s rr\n";
    const refused = await run(["restore"], text);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/^4: The kernel refused this\..* Nothing was changed\.\n$/);
    expect(await saved()).toBe(rules);
  });

  test("2: a replace by nothing, which is what a pipe brings when the program before it has failed", async () => {
    await run(["restore"], rules);
    for (const text of ["", "# none\n\n"]) {
      const refused = await run(["restore", "--replace"], text);
      expect(refused).toMatchObject({ code: 2, out: "" });
      expect(refused.err).toContain("To empty the table restore -C.");
    }
    expect(await run(["restore"], "")).toMatchObject({ code: 0, err: "" });
    expect(await saved()).toBe(rules);
    expect(await run(["restore", "--replace"], "-C\n")).toMatchObject({
      code: 0,
      out: "  ipvsadm -D -t 192.0.2.10:80\n",
    });
    expect(await run(["restore", "--replace"], "")).toMatchObject({ code: 0 });
  });

  test("2: no text", async () => {
    const endless = await inShell(`tr '\\0' '#' </dev/zero | "$2" "$3" rules restore`);
    expect(endless).toMatchObject({ code: 2, out: "" });
    expect(endless.err).toContain("Standard input has more than 16 MiB.");
    for (const [file, sentence] of [
      ["/dev/zero", "/dev/zero has more than 16 MiB."],
      [fileOf("latin1.rules", Buffer.from("# für alle\n", "latin1")), "is not text in UTF-8."],
      [join(folder, "not there"), "cannot be read: ENOENT"],
      [folder, "cannot be read: EISDIR"],
    ] as const) {
      const refused = await run(["restore", file]);
      expect(refused).toMatchObject({ code: 2, out: "" });
      expect(refused.err).toContain(sentence);
    }
  });

  test("2: a file that cannot be written", async () => {
    const refused = await run(["save", "--file", join(folder, "no", "folder")]);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(/^ipvs-console rules: .*\/no\/folder cannot be written: ENOENT/);
  });

  test("1: no director", async () => {
    for (const args of [["save"], ["restore"]]) {
      const refused = await run(args, rules, { RUNTIME_DIR: join(folder, "elsewhere") });
      expect(refused).toMatchObject({ code: 1, out: "" });
      expect(refused.err).toContain("No director answers on");
    }
  });

  test("2: wrong usage, with a sentence", async () => {
    const refused = await run(["restore", "--merge", "--replace"], rules);
    const err = "ipvs-console rules: Either --merge or --replace. See ipvs-console rules --help.\n";
    expect(refused).toEqual({ code: 2, out: "", err });
    expect(await remote.table()).toEqual([]);
  });
});

describe("a reader that has seen enough", () => {
  const many = Array.from({ length: 5000 }, (_, mark) => `-A -f ${mark + 1} -s rr\n`).join("");

  test("is no failure, and what it was told of was done whole", async () => {
    const file = fileOf("many.rules", many);
    const head = await inShell(`"$2" "$3" rules restore "$1" | head -n 1; echo "\${PIPESTATUS[0]}"`, file);
    expect(head).toEqual({ code: 0, out: "   1  ipvsadm -A -f 1 -s rr\n0\n", err: "" });
    expect(await remote.table()).toHaveLength(5000);
    const listed = await inShell(`"$2" "$3" rules save | head -n 1; echo "\${PIPESTATUS[0]}"`);
    expect(listed).toEqual({ code: 0, out: "-A -f 1 -s rr\n0\n", err: "" });
    const nobody = await inShell(`"$2" "$3" rules restore --replace "$1" | true; echo "\${PIPESTATUS[0]}"`, file);
    expect(nobody).toEqual({ code: 0, out: "0\n", err: "" });
  });

  test("of remarks leaves the exit code as it is, and what was begun is done", async () => {
    const warned = fileOf("warned.rules", many.replaceAll("-s rr", "-s rr -M 255.255.255.0"));
    const done = await inShell(`"$2" "$3" rules restore "$1" 2>&1 >/dev/null | true; echo "\${PIPESTATUS[0]}"`, warned);
    expect(done.out).toBe("0\n");
    expect(await remote.table()).toHaveLength(5000);
    const again = await inShell(
      `"$2" "$3" rules restore "$1" 2>&1 >/dev/null | true; echo "\${PIPESTATUS[0]}"`,
      warned,
    );
    expect(again.out).toBe("1\n");
  });
});

describe("export and import", () => {
  const state = () => join(folder, "state");
  const kept = () => join(state(), "director", "boot.rules");
  const copy = (...args: string[]) => run([...args, "--state-dir", state()], "", { RUNTIME_DIR: "" });

  test("the kept boot rules and a file, each way, whole and for their owner only", async () => {
    const file = join(folder, "ipvsadm.rules");
    const none = await copy("export", file);
    expect(none).toMatchObject({ code: 2, out: "" });
    expect(none.err).toContain("There are no boot rules in");

    await run(["restore"], rules);
    await remote.saveBoot();
    expect(await copy("export", file)).toEqual({ code: 0, out: "", err: `${kept()} → ${file}\n` });
    expect(readFileSync(file, "utf8")).toBe(rules);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    writeFileSync(file, other);
    expect(await copy("import", file)).toEqual({ code: 0, out: "", err: `${file} → ${kept()}\n` });
    expect(await remote.bootStatus()).toMatchObject({ text: other, drift: { added: 2, removed: 2 } });
    expect(await saved()).toBe(rules);
    expect([statSync(kept()).mode & 0o777, statSync(kept()).uid]).toEqual([0o600, process.getuid?.()]);
  });

  test("a file with lines that are no rules is not imported: 2, each line, and the old one stays", async () => {
    await run(["restore"], rules);
    await remote.saveBoot();
    const refused = await copy("import", fileOf("broken.rules", `${other}-A\n-A -t 10.9:80\n-a -f\n`));
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect([...new Set(refused.err.split("\n").map((line) => line.split(":")[0]))]).toEqual(["4", "5", "6", ""]);
    expect((await copy("import", join(folder, "not there"))).code).toBe(2);
    expect(readFileSync(kept(), "utf8")).toBe(rules);
  });

  test("a folder that is not there, or cannot be written to, is named", async () => {
    const file = fileOf("fine.rules", rules);
    const nowhere = await run(["import", file, "--state-dir", join(folder, "nowhere")]);
    expect(nowhere).toMatchObject({ code: 2, out: "" });
    expect(nowhere.err).toContain(`There is no folder ${join(folder, "nowhere", "director")}`);
    await remote.saveBoot();
    const refused = await copy("export", join(folder, "no", "folder"));
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/^ipvs-console rules: ENOENT: .*\/no\/folder/);
  });

  test.runIf(process.getuid?.() === 0)("what root imports belongs to the director's user", async () => {
    const elsewhere = join(folder, "of another user");
    mkdirSync(join(elsewhere, "director"), { recursive: true });
    const [uid, gid] = [3_456_788, 3_456_789];
    await inShell(`chmod 755 "$(dirname "$1")" && chown -R ${uid}:${gid} "$1"`, elsewhere);
    const file = fileOf("for them.rules", rules);
    expect((await run(["import", file, "--state-dir", elsewhere])).code).toBe(0);
    const { uid: owner, gid: group } = statSync(join(elsewhere, "director", "boot.rules"));
    expect([owner, group]).toEqual([uid, gid]);
  });
});

test("beside another manager restore says so, and the revision in spite of whom", async () => {
  const keepalived = { manager: "keepalived", evidence: "/proc/77/comm", here: true } as const;
  const found = vi.spyOn(RemoteDirector.prototype, "managers").mockResolvedValue([keepalived]);
  const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const code = await runHere(["restore", fileOf("beside.rules", rules)], { RUNTIME_DIR: join(folder, "run") });
  const told = err.mock.calls.map(([text]) => String(text)).join("");
  for (const spy of [found, err, out]) spy.mockRestore();
  expect(code).toBe(0);
  expect(told).toContain("keepalived manages this table too: what is changed here may be changed back");
  expect((await remote.revisions({ limit: 1 }))[0]?.note).toBe("(despite keepalived)");
});

test("help is on standard output, with every word and flag", async () => {
  const help = await run(["--help"]);
  expect(help).toMatchObject({ code: 0, err: "" });
  for (const word of ["save", "restore", "export", "import", "--merge", "--replace", "--dry-run", "--file"])
    expect(help.out).toContain(word);
});
