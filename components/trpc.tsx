"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
  type TRPCLink,
} from "@trpc/client";
import { tap } from "@trpc/server/observable";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import { config } from "zod";
import type { ErrorShape } from "#domain/errors";
import type { AppRouter } from "#server/web/app-router";
import { errorShapeOf } from "./changes/error-shape.ts";

// Our content policy forbids code made of text, and the browser reports even that zod tries whether it may.
config({ jitless: true });

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** useTRPC: options for useQuery and useMutation. useTRPCClient: calls made by hand. */
export { useTRPC, useTRPCClient };
export type Client = TRPCClient<AppRouter>;

const url = "/api/trpc";

function hearRefusals(onRefused: (shape: ErrorShape) => void): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      next(op).pipe(tap({ error: (error) => onRefused(errorShapeOf(error)) }));
}

function newClient(onRefused: (shape: ErrorShape) => void): Client {
  return createTRPCClient<AppRouter>({
    links: [
      hearRefusals(onRefused),
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url }),
        false: splitLink({
          // What may take seconds keeps no other call waiting for its answer.
          condition: (operation) => operation.context["alone"] === true,
          true: httpBatchLink({ url, maxItems: 1 }),
          // A URL that names hundreds of rows would be refused: long batches are cut.
          false: httpBatchLink({ url, maxURLLength: 8000 }),
        }),
      }),
    ],
  });
}

/** Calls are not repeated by themselves: a refusal is an answer, and what is lost is said where it is shown. */
function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 5000 } },
  });
}

export interface ApiProviderProps {
  /** hears of every refused call, besides who made it. The same function at every render. */
  onRefused?: (shape: ErrorShape) => void;
  children: ReactNode;
}

export function ApiProvider({ onRefused = () => {}, children }: ApiProviderProps) {
  const [client] = useState(() => newClient(onRefused));
  const [queryClient] = useState(newQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
