/**
 * How Node runs the director: with its young generation at full size (16 MiB) from the start. Left to grow from 1 MiB, it is
 * copied again and again in the middle of the first large restore, which is half of what that takes; afterwards it has the same
 * size either way. A sample of a table that did not change makes no object.
 */
export const directorNodeFlags: readonly string[] = ["--min-semi-space-size=16"];
