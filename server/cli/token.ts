import { newTokenSchema } from "#domain/people";
import { problemsOf } from "#domain/problem";
import { ConfigError } from "../config.ts";
import { commandLineDoer } from "../web/people/actor.ts";
import { refusalSentence } from "../words.ts";
import { columns, day } from "./columns.ts";
import { readFlags } from "./flags.ts";
import { peopleFlags, withPeople } from "./people-here.ts";

const usage = `usage: ipvs-console token create --name NAME --role viewer|operator|admin [--days N]
       ipvs-console token list [--json]
       ipvs-console token revoke NAME

Bearer tokens for programs: GET /metrics, /api/v1/… . A token is printed once, when it is made.

  --name NAME      what it is for; it can be revoked by it
  --role ROLE      what it may do: viewer reads, operator changes the table, admin does all
  --days N         it ends after so many days (default: when it is revoked)
  --json           the list as JSON
  --state-dir DIR  the state folder of the console (STATE_DIR); the usual one is known

Run it as root or as web's own user. Exit code 1: it was not done; 2: wrong usage.
`;

const options = {
  ...peopleFlags,
  name: { type: "string" },
  role: { type: "string" },
  days: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `ipvs-console token …`. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const { values, positionals } = readFlags({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [what, ...words] = positionals;
  if (words.length !== (what === "revoke" ? 1 : 0)) throw new ConfigError(wrongUsage(what));
  if (what === "create") {
    const days = values.days === undefined ? null : Number(values.days);
    const parsed = newTokenSchema.safeParse({ name: values.name, role: values.role, days });
    if (!parsed.success) throw new ConfigError(wrongFlag(parsed.error));
    return withPeople("token", values["state-dir"], env, async (people) => {
      const { token } = await people.tokens.add(parsed.data, commandLineDoer);
      process.stdout.write(`${token}\n`);
      process.stderr.write("This is the only time that it is shown.\n");
    });
  }
  if (what === "list") {
    return withPeople("token", values["state-dir"], env, async (people) => {
      const rows = await people.tokens.list();
      if (values.json) return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      const head = ["NAME", "ROLE", "MADE", "BY", "LAST USED", "FROM", "ENDS"];
      const lines = rows.map((row) => [
        row.name,
        row.role,
        day(row.createdAtMs),
        row.createdBy,
        day(row.usedAtMs, "never"),
        row.usedFrom ?? "",
        day(row.endsAtMs, "never"),
      ]);
      process.stdout.write(columns([head, ...lines]));
    });
  }
  if (what === "revoke") {
    return withPeople("token", values["state-dir"], env, (people) =>
      people.tokens.revoke(words[0] ?? "", commandLineDoer),
    );
  }
  throw new ConfigError(wrongUsage(what));
}

const wrongUsage = (what: string | undefined) =>
  what === undefined ? "It needs a word: create, list or revoke." : `"token ${what}" is not written like this.`;

function wrongFlag(error: Parameters<typeof problemsOf>[0]): string {
  const [problem] = problemsOf(error);
  const flag = String(problem?.path[0] ?? "");
  if (flag === "role") return "--role must be viewer, operator or admin.";
  if (flag === "days") return "--days must be a whole number from 1 to 3650.";
  return `--${flag}: ${refusalSentence({ code: "INVALID", params: {}, problems: problem ? [problem] : [] })}`;
}
