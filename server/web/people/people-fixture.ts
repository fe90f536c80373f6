import { randomBytes, scryptSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pino, { type Logger } from "pino";
import { CodedError, type ErrorShape } from "#domain/errors";
import type { Role } from "#domain/people";
import type { Actor, Doer } from "./actor.ts";
import { openPeople, type People } from "./people.ts";
import type { Caller } from "./sign-in.ts";

export type Person = Extract<Actor, { kind: "user" }>;

export const password = "correct horse battery";
export const host: Doer = { kind: "command-line", name: "command line", from: "" };

/** A hash that costs next to nothing, in the form that passwords.ts reads. */
export async function cheapHash(text: string): Promise<string> {
  const salt = randomBytes(16);
  const key = scryptSync(text, salt, 32, { N: 2, r: 1, p: 1 });
  return ["scrypt", 2, 1, 1, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** People in a folder of their own, with a clock that a test moves and a log that it reads. */
export interface TestPeople {
  people: People;
  folder: string;
  file: string;
  log: Logger;
  logged: () => string;
  /** moves the clock of limits; better-auth's own stands where the wall's does */
  pass: (ms: number) => void;
  /** a connection as another program would open it */
  raw: () => DatabaseSync;
  addUser: (name: string, role?: Role) => Promise<string>;
  /** the cookie that a browser would send then */
  logIn: (name: string, from?: string) => Promise<string>;
  who: (cookie: string) => Promise<Person>;
  close: () => Promise<void>;
}

export function testPeople(folder = mkdtempSync(join(tmpdir(), "people-")), secure = false): TestPeople {
  let passedMs = 0;
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const people = openPeople(folder, secure, log, () => Date.now() + passedMs);
  const file = join(folder, "web.sqlite");
  const opened: DatabaseSync[] = [];
  return {
    people,
    folder,
    file,
    log,
    logged: () => lines.join(""),
    pass: (ms) => {
      passedMs += ms;
    },
    raw: () => {
      const connection = new DatabaseSync(file, { timeout: 5000 });
      opened.push(connection);
      return connection;
    },
    addUser: async (name, role = "viewer") => (await people.users.add({ name, role, password }, host)).id,
    logIn: async (name, from = "192.0.2.7") =>
      cookieOf((await people.sessions.logIn(name, password, caller({ from }))).cookies),
    who: async (cookie) => {
      const actor = await people.sessions.who(cookie);
      if (!actor) throw new Error("the cookie is nobody's");
      return actor;
    },
    close: async () => {
      for (const connection of opened) connection.close();
      await people.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function caller({ from = "192.0.2.7", cookie = "", agent = "a browser" }: Partial<Caller> = {}): Caller {
  return { from, cookie, agent };
}

/** What a browser sends back of Set-Cookie lines: names and values. */
export function cookieOf(cookies: readonly string[]): string {
  return cookies.map((line) => line.split(";", 1)[0]).join("; ");
}

/** The refusal that `promise` ends in; an error when it does not, or when what it throws has no code of the closed set. */
export async function refused(promise: Promise<unknown>): Promise<ErrorShape> {
  const answer = await promise.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  if (!("thrown" in answer)) throw new Error(`was not refused, but answered ${JSON.stringify(answer.value)}`);
  const { thrown } = answer;
  if (!(thrown instanceof CodedError)) throw thrown;
  return thrown.shape;
}
