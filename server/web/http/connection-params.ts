import { type ConnectionQueryInput, connectionQuerySchema } from "#domain/connection";
import { problemsOf } from "#domain/problem";

/** A page as JSON, or all that is held of a read as one file. */
export type ConnectionFormat = "page" | "csv" | "json";

const texts = ["kind", "client", "virtual", "server", "any", "origin"] as const;
const lists = ["protocol", "state"] as const;
const numbers = ["offset", "limit", "groupOffset", "groupLimit", "freshMs", "budgetMs"] as const;
const words = ["group", "sort", "read"] as const;
const switches = ["descending", "goOn"] as const;
const known: readonly string[] = [...texts, ...lists, ...numbers, ...words, ...switches, "format"];

/** Of a file these have no meaning: it has all rows and no groups. */
const ofPages: readonly string[] = ["offset", "limit", "group", "groupOffset", "groupLimit", "goOn"];

/**
 * The query in an address, or a sentence on what is wrong with it. A filter that is not known may have been meant to narrow
 * what comes. Empty ones are as if left out, as the page writes them; lists are divided by commas or given several times.
 */
export function connectionParams(
  params: URLSearchParams,
): { query: ConnectionQueryInput; format: ConnectionFormat } | string {
  const given = new URLSearchParams([...params].filter(([, value]) => value !== ""));
  for (const name of new Set(given.keys())) {
    if (!known.includes(name)) return `There is no ${name}: the address takes ${known.join(", ")}.`;
    const isList = lists.some((list) => list === name);
    if (!isList && given.getAll(name).length > 1) return `${name} is given twice.`;
  }
  const format = given.get("format");
  if (format !== null && format !== "csv" && format !== "json") return "format is csv or json, or left out for a page.";
  const astray = format && ofPages.find((name) => given.has(name));
  if (astray) return `${astray} is for pages: with format=${format} all rows come.`;
  const parsed = connectionQuerySchema.safeParse(valuesOf(given));
  if (parsed.success) return { query: parsed.data, format: format ?? "page" };
  const wrong = problemsOf(parsed.error).map(({ path }) => path.find((part) => known.includes(String(part))));
  return `These do not say what they should: ${[...new Set(wrong)].join(", ")}.`;
}

function valuesOf(given: URLSearchParams): unknown {
  const pick = <Value>(names: readonly string[], value: (name: string) => Value) =>
    Object.fromEntries(names.filter((name) => given.has(name)).map((name) => [name, value(name)]));
  const word = (name: string) => given.get(name) ?? "";
  // What is no number stays as it is, for the schema to refuse.
  const number = (name: string) => (/^\d{1,9}$/.test(word(name)) ? Number(word(name)) : word(name));
  const truth = (name: string) => ({ 1: true, true: true, 0: false, false: false })[word(name)] ?? word(name);
  const filter = {
    ...pick(texts, word),
    ...pick(lists, (name) => given.getAll(name).flatMap((text) => text.split(","))),
  };
  return { filter, ...pick(words, word), ...pick(numbers, number), ...pick(switches, truth) };
}
