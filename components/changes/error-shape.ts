import type { ErrorShape } from "#domain/errors";

/**
 * The refusal in whatever a call was rejected with. An answer that carries none did not come from our server: no
 * connection, or something between that answered in its place.
 */
export function errorShapeOf(thrown: unknown): ErrorShape {
  const shape = (thrown as { data?: { refusal?: ErrorShape } | null } | null)?.data?.refusal;
  if (shape) return shape;
  return { code: "UNREACHABLE", params: { detail: thrown instanceof Error ? thrown.message : String(thrown) } };
}
