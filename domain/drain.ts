/** How a drain goes: what is left of a server's connections and when they will be gone at the present pace. */
export interface DrainProgress {
  remaining: number;
  /** the most there were in the points that are known */
  peak: number;
  /** connections that end per second, more than begin; 0 when they do not become fewer */
  fallingPerSecond: number;
  /** seconds until none is left at this pace; null when it cannot be told */
  emptyInS: number | null;
}

export interface DrainPoint {
  atMs: number;
  connections: number;
}

/** The pace is that of the last minute: long enough to smooth, short enough to follow. */
const paceMs = 60_000;
/** A pace from less than this is noise. */
const leastMs = 5000;
/** Nobody plans by an estimate that is further away than a day. */
const longestS = 86_400;

/**
 * The straight line of least squares through the last minute, taken on to zero. Connections often end
 * slower towards the end (the longest-lived remain), so this is the earliest that is likely.
 *
 * @param points oldest first, the newest is now
 */
export function drainProgress(points: readonly DrainPoint[]): DrainProgress {
  const now = points.at(-1);
  if (!now) return { remaining: 0, peak: 0, fallingPerSecond: 0, emptyInS: null };
  const remaining = now.connections;
  const peak = points.reduce((most, point) => Math.max(most, point.connections), 0);
  if (remaining === 0) return { remaining, peak, fallingPerSecond: 0, emptyInS: 0 };
  const recent = points.filter((point) => now.atMs - point.atMs <= paceMs);
  const slope = slopePerSecond(recent);
  if (slope >= 0 || now.atMs - (recent[0]?.atMs ?? now.atMs) < leastMs) {
    return { remaining, peak, fallingPerSecond: 0, emptyInS: null };
  }
  const emptyInS = remaining / -slope;
  return { remaining, peak, fallingPerSecond: -slope, emptyInS: emptyInS <= longestS ? emptyInS : null };
}

function slopePerSecond(points: readonly DrainPoint[]): number {
  const meanMs = points.reduce((sum, point) => sum + point.atMs, 0) / points.length;
  const mean = points.reduce((sum, point) => sum + point.connections, 0) / points.length;
  let up = 0;
  let down = 0;
  for (const point of points) {
    const seconds = (point.atMs - meanMs) / 1000;
    up += seconds * (point.connections - mean);
    down += seconds * seconds;
  }
  return down === 0 ? 0 : up / down;
}
