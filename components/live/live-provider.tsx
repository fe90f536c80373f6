"use client";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { type Client, useTRPCClient } from "#components/trpc";
import { LiveConnection, type LiveTransport } from "./live-connection.ts";
import { LiveStore } from "./live-store.ts";
import { PastLoader } from "./past-loader.ts";
import { ViewBoard } from "./view-board.ts";

export interface Live {
  store: LiveStore;
  connection: LiveConnection;
  board: ViewBoard;
  past: PastLoader;
}

const LiveContext = createContext<Live | null>(null);

function transportOver(client: Client): LiveTransport {
  return {
    open(viewId, view, onEvent, onLost) {
      const subscription = client.live.stream.subscribe(
        { viewId, view },
        {
          onData: onEvent,
          onError: onLost,
          onComplete: onLost,
          // tRPC would try again by itself, with the view of long ago and without saying when.
          onConnectionStateChange: (change) => change.state === "connecting" && change.error && onLost(),
        },
      );
      return () => subscription.unsubscribe();
    },
    setView: (viewId, view) => client.live.setView.mutate({ viewId, view }),
  };
}

function newLive(client: Client): Live {
  const store = new LiveStore();
  const connection = new LiveConnection(transportOver(client), store);
  const board = new ViewBoard((view) => connection.show(view));
  const past = new PastLoader(store, (ids) => client.live.history.query({ ids, windowS: 60 }));
  return { store, connection, board, past };
}

/** Once around the app: the tab's one stream, open while the page is. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const [live] = useState(() => newLive(client));
  useEffect(() => {
    live.connection.start();
    const retry = () => live.connection.retryNow();
    window.addEventListener("online", retry);
    return () => {
      window.removeEventListener("online", retry);
      live.connection.stop();
    };
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The live machinery itself, for parts that write numbers into the page without rendering. */
export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error("LiveProvider is missing");
  return live;
}
