import pino, { type Logger } from "pino";

/** One JSON line per event on stderr. @param name which process speaks */
export function createLog(name: "director" | "web" | "start", level: string): Logger {
  return pino(
    { name, level, base: { name, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}
