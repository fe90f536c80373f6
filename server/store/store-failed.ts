import { DirectorError } from "#domain/errors";

/** STORE_FAILED with what SQLite or the file system said. */
export function storeFailed(cause: unknown): DirectorError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new DirectorError("STORE_FAILED", { params: { detail } }, cause);
}
