// Reads of the connection table through the addon.

import { createRequire } from "node:module";
import { tables } from "./connection-kinds.mjs";
import { addonPath } from "./shared.mjs";

export const { ConnectionRead, connectionRowBytes } = createRequire(import.meta.url)(addonPath);

/** All of the real table's connections. */
export const all = {
  ...{ path: tables.plain, hasOrigin: false, wantsTemplates: false, protocols: [], states: [], origin: -1, group: -1 },
  ...{ maxHeld: 200_000, maxGroups: 100_000, persistent: new Uint8Array() },
};
export const states = { paused: 1, complete: 2, cancelled: 3 };

/** A read of the real table that can run, with other options than to take all of it. */
export async function opened(options) {
  const read = new ConnectionRead({ ...all, ...options });
  await read.open();
  return read;
}
