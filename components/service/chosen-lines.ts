import type { ServerRecord } from "#domain/table";

type Candidate = Pick<ServerRecord, "id" | "gauges">;

/** Lines that are drawn until someone chooses others: more would be a tangle. */
export const firstLines = 10;

/** What is drawn, and what of it a person decided. */
export interface ChosenLines {
  drawn: ReadonlySet<string>;
  /** servers that someone switched off: they do not come back by themselves */
  off: ReadonlySet<string>;
}

export const noLines: ChosenLines = { drawn: new Set(), off: new Set() };

/**
 * The lines after the servers changed: those drawn before stay, so that the picture stands still; where there is room
 * the servers with the most connections join them.
 */
export function withServers(before: ChosenLines, servers: readonly Candidate[]): ChosenLines {
  const kept = servers.filter(({ id }) => before.drawn.has(id)).map(({ id }) => id);
  const others = servers
    .filter(({ id }) => !before.drawn.has(id) && !before.off.has(id))
    .toSorted((a, b) => connections(b) - connections(a));
  const joining = others.slice(0, Math.max(0, firstLines - kept.length)).map(({ id }) => id);
  return { drawn: new Set([...kept, ...joining]), off: before.off };
}

/** Draws a server that was not drawn, or no longer draws it. */
export function toggled({ drawn, off }: ChosenLines, id: string): ChosenLines {
  const without = (set: ReadonlySet<string>) => new Set([...set].filter((other) => other !== id));
  return drawn.has(id)
    ? { drawn: without(drawn), off: new Set([...off, id]) }
    : { drawn: new Set([...drawn, id]), off: without(off) };
}

function connections({ gauges }: Candidate): number {
  return gauges.active + gauges.inactive;
}
