"use client";
import dynamic from "next/dynamic";
import { createContext, type ReactNode, use, useCallback, useRef, useState } from "react";
import type { ErrorShape } from "#domain/errors";
import { errorShapeOf } from "../changes/error-shape.ts";

const PasswordDialog = dynamic(() => import("./password-dialog.tsx").then((module) => module.PasswordDialog), {
  ssr: false,
});

/** What became of a call: `refusal` null when the person was asked for the password and did not give it. */
export type Answered<T> = { ok: true; value: T } | { ok: false; refusal: ErrorShape | null };

const AskContext = createContext<(() => Promise<boolean>) | null>(null);

/** Once around the pages: the one dialog that asks for the password again. */
export function AskPasswordProvider({ children }: { children: ReactNode }) {
  const [asking, setAsking] = useState(false);
  const waiting = useRef<((given: boolean) => void)[]>([]);
  const ask = useCallback(() => {
    setAsking(true);
    return new Promise<boolean>((resolve) => waiting.current.push(resolve));
  }, []);
  const answer = (given: boolean) => {
    setAsking(false);
    for (const resolve of waiting.current.splice(0)) resolve(given);
  };
  return (
    <AskContext value={ask}>
      {children}
      {asking && <PasswordDialog onGiven={() => answer(true)} onCancel={() => answer(false)} />}
    </AskContext>
  );
}

/**
 * Makes a call for which the server may want the password again: then a dialog asks for it, and the same call is made
 * once more by itself. Never rejects: a refusal is an answer, and so is a person who would rather not.
 */
export function useAskPassword(): <T>(call: () => Promise<T>) => Promise<Answered<T>> {
  const ask = use(AskContext);
  if (!ask) throw new Error("AskPasswordProvider is missing");
  return useCallback(
    async (call) => {
      for (;;) {
        try {
          return { ok: true, value: await call() };
        } catch (thrown) {
          const refusal = errorShapeOf(thrown);
          if (refusal.code !== "PASSWORD_NEEDED") return { ok: false, refusal };
          if (!(await ask())) return { ok: false, refusal: null };
        }
      }
    },
    [ask],
  );
}
