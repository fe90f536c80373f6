import { performance } from "node:perf_hooks";

export interface Load {
  /** how long the event loop was busy, by the clock: what one sample keeps everything else waiting */
  busyMs: number;
  /** CPU time of the whole process, libuv's workers included */
  cpuMs: number;
}

/** What this process spent since the last call, in milliseconds. */
export function loadMeter(): () => Load {
  let loop = performance.eventLoopUtilization();
  let cpu = process.cpuUsage();
  return () => {
    const busy = performance.eventLoopUtilization(loop);
    const used = process.cpuUsage(cpu);
    loop = performance.eventLoopUtilization();
    cpu = process.cpuUsage();
    return { busyMs: Math.round(busy.active * 100) / 100, cpuMs: (used.user + used.system) / 1000 };
  };
}
