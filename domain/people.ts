import { z } from "zod";
import { report } from "./problem.ts";
import { type Access, accesses, mayAccess, type Role, roles } from "./roles.ts";

export { type Access, accesses, mayAccess, type Role, roles };

export const roleSchema = z.enum(roles);

/** A session ends this long after the last thing its person did; what a page fetches by itself does not count. */
export const idleMs = 30 * 60_000;
/** A session ends this long after the log-in, whatever was done in it. */
export const longestSessionMs = 12 * 3_600_000;
/** This long after the password was given, what changes people or empties the table asks for it again. */
export const provedMs = 10 * 60_000;
/** The link that makes the first admin can be used this long. */
export const setupLinkMs = 15 * 60_000;

export const shortestPassword = 12;
export const longestPassword = 256;
/** How many different characters a password has at least: twelve times the same one is none. */
export const fewestCharacters = 4;
export const longestName = 32;

/**
 * The name somebody logs in with: lower case, since nobody remembers which letter was large. Letters, digits, dot, dash
 * and underline, so that it can be written on every keyboard and in every log.
 */
export const userNameSchema = z.string().transform((text, ctx) => {
  const name = text.trim().toLowerCase();
  if (name === "") return report(ctx, "REQUIRED");
  if (!/^[a-z][a-z0-9._-]{0,31}$/.test(name)) return report(ctx, "USER_NAME_INVALID", { max: longestName });
  return name;
});

/** Which rules a new password keeps, for a page that ticks them off as one types. */
export function passwordRules(text: string): { long: boolean; varied: boolean } {
  const characters = [...text.normalize("NFKC")];
  return { long: characters.length >= shortestPassword, varied: new Set(characters).size >= fewestCharacters };
}

/** A new password. Composed (NFKC), since keyboards and systems write the same Korean or accented letter in two ways. */
export const newPasswordSchema = z.string().transform((text, ctx) => {
  const password = text.normalize("NFKC");
  const { long, varied } = passwordRules(password);
  if (!long) return report(ctx, "PASSWORD_TOO_SHORT", { min: shortestPassword });
  if ([...password].length > longestPassword) return report(ctx, "PASSWORD_TOO_LONG", { max: longestPassword });
  if (!varied) return report(ctx, "PASSWORD_TOO_PLAIN");
  return password;
});

/** A password to be compared: any text that could be one. */
export const passwordSchema = z
  .string()
  .min(1)
  .max(4 * longestPassword)
  .transform((text) => text.normalize("NFKC"));

export const tokenNameSchema = z.string().transform((text, ctx) => {
  const name = text.trim();
  if (name === "") return report(ctx, "REQUIRED");
  if (!/^[A-Za-z0-9][A-Za-z0-9 ._:-]{0,63}$/.test(name)) return report(ctx, "TOKEN_NAME_INVALID", { max: 64 });
  return name;
});

/** Days until a token ends; null: when it is revoked. */
export const tokenDaysSchema = z.number().int().min(1).max(3650).nullable();

/** Any text stands for a user's or a token's number; one that does not exist is answered as such. */
export const idSchema = z.string().min(1).max(100);

export const logInSchema = z.object({ name: z.string().min(1).max(200), password: passwordSchema });
export const setUpSchema = z.object({
  /** from the link that the console printed */
  token: z.string().max(200),
  name: userNameSchema,
  password: newPasswordSchema,
});
export const newUserSchema = z.object({ name: userNameSchema, role: roleSchema, password: newPasswordSchema });
export const newTokenSchema = z.object({ name: tokenNameSchema, role: roleSchema, days: tokenDaysSchema });
export const ownPasswordSchema = z.object({ current: passwordSchema, next: newPasswordSchema });

/** Who a page is shown to. Times on the server's clock, in milliseconds since the epoch. */
export interface Me {
  name: string;
  role: Role;
  userId: string;
  sessionId: string;
  /** the session ends then unless something is done before */
  idleEndsAtMs: number;
  /** the session ends then */
  endsAtMs: number;
  /** until then nothing asks for the password again */
  provedUntilMs: number;
}

export interface UserRow {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
  createdAtMs: number;
  /** null: never */
  loggedInAtMs: number | null;
  /** sessions open now */
  sessions: number;
}

export interface SessionRow {
  id: string;
  /** the one that asks */
  current: boolean;
  startedAtMs: number;
  activeAtMs: number;
  /** address */
  from: string;
  /** what the browser calls itself */
  agent: string;
}

export interface TokenRow {
  id: string;
  name: string;
  role: Role;
  createdAtMs: number;
  /** the user's name, or "command line" */
  createdBy: string;
  usedAtMs: number | null;
  usedFrom: string | null;
  /** null: never */
  endsAtMs: number | null;
}

/** Why a session is over, for the page that still stands open. */
export const sessionEnds = ["idle", "expired", "logged-out", "ended", "disabled", "role", "password"] as const;
export type SessionEnd = (typeof sessionEnds)[number];
