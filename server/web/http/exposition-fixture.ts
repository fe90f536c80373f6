/** One sample line of Prometheus's text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  type: string;
  help: string;
  samples: Sample[];
}

const escapes: Record<string, string> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };
const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const numberPattern = /^(?:NaN|[+-]?Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
/** What a histogram and a summary add to their family's name. */
const suffixes = /_(?:bucket|sum|count)$/;

/**
 * Reads Prometheus's text exposition format 0.0.4, and throws for what the format forbids: a sample before its TYPE, a
 * family in two places, a label set twice, an escape that is none, a last line without its end.
 */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family>();
  const helps = new Map<string, string>();
  const seen = new Set<string>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const [, word, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === "HELP") {
      if (helps.has(name)) throw new Error(`HELP twice: ${line}`);
      helps.set(name, unescaped(rest, /\\[\s\S]?/g));
    } else if (word === "TYPE") {
      if (families.has(name) || !namePattern.test(name)) throw new Error(`not a family, or one told before: ${line}`);
      if (!/^(?:counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`not a type: ${line}`);
      families.set(name, { type: rest, help: helps.get(name) ?? "", samples: [] });
      current = name;
    } else {
      const sample = parseSample(line);
      const family = families.get(current);
      if (!family || (sample.name !== current && sample.name.replace(suffixes, "") !== current))
        throw new Error(`not under its TYPE: ${line}`);
      const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(identity)) throw new Error(`twice: ${line}`);
      seen.add(identity);
      family.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  const [, name = "", , inBraces, number = ""] = /^([^{\s]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!namePattern.test(name) || !numberPattern.test(number)) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = inBraces ?? "";
  while (rest !== "") {
    const [all, label, value = ""] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/.exec(rest) ?? [];
    if (all === undefined || label === undefined || label in labels) throw new Error(`not labels: ${line}`);
    labels[label] = unescaped(value, /\\.?/g);
    rest = rest.slice(all.length);
  }
  const value = Number(number.replace(/inf$/i, "Infinity"));
  return { name, labels, value };
}

function unescaped(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found) => {
    const meant = escapes[found];
    if (meant === undefined) throw new Error(`not an escape: ${found} in ${text}`);
    return meant;
  });
}
