import type { ConnectionLook } from "./use-connection-query.ts";

/**
 * Where the rows of a look are to be had as files: all that match, in the order of the page.
 *
 * @param read whose rows they are, if it is still held and was through the same filter
 */
export function exportAddresses(
  { filter, sort, descending }: ConnectionLook,
  read?: string,
): { csv: string; json: string } {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, sort, descending, read })) {
    if (value && String(value) !== "") asked.set(name, String(value));
  }
  return { csv: `/connections/export?format=csv&${asked}`, json: `/connections/export?format=json&${asked}` };
}
