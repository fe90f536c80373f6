"use client";
import { useEffect, useMemo, useState } from "react";
import { useTRPCClient } from "#components/trpc";
import { maxNamesAtOnce } from "#domain/connection-query";

export interface HostNames {
  /** of an address, once it is known and there is one */
  nameOf: (address: string) => string | undefined;
  /** they could not be asked for */
  failed: boolean;
}

/**
 * The names of addresses, as reverse DNS has them. Asked for apart from what shows them, which is there long before; a name
 * that is known is not asked for again while the page is open.
 *
 * @param addresses null: no names are wanted
 * @param round another one asks again for those that had none: a name server may have been slow
 */
export function useHostNames(addresses: readonly string[] | null, round: string | undefined): HostNames {
  const { connections } = useTRPCClient();
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const [failed, setFailed] = useState(false);
  const text = (addresses ?? []).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies(round): asks anew
  // biome-ignore lint/correctness/useExhaustiveDependencies(known.has): those that have none are not asked for again and again
  useEffect(() => {
    const wanted = text === "" ? [] : text.split(" ").filter((address) => !known.has(address));
    const over = new AbortController();
    const learn = async () => {
      for (let from = 0; from < wanted.length && !over.signal.aborted; from += maxNamesAtOnce) {
        const asked = wanted.slice(from, from + maxNamesAtOnce);
        const names = await connections.names.query(asked, { signal: over.signal, context: { alone: true } });
        const found = asked.flatMap((address) => (names[address] ? [[address, names[address]] as const] : []));
        if (!over.signal.aborted) setKnown((before) => new Map([...before, ...found]));
      }
      if (!over.signal.aborted) setFailed(false);
    };
    learn().catch(() => !over.signal.aborted && setFailed(true));
    return () => over.abort();
  }, [connections, text, round]);
  const shown = addresses !== null;
  return useMemo(
    () => ({ nameOf: (address) => (shown ? known.get(address) : undefined), failed: shown && failed }),
    [shown, known, failed],
  );
}
