/** A stretch of two texts that is not the same: from ≤ i < to, in UTF-16 units. */
export interface Stretch {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
  /** both are one line about the same row, which was edited */
  edited: boolean;
}

interface Lines {
  text: string;
  /** where each line begins, and behind the last one where the text ends */
  starts: number[];
}

/** Line numbers in both texts: from ≤ i < to. */
type Range = [fromA: number, toA: number, fromB: number, toB: number];

/**
 * Where two texts of rules differ, in whole lines. A table has each row once, so a line that both have once is the same
 * line: the longest run of those in one order stays, and equal lines beside them. Of what is left, lines about one row belong
 * together. Time is n log n, however much differs.
 */
export function diffLines(a: string, b: string): Stretch[] {
  const one = linesOf(a);
  const other = linesOf(b);
  const whole: Range = [0, one.starts.length - 1, 0, other.starts.length - 1];
  const at = (index: number, { starts }: Lines) => starts[index] ?? 0;
  const stretches: Stretch[] = [];
  const put = ([fromA, toA, fromB, toB]: Range, edited: boolean) => {
    if (fromA === toA && fromB === toB) return;
    const inA = { fromA: at(fromA, one), toA: at(toA, one) };
    stretches.push({ ...inA, fromB: at(fromB, other), toB: at(toB, other), edited });
  };
  for (const range of between(whole, anchors(one, other, whole, lineAt))) {
    const changed = trimmed(one, other, range);
    let [atA, , atB] = changed;
    for (const [lineA, lineB] of anchors(one, other, changed, rowAt)) {
      put([atA, lineA, atB, lineB], false);
      put([lineA, lineA + 1, lineB, lineB + 1], true);
      [atA, atB] = [lineA + 1, lineB + 1];
    }
    put([atA, changed[1], atB, changed[3]], false);
  }
  return stretches;
}

/** What lies between lines that belong together. */
function between([fromA, toA, fromB, toB]: Range, pairs: readonly [number, number][]): Range[] {
  const ranges: Range[] = [];
  let [atA, atB] = [fromA, fromB];
  for (const [lineA, lineB] of pairs) {
    ranges.push([atA, lineA, atB, lineB]);
    [atA, atB] = [lineA + 1, lineB + 1];
  }
  return [...ranges, [atA, toA, atB, toB]];
}

/** Without the equal lines at both ends. */
function trimmed(one: Lines, other: Lines, [fromA, toA, fromB, toB]: Range): Range {
  let [startA, endA, startB, endB] = [fromA, toA, fromB, toB];
  while (startA < endA && startB < endB && lineAt(one, startA) === lineAt(other, startB)) {
    startA++;
    startB++;
  }
  while (endA > startA && endB > startB && lineAt(one, endA - 1) === lineAt(other, endB - 1)) {
    endA--;
    endB--;
  }
  return [startA, endA, startB, endB];
}

function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== text.length) starts.push(text.length);
  return { text, starts };
}

function lineAt({ text, starts }: Lines, index: number): string {
  return text.slice(starts[index], starts[index + 1]);
}

/** The row that a line is about: all of it up to the settings. */
function rowAt(lines: Lines, index: number): string {
  const line = lineAt(lines, index);
  return /^-a .* -r \S+|^-A -f \d+(?: -6)?|^-A \S+ \S+/.exec(line)?.[0] ?? line;
}

/** Pairs of lines with a name that both have once, as many as stand in the same order in both. */
function anchors(
  one: Lines,
  other: Lines,
  [fromA, toA, fromB, toB]: Range,
  nameAt: (lines: Lines, index: number) => string,
): [number, number][] {
  const mine = uniqueNames(one, fromA, toA, nameAt);
  const theirs = uniqueNames(other, fromB, toB, nameAt);
  const pairs: [number, number][] = [];
  for (const [name, index] of mine) {
    const there = theirs.get(name);
    if (there !== undefined) pairs.push([index, there]);
  }
  pairs.sort(([a], [b]) => a - b);
  return longestRising(pairs);
}

function uniqueNames(
  lines: Lines,
  from: number,
  to: number,
  nameAt: (lines: Lines, index: number) => string,
): Map<string, number> {
  const first = new Map<string, number>();
  const twice = new Set<string>();
  for (let index = from; index < to; index++) {
    const name = nameAt(lines, index);
    if (first.has(name)) twice.add(name);
    else first.set(name, index);
  }
  for (const name of twice) first.delete(name);
  return first;
}

/** The longest selection in which the second numbers rise: patience sorting, n log n. */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const tops: number[] = [];
  const before: (number | undefined)[] = [];
  pairs.forEach(([, second], index) => {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < second) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? tops[low - 1] : undefined;
    tops[low] = index;
  });
  const chosen: [number, number][] = [];
  for (let at = tops.at(-1); at !== undefined; at = before[at]) {
    const pair = pairs[at];
    if (pair) chosen.push(pair);
  }
  return chosen.reverse();
}
