"use client";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { type Client, useTRPCClient } from "#components/trpc";
import type { SessionEnd } from "#domain/people";
import { LiveConnection } from "./live-connection.ts";
import { LiveStore } from "./live-store.ts";
import { transportOver } from "./live-transport.ts";
import { PastLoader } from "./past-loader.ts";
import { ViewBoard } from "./view-board.ts";

export interface Live {
  store: LiveStore;
  connection: LiveConnection;
  board: ViewBoard;
  past: PastLoader;
}

const LiveContext = createContext<Live | null>(null);

function newLive(client: Client, onEnded: (end: SessionEnd) => void): Live {
  const store = new LiveStore();
  const transport = transportOver(client, (end) => {
    // The stream ends with this, and another would be refused.
    connection.stop();
    onEnded(end);
  });
  const connection = new LiveConnection(transport, store);
  const board = new ViewBoard((view) => connection.show(view));
  const past = new PastLoader(store, (ids) => client.live.history.query({ ids, windowS: 60 }));
  return { store, connection, board, past };
}

export interface LiveProviderProps {
  /** false: the session is over, nothing is asked for until it goes on */
  open: boolean;
  /** the server ended the stream together with the session. The same function at every render. */
  onEnded: (end: SessionEnd) => void;
  children: ReactNode;
}

/** Once around the pages that need a log-in: the tab's one stream, open while the page and the session are. */
export function LiveProvider({ open, onEnded, children }: LiveProviderProps) {
  const client = useTRPCClient();
  const [live] = useState(() => newLive(client, onEnded));
  useEffect(() => {
    if (!open) return live.store.closed();
    live.connection.start();
    const retry = () => live.connection.retryNow();
    window.addEventListener("online", retry);
    return () => {
      window.removeEventListener("online", retry);
      live.connection.stop();
    };
  }, [live, open]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The live machinery itself, for parts that write numbers into the page without rendering. */
export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error("LiveProvider is missing");
  return live;
}
