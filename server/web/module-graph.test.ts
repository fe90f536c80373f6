import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Files of ours, and packages, that running `entry` loads: what only types need is stripped first. */
function moduleGraph(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [join(root, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const name = relative(root, file);
    if (files.has(name)) continue;
    files.add(name);
    if (name.endsWith(".json")) continue;
    const source = stripTypeScriptTypes(readFileSync(file, "utf8"), { mode: "strip" });
    for (const [, specifier] of source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)) {
      if (!specifier) continue;
      if (specifier.startsWith("#")) waiting.push(join(root, `${specifier.slice(1)}.ts`));
      else if (specifier.startsWith(".")) waiting.push(join(dirname(file), specifier));
      else packages.add(specifier);
    }
  }
  return { files, packages };
}

test("the web process loads no addon and nothing that could reach the table past the director", () => {
  const { files, packages } = moduleGraph("server/web/main.ts");
  expect([...files].every((file) => existsSync(join(root, file)))).toBe(true);
  expect(files).toContain("server/director/remote.ts");
  expect(files).toContain("server/web/live-hub.ts");
  for (const forbidden of ["addon", "kernel", "records", "local", "choose", "main", "sampler", "simulated"]) {
    expect(files).not.toContain(`server/director/${forbidden}.ts`);
  }
  expect([...files].filter((file) => file.startsWith("native/") || file.endsWith(".node"))).toEqual([]);
  // Its own file of people, and never the director's.
  expect(files).toContain("server/store/web-store.ts");
  expect(files).not.toContain("server/store/director-store.ts");
  for (const forbidden of ["node:child_process", "child_process", "node-addon-api"]) {
    expect(packages).not.toContain(forbidden);
  }
});

test("the same walk does find the addon behind the director", () => {
  expect(moduleGraph("server/director/main.ts").files).toContain("server/director/addon.ts");
});
