import { APIError } from "better-auth/api";
import type { Kysely } from "kysely";
import { PeopleError } from "#domain/errors";
import type { WebTables } from "../../store/web-store.ts";
import { addressHeader } from "./auth.ts";
import type { OpenDatabase } from "./database.ts";

/** Where a call came from: what the browser sent and what we know of it. */
export interface Caller {
  /** canonical address */
  from: string;
  cookie: string;
  agent: string;
}

/**
 * Compares name and password and makes a session with its cookie, by better-auth. Throws WRONG_CREDENTIALS,
 * USER_DISABLED.
 *
 * Comparing takes a while. Who sets another password meanwhile, or disables the user, ends the sessions that there are:
 * what was made of the former state ends here.
 */
export async function signIn(
  { auth, database }: OpenDatabase,
  name: string,
  password: string,
  caller: Caller,
): Promise<{ token: string; cookies: string[] }> {
  const before = await credentialOf(database, name);
  const made = await makeSession(auth, name, password, caller);
  const now = await credentialOf(database, name);
  if (now && !now.disabled && now.password === before?.password) return made;
  await database.deleteFrom("session").where("token", "=", made.token).execute();
  throw new PeopleError(now?.disabled ? "USER_DISABLED" : "WRONG_CREDENTIALS");
}

async function makeSession(auth: OpenDatabase["auth"], name: string, password: string, { agent, from }: Caller) {
  try {
    const { headers, response } = await auth.api.signInUsername({
      body: { username: name, password },
      headers: new Headers({ "user-agent": headerText(agent), [addressHeader]: from }),
      returnHeaders: true,
    });
    return { token: response.token, cookies: headers.getSetCookie() };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    if (error.body?.code === "USER_DISABLED") throw new PeopleError("USER_DISABLED");
    if (["UNAUTHORIZED", "UNPROCESSABLE_ENTITY"].includes(String(error.status))) {
      throw new PeopleError("WRONG_CREDENTIALS");
    }
    throw error;
  }
}

function credentialOf(database: Kysely<WebTables>, name: string) {
  return database
    .selectFrom("user")
    .innerJoin("account", "account.userId", "user.id")
    .select(["disabled", "account.password"])
    .where("username", "=", name)
    .where("providerId", "=", "credential")
    .executeTakeFirst();
}

/** A header holds no other characters; what a browser calls itself has none either. */
const headerText = (text: string) => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 300);
