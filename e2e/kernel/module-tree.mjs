/** The guest kernel's modules in the shape that modprobe -d wants, made once and kept. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../scripts/debian-packages.mjs";

const installed = "/usr/lib/uml/modules";

/**
 * Folder D such that `modprobe -d D ip_vs` finds the modules of the installed user-mode-linux kernel. Made under `parent` when it is not
 * there yet, complete or not at all, so that guests may start side by side.
 */
export function moduleTree(parent) {
  const version = readdirSync(installed).sort().at(-1);
  if (version === undefined)
    throw new Error(`No kernel modules in ${installed}: is the package user-mode-linux complete?`);
  const tree = join(parent, `modules-${version}`);
  if (existsSync(tree)) return tree;
  mkdirSync(parent, { recursive: true });
  const draft = mkdtempSync(join(parent, "modules-draft-"));
  const folder = join(draft, "lib/modules", version);
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(installed, version, "kernel"), join(folder, "kernel"));
  for (const name of ["modules.order", "modules.builtin", "modules.builtin.modinfo"]) {
    if (existsSync(join(installed, version, name))) copyFileSync(join(installed, version, name), join(folder, name));
  }
  const depmod = spawnSync(findProgram("depmod"), ["-b", draft, version], { encoding: "utf8", timeout: 60_000 });
  if (depmod.status !== 0) throw new Error(`depmod failed over ${installed}/${version}: ${depmod.stderr}`);
  try {
    renameSync(draft, tree);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(tree)) throw error;
  }
  return tree;
}
