/**
 * How Node runs the director. A young generation of 4 MiB (16 by default) is walked through again and again, so that a burst
 * of short-lived objects, ten thousand changes say, lands in memory that is the process's already: half of what a restore of
 * 11,000 rules takes on a kernel where a new page is dear is new pages. A sample of a table that did not change makes none.
 */
export const directorNodeFlags: readonly string[] = ["--max-semi-space-size=4"];
