"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTRPCClient } from "#components/trpc";
import { ConnectionReader, type ReaderState } from "./connection-reader.ts";
import type { ConnectionLook } from "./use-connection-query.ts";

/** Its calls wait for nobody and nobody for them: a read may take seconds. */
const alone = { context: { alone: true } };

/** A reader of the director's table of connections, for as long as the component is there. */
export function useConnectionReader(): { reader: ConnectionReader; state: ReaderState } {
  const { connections } = useTRPCClient();
  const [reader] = useState(
    () =>
      new ConnectionReader(
        {
          page: (query, signal) => connections.page.query(query, { signal, ...alone }),
          progress: (id) => connections.progress.query(id, alone),
          cancel: (id) => connections.cancel.mutate(id),
        },
        () => !document.hidden,
      ),
  );
  useEffect(() => () => reader.stop(), [reader]);
  return { reader, state: useSyncExternalStore(reader.subscribe, reader.state, reader.state) };
}

/** The same for a page that always looks at something; `look` null: at nothing, and nothing is asked. */
export function useConnections(look: ConnectionLook | null): { reader: ConnectionReader; state: ReaderState } {
  const read = useConnectionReader();
  const { reader } = read;
  const text = JSON.stringify(look);
  useEffect(() => void reader.look(JSON.parse(text) as ConnectionLook | null), [reader, text]);
  return read;
}
