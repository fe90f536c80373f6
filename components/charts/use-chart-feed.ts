"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useLive } from "#components/live/live-provider";
import { useTRPCClient } from "#components/trpc";
import { useOnSample, useShown } from "../live/use-live.ts";
import { ChartFeed } from "./chart-feed.ts";
import { wholeTable } from "./timeline.ts";

/** The longest window, and a little for what is just outside of it. */
const keptS = 900;
const keepMs = (keptS + 60) * 1000;

/**
 * The past and present of some rows for a group of charts; "" is the whole table. Asks for the past when rows
 * come, and again after samples were missed: the director went on counting.
 */
export function useChartFeed(ids: readonly string[]): ChartFeed {
  const { store } = useLive();
  const client = useTRPCClient();
  const [feed] = useState(() => new ChartFeed(keepMs, () => performance.now()));
  const text = ids.join(" ");
  const wanted = useRef<readonly string[]>([]);
  useShown({ follow: ids.filter((id) => id !== wholeTable) });

  const load = useCallback(async () => {
    const asked = wanted.current;
    try {
      const histories = await client.live.history.query({ ids: [...asked], windowS: keptS });
      feed.load(histories.filter(({ id }) => wanted.current.includes(id)));
    } catch {
      // Without the past a chart fills up from the right. What is wrong is said by the banner above.
    }
  }, [client, feed]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: text stands for ids, which may be a new array each time
  useEffect(() => {
    wanted.current = [wholeTable, ...ids.filter((id) => id !== wholeTable)];
    feed.keep(wanted.current);
    void load();
  }, [feed, load, text]);

  useOnSample(({ atMs, cadenceMs }) => {
    // While numbers are held still the store keeps old values: the past is asked for when they move again.
    if (store.paused()) return;
    const rows = new Map<string, (number | null)[] | null>();
    for (const id of wanted.current) {
      const slot = store.slotOf(id);
      const values = id === wholeTable ? store.summary()?.values : slot === null ? null : store.values(slot);
      // The store keeps what it last knew of a row that was removed.
      if (store.missing().has(id)) rows.set(id, null);
      else if (values) rows.set(id, values.slice(1));
    }
    if (rows.size > 0 && feed.sample(atMs, cadenceMs, rows)) void load();
  });
  return feed;
}
