/**
 * CPU time spent since the last call, in milliseconds: by this thread (what one sample costs the event loop) and by the
 * whole process, libuv's workers included. CPU time, not the clock's: a busy machine does not change it.
 */
export function loadMeter(): () => { mainCpuMs: number; cpuMs: number } {
  let thread = process.threadCpuUsage();
  let whole = process.cpuUsage();
  return () => {
    const threadUsed = process.threadCpuUsage(thread);
    const wholeUsed = process.cpuUsage(whole);
    thread = process.threadCpuUsage();
    whole = process.cpuUsage();
    return {
      mainCpuMs: (threadUsed.user + threadUsed.system) / 1000,
      cpuMs: (wholeUsed.user + wholeUsed.system) / 1000,
    };
  };
}
