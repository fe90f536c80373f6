import { roleSchema, type UserRow, userNameSchema } from "#domain/people";
import { problemsOf } from "#domain/problem";
import { ConfigError } from "../config.ts";
import { commandLineDoer } from "../web/people/actor.ts";
import { refusalSentence } from "../words.ts";
import { columns, day } from "./columns.ts";
import { readFlags } from "./flags.ts";
import { askNewPassword } from "./password.ts";
import { peopleFlags, withPeople } from "./people-here.ts";

const usage = `usage: ipvs-console user add NAME --role viewer|operator|admin [--password-stdin]
       ipvs-console user passwd NAME [--password-stdin]
       ipvs-console user role NAME viewer|operator|admin
       ipvs-console user disable|enable NAME
       ipvs-console user list [--json]

The people who may log in; the way back in for who lost their password.

  --role ROLE       viewer reads, operator changes the table, admin does all
  --password-stdin  the password is the first line of standard input; else it is asked for
  --json            the list as JSON
  --state-dir DIR   the state folder of the console (STATE_DIR); the usual one is known

A new password, role or "disable" ends what is open with the former one. Run it as root or as
web's own user. Exit code 1: it was not done; 2: wrong usage.
`;

const options = {
  ...peopleFlags,
  role: { type: "string" },
  "password-stdin": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** how many words come behind each */
const wordsOf: Record<string, number> = { add: 1, passwd: 1, role: 2, disable: 1, enable: 1, list: 0 };

/** `ipvs-console user …`. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const { values, positionals } = readFlags({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [what = "", name = "", role = ""] = positionals;
  if (!Object.hasOwn(wordsOf, what)) throw new ConfigError(`It needs a word: ${Object.keys(wordsOf).join(", ")}.`);
  if (positionals.length - 1 !== wordsOf[what]) throw new ConfigError(`"user ${what}" takes ${wordsOf[what]} more.`);
  const withUsers = (work: Parameters<typeof withPeople>[3]) => withPeople("user", values["state-dir"], env, work);
  const fromStdin = values["password-stdin"] === true;

  if (what === "list") return withUsers(async (people) => print(await people.users.list(), values.json === true));
  if (what === "add") {
    const user = { name: checkedName(name), role: checkedRole(values.role), password: await askNewPassword(fromStdin) };
    return withUsers(async ({ users }) => void (await users.add(user, commandLineDoer)));
  }
  if (what === "passwd") {
    const password = await askNewPassword(fromStdin);
    return withUsers(({ users }) => users.setPassword(name.toLowerCase(), password, commandLineDoer));
  }
  if (what === "role") {
    const next = checkedRole(role);
    return withUsers(({ users }) => users.setRole(name.toLowerCase(), next, commandLineDoer));
  }
  return withUsers(({ users }) => users.setDisabled(name.toLowerCase(), what === "disable", commandLineDoer));
}

function print(rows: UserRow[], json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  const lines = rows.map((row) => [
    row.name,
    row.role,
    row.disabled ? "disabled" : "",
    day(row.createdAtMs),
    day(row.loggedInAtMs, "never"),
    String(row.sessions),
  ]);
  process.stdout.write(columns([["NAME", "ROLE", "STATE", "MADE", "LAST LOG-IN", "SESSIONS"], ...lines]));
}

function checkedName(text: string): string {
  const parsed = userNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError(refusalSentence({ code: "INVALID", params: {}, problems: problemsOf(parsed.error) }));
}

function checkedRole(text: string | undefined) {
  const parsed = roleSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ConfigError("The role must be viewer, operator or admin.");
}
