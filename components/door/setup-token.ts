/** The set-up link's token, which stands behind the # so that no server and no proxy sees it; null when there is none. */
export function setupTokenIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") || null;
}
