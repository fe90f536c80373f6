// Records what a real kernel lists of connections of every kind, and what ipvsadm makes of it, for the tests that must run
// without one: `node native/test/run.mjs record`. Writes $GUEST_OUT/connections/*.{bin,txt}.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sendConnections, startBackup, stopBackup } from "../../e2e/kernel/sync-messages.mjs";
import { atOneMoment, longestLine, sendPackets, syncedConnections, tables } from "./kernel/connection-kinds.mjs";
import { run } from "./kernel/shared.mjs";

const folder = join(process.env.GUEST_OUT, "connections");
mkdirSync(folder);
const write = (name, text) => writeFileSync(join(folder, name), text, "latin1");

async function record(name) {
  const [plain, listing] = await atOneMoment(tables.plain, () => run("ipvsadm", "-Lnc"));
  const [synced] = await atOneMoment(tables.synced, () => null);
  write(`${name}.bin`, plain);
  write(`${name}-origin.bin`, synced);
  write(`${name}.txt`, listing);
}

run("modprobe", "ip_vs_pe_sip");
await sendPackets();
await record("packets");
// Servers of another family than their service's and a daemon exclude each other.
run("ipvsadm", "-C");
startBackup();
await sendConnections(syncedConnections());
await record("synced");
await sendConnections([longestLine]);
const [all] = await atOneMoment(tables.plain, () => null);
const [title, ...lines] = all.split("\n");
write("longest.bin", `${title}\n${lines.find((line) => line.includes("xxx"))}\n`);
stopBackup();
