import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Ipvs } from "./ipvs.ts";

/**
 * Names the life of a table: the kernel's ends with the boot (proc(5), random/boot_id), a simulated one's with the process.
 * A batch that was begun in another life cannot be finished or undone in this one.
 */
export function bootIdOf(kind: Ipvs["kind"]): string {
  return kind === "kernel" ? readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim() : randomUUID();
}
