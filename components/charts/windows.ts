/** How much of the past charts can show, in seconds: up to what the director keeps of every row. */
export const chartWindowsS = [60, 300, 900] as const;
export type ChartWindowS = (typeof chartWindowsS)[number];
