import type { z } from "zod";
import { DirectorError } from "#domain/errors";
import { problemsOf } from "#domain/problem";
import { toDirectorError } from "./faults.ts";

/** Parsed, or INVALID with everything that is wrong. */
export function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DirectorError("INVALID", { problems: problemsOf(parsed.error) });
}

/** What `answer` says; a fault beneath becomes a DirectorError, by the operation that met it. */
export async function asked<T>(operation: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw toDirectorError(thrown, operation);
  }
}
