import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BootRules } from "./boot-rules.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "boot-rules-"));
  path = join(folder, "boot.rules");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("boot.rules", () => {
  it("is the text, for nobody else to read, and leaves nothing beside it", async () => {
    const rules = new BootRules(path);
    await rules.save("-A -f 1 -s rr\n");
    await rules.save("-A -f 2 -s rr\n");
    expect(readFileSync(path, "utf8")).toBe("-A -f 2 -s rr\n");
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    expect(readdirSync(folder)).toEqual(["boot.rules"]);
  });

  it("takes the place of what a killed process left half written", async () => {
    writeFileSync(`${path}.new`, "-A -f 1 -s");
    await new BootRules(path).save("-A -f 2 -s rr\n");
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["-A -f 2 -s rr\n", ["boot.rules"]]);
  });

  it("stays as it was when the new one cannot be written", async () => {
    const rules = new BootRules(path);
    await rules.save("-A -f 1 -s rr\n");
    mkdirSync(`${path}.new`);
    await expect(rules.save("-A -f 2 -s rr\n")).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(readFileSync(path, "utf8")).toBe("-A -f 1 -s rr\n");
  });

  it("counts lines, wherever they stand and however often", async () => {
    const rules = new BootRules(path);
    await rules.save("a\nb\nb\n\nc\n");
    expect((await rules.status("c\nb\na\nd\n")).drift).toEqual({ added: 1, removed: 1 });
    expect((await rules.status("b\na\nc\nb\n")).drift).toEqual({ added: 0, removed: 0 });
    expect((await rules.status("")).drift).toEqual({ added: 0, removed: 4 });
  });

  it("says so when it cannot be read, or when there is no place for it", async () => {
    mkdirSync(path);
    await expect(new BootRules(path).status("")).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(new BootRules(null).save("")).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(await new BootRules(null).status("")).toEqual({ savedAtMs: null, drift: null, text: null });
  });
});
