import { performance } from "node:perf_hooks";

/**
 * Main-thread and CPU time spent since the last call, in milliseconds: what one sample cost this process,
 * workers counted in `cpuMs` and left out of `activeMs`.
 */
export function loadMeter(): () => { activeMs: number; cpuMs: number } {
  let utilization = performance.eventLoopUtilization();
  let cpu = process.cpuUsage();
  return () => {
    const now = performance.eventLoopUtilization();
    const active = now.active - utilization.active;
    const used = process.cpuUsage(cpu);
    utilization = now;
    cpu = process.cpuUsage();
    return { activeMs: Math.round(active * 100) / 100, cpuMs: (used.user + used.system) / 1000 };
  };
}
