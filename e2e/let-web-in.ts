import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * As root, web becomes another user. This lets it through to `folder`/state and `folder`/run, which mkdtemp(3) closes, and has
 * all products of one checkout share the copy that web runs from where the checkout is closed to that user: each making its own
 * would be half a gigabyte a test.
 */
export function letWebIn(folder: string): void {
  if (process.getuid?.() !== 0) return;
  mkdirSync(join(folder, "state"), { recursive: true });
  for (let path = folder; path.startsWith(`${tmpdir()}/`); path = dirname(path))
    chmodSync(path, statSync(path).mode | 0o011);
  const copies = join(folder, "state", "app");
  if (existsSync(copies)) return;
  const shared = join(tmpdir(), `ipvs-console-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`);
  mkdirSync(shared, { recursive: true });
  if (lstatSync(shared).uid !== 0 || !lstatSync(shared).isDirectory())
    throw new Error(`${shared} is not root's folder`);
  symlinkSync(shared, copies);
}
