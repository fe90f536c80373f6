"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, type TRPCClient } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import type { AppRouter } from "#server/web/app-router";

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** useTRPC: options for useQuery and useMutation. useTRPCClient: calls made by hand. */
export { useTRPC, useTRPCClient };
export type Client = TRPCClient<AppRouter>;

const url = "/api/trpc";

function newClient(): Client {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url }),
        // A URL that names hundreds of rows would be refused: long batches are cut.
        false: httpBatchLink({ url, maxURLLength: 8000 }),
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

export function ApiProvider({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  const [queryClient] = useState(newQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
