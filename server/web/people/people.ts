import { join } from "node:path";
import type { Logger } from "pino";
import { Audit } from "./audit.ts";
import { sessionCookie } from "./auth.ts";
import { PeopleDatabase } from "./database.ts";
import { Sessions } from "./sessions.ts";
import { SetupLink } from "./setup-link.ts";
import { Tokens } from "./tokens.ts";
import { Tries } from "./tries.ts";
import { Users } from "./users.ts";

/** Everything that web knows of people and programs, on web.sqlite in its state folder. */
export interface People {
  audit: Audit;
  sessions: Sessions;
  users: Users;
  tokens: Tokens;
  setupLink: SetupLink;
  /** failed tries with tokens and set-up links; those with passwords are counted by `sessions` */
  secretTries: Tries;
  /** a Set-Cookie that makes the browser forget the session */
  forgetCookie: string;
  close: () => Promise<void>;
}

/**
 * @param folder web's own state folder
 * @param secure browsers reach us over TLS
 * @param nowMs milliseconds since the epoch
 */
export function openPeople(
  folder: string,
  secure: boolean,
  log: Pick<Logger, "error" | "info">,
  nowMs: () => number = Date.now,
): People {
  const database = new PeopleDatabase(folder, secure, log);
  const audit = new Audit(database, log, undefined, nowMs);
  const sessions = new Sessions(database, audit, new Tries(), nowMs);
  return {
    audit,
    sessions,
    users: new Users(database, sessions, audit, nowMs),
    tokens: new Tokens(database, audit, nowMs),
    setupLink: new SetupLink(join(folder, "setup-link")),
    secretTries: new Tries(),
    forgetCookie: `${sessionCookie(secure)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`,
    close: async () => {
      sessions.watch.close();
      await database.close();
    },
  };
}
