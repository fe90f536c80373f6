// Sends UDP datagrams of a fixed size at a constant rate for a bounded time: constant-udp.mjs ADDRESS PORT PER_SECOND SECONDS
import { createSocket } from "node:dgram";

const [address, port, perSecond, seconds] = process.argv.slice(2);
const everyMs = 50;
const startedMs = performance.now();
const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
socket.on("error", () => {});
socket.on("message", () => {});
let sent = 0;
// What is due by the clock, not so many a tick: a late timer must not lower the rate.
const timer = setInterval(() => {
  const elapsedMs = performance.now() - startedMs;
  for (const due = Math.floor((elapsedMs * perSecond) / 1000); sent < due; sent++)
    socket.send("x".repeat(100), port, address);
  if (elapsedMs < seconds * 1000) return;
  clearInterval(timer);
  socket.close();
}, everyMs);
