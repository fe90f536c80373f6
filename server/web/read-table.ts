import { randomUUID } from "node:crypto";
import { DirectorError } from "#domain/errors";
import type { RemoteDirector } from "#server/director/remote";
import type { LiveHub } from "./live-hub.ts";
import { Mirror } from "./mirror.ts";

/** A director that somebody else watches sends its next sample when it is due, so this is more than a slow cadence. */
const patienceMs = 15_000;

type SampledDirector = Pick<RemoteDirector, "samples">;

const reads = new WeakMap<SampledDirector, Promise<Mirror>>();

/**
 * The table for one answer to a script: the hub's own mirror while pages are watched, else one sample that is read
 * from the director. Whoever asks while that sample is on its way shares it.
 *
 * The mirror is not the asker's: it may move with the next sample, so take what is needed before awaiting anything.
 * Rejects with DirectorError: UNREACHABLE, TIMED_OUT, or why the director has no sample itself.
 */
export function readTable(director: SampledDirector, hub: Pick<LiveHub, "liveMirror">): Promise<Mirror> {
  const { liveMirror } = hub;
  if (liveMirror) return Promise.resolve(liveMirror);
  const underWay = reads.get(director);
  if (underWay) return underWay;
  const read = sampleOnce(director).finally(() => reads.delete(director));
  reads.set(director, read);
  return read;
}

/** One whole sample of the director's in a mirror of its own; the stream is ended after it. Rejects as readTable() does. */
export async function sampleOnce(director: SampledDirector, timeLimitMs = patienceMs): Promise<Mirror> {
  const limit = AbortSignal.timeout(timeLimitMs);
  const ending = new AbortController();
  try {
    for await (const frame of director.samples(randomUUID(), AbortSignal.any([limit, ending.signal]))) {
      if (frame.header.error) throw DirectorError.from(frame.header.error);
      if (!frame.header.full) continue;
      const mirror = new Mirror();
      mirror.take(frame);
      return mirror;
    }
  } finally {
    ending.abort();
  }
  throw new DirectorError("TIMED_OUT");
}
