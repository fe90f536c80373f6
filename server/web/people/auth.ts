import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import { username } from "better-auth/plugins/username";
import type { Kysely } from "kysely";
import { longestName, longestSessionMs } from "#domain/people";
import type { WebTables } from "../../store/web-store.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** The header in which we tell better-auth the address, since only we know which proxies are trusted. */
export const addressHeader = "x-console-address";

export interface AuthSettings {
  /** signs the session cookie */
  secret: string;
  /** browsers reach us over TLS, ours or a proxy's: the cookie is Secure and its name says so */
  secure: boolean;
}

export const sessionCookie = (secure: boolean) => (secure ? "__Host-ipvs-session" : "ipvs-session");

function optionsOf(database: Kysely<WebTables>, { secret, secure }: AuthSettings) {
  return {
    database: { db: database as Kysely<unknown>, type: "sqlite" as const },
    secret,
    // Its own routes are never served: sessions are made and ended by procedures of ours, each with its access stated.
    baseURL: "http://127.0.0.1",
    telemetry: { enabled: false },
    // Tries are counted by us, where its limits do not reach (calls from the server) and for tokens too.
    rateLimit: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      additionalFields: {
        role: { type: "string" as const, required: true, input: false },
        disabled: { type: "boolean" as const, required: true, input: false, defaultValue: false },
        loggedInAt: { type: "number" as const, bigint: true, required: false, input: false },
      },
    },
    session: {
      expiresIn: longestSessionMs / 1000,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      additionalFields: {
        activeAt: {
          type: "number" as const,
          bigint: true,
          required: true,
          input: false,
          defaultValue: () => Date.now(),
        },
        provedAt: {
          type: "number" as const,
          bigint: true,
          required: true,
          input: false,
          defaultValue: () => Date.now(),
        },
      },
    },
    databaseHooks: {
      session: {
        create: {
          // After the password was right and before there is a session: who does not know it learns nothing.
          before: async (session: { userId: string }, context: { headers?: Headers | undefined } | null) => {
            const user = await database
              .selectFrom("user")
              .select("disabled")
              .where("id", "=", session.userId)
              .executeTakeFirst();
            if (!user || user.disabled) throw new APIError("FORBIDDEN", { code: "USER_DISABLED" });
            // Of an IPv6 address better-auth would keep the /64 only, and whose session it is could not be told by it.
            return { data: { ...session, ipAddress: context?.headers?.get(addressHeader) ?? "" } };
          },
        },
      },
    },
    plugins: [username({ minUsernameLength: 1, maxUsernameLength: longestName, usernameValidator: isUserName })],
    advanced: {
      cookiePrefix: "ipvs",
      cookies: {
        session_token: {
          name: sessionCookie(secure),
          attributes: { httpOnly: true, sameSite: "strict" as const, path: "/", secure },
        },
      },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
  };
}

const isUserName = (name: string) => /^[a-z][a-z0-9._-]*$/.test(name);

/** better-auth on web.sqlite: users, passwords, sessions and the signed cookie. Brings its tables up to date first. */
export async function createAuth(database: Kysely<WebTables>, settings: AuthSettings) {
  // All or nothing: after a kill on the way it would find its tables and leave out what else belonged to them.
  await database.transaction().execute(async (transaction) => {
    const { runMigrations } = await getMigrations(optionsOf(transaction, settings));
    await runMigrations();
  });
  return betterAuth(optionsOf(database, settings));
}

export type Auth = Awaited<ReturnType<typeof createAuth>>;
