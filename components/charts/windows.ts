import type { historyWindowsS } from "#domain/live";

export type ChartWindowS = (typeof historyWindowsS)[number];

/** As domain/live.ts has them; its schemas would bring a validator into the page. */
export const chartWindowsS = [60, 300, 900] as const satisfies readonly ChartWindowS[];
