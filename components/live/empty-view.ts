import type { View } from "#domain/live";

/** Nothing on screen. (The schemas beside domain's own would bring a validator into every page.) */
export const emptyView: View = { list: null, follow: [], counters: false, totals: false };

/** As the server's schema has it. */
export const maxFollowed = 300;
