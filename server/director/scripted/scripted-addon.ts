import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { NativeAddon } from "../addon.ts";

const root = join(import.meta.dirname, "../../..");
const objectsFolder = join(root, "build/Release/obj.target/ipvs/native");
const limitMs = 120_000;

/**
 * The addon as it was built, its own objects, linked anew into `folder` so that its netlink socket is a connection to `peer.sock`
 * there. Throws what the compiler says, or that there is nothing to link.
 */
export function linkScriptedAddon(folder: string): NativeAddon {
  const objects = existsSync(objectsFolder) ? readdirSync(objectsFolder).filter((name) => name.endsWith(".o")) : [];
  if (objects.length === 0) throw new Error(`nothing to link in ${objectsFolder}: build the addon first`);
  const wrapped = ["socket", "setsockopt", "recvmmsg"].map((call) => `-Wl,--wrap=${call}`);
  const library = join(folder, "ipvs.node");
  const { status, stderr } = spawnSync(
    "g++",
    [
      ...["-std=c++20", "-fPIC", "-shared", "-o", library, join(root, "native/test/unix-peer.cc")],
      ...objects.map((name) => join(objectsFolder, name)),
      ...wrapped,
    ],
    { encoding: "utf8", timeout: limitMs },
  );
  if (status !== 0) throw new Error(`linking failed: ${stderr}`);
  return createRequire(import.meta.url)(library) as NativeAddon;
}
