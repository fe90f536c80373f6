import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** For tests: a host's root folder, made anew for each, in which files are put by their paths. */
export class MadeUpRoot {
  folder = "";

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), "made-up-host-"));
    });
    afterEach(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  put(files: Record<string, string>, mode = 0o644): void {
    for (const [path, text] of Object.entries(files)) {
      const place = join(this.folder, path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text, { mode });
    }
  }
}
