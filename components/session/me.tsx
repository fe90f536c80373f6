"use client";
import { createContext, type ReactNode, use } from "react";
import type { Me } from "#domain/people";
import { type Access, mayAccess } from "#domain/roles";

const MeContext = createContext<Me | null>(null);

/** Who the page is shown to. For what is shown only: the server asks for itself at every call. */
export function MeProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

/** Who the page is shown to. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("MeProvider is missing");
  return me;
}

/** Whether who looks at the page may do what asks for this role: what they may not is not offered. */
export function useMay(access: Access): boolean {
  return mayAccess(useMe().role, access);
}
