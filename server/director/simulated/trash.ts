import type { ServerState } from "./state.ts";

/** IP_VS_DEST_TRASH_PERIOD */
const periodMs = 120_000;

/**
 * Where removed servers wait while connections still know them (ip_vs_ctl.c, dest_trash): one that is added again to
 * the same service within that time gets its connections and counters back.
 */
export class Trash {
  readonly #servers = new Map<string, { server: ServerState; idleSinceMs: number | null }>();
  #checkedMs = 0;

  put(server: ServerState): void {
    this.#servers.set(server.row.id, { server, idleSinceMs: null });
  }

  /** The removed server of that id, which leaves the trash, or null. */
  take(id: string): ServerState | null {
    const found = this.#servers.get(id)?.server ?? null;
    this.#servers.delete(id);
    return found;
  }

  has(id: string): boolean {
    return this.#servers.has(id);
  }

  *servers(): Iterable<ServerState> {
    for (const { server } of this.#servers.values()) yield server;
  }

  /** Frees those without connections for two minutes. The kernel looks every two minutes too, so it may take four. */
  expire(nowMs: number, freed: (server: ServerState) => void): void {
    if (nowMs - this.#checkedMs < periodMs) return;
    this.#checkedMs = nowMs;
    for (const [id, entry] of this.#servers) {
      if (entry.server.active + entry.server.inactive > 0) entry.idleSinceMs = null;
      else if (entry.idleSinceMs === null) entry.idleSinceMs = nowMs;
      else {
        this.#servers.delete(id);
        freed(entry.server);
      }
    }
  }
}
