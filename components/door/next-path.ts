/**
 * Where a log-in leads: the address in `next` when it is a page of this console, else the first page. A link that somebody
 * else wrote must not lead away from here.
 *
 * @param next as it stands in the address, decoded
 * @param origin of this page
 * @returns a whole address
 */
export function nextPage(next: string | null, origin: string): string {
  const first = `${origin}/`;
  if (next === null || !/^\/(?![/\\])/.test(next)) return first;
  try {
    const page = new URL(next, origin);
    return page.origin === origin && page.pathname !== "/login" ? page.href : first;
  } catch {
    return first;
  }
}
