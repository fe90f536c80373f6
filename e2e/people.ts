import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Role, UserRow } from "#domain/people";
import type { ConsoleClient } from "./console-client.ts";

/** Somebody who can log in. */
export interface Person {
  name: string;
  role: Role;
  password: string;
}

export const firstAdmin: Person = { name: "ada", role: "admin", password: "analytical engine 1843" };

/** The link that makes the first admin, as web leaves it in its state folder before it says that it listens. */
export function setupLinkIn(stateDir: string): string {
  return readFileSync(join(stateDir, "web", "setup-link"), "utf8").trim();
}

/** Makes the first admin the way the product offers, and is logged in as them then. */
export async function setUp(client: ConsoleClient, link: string, { name, password }: Person = firstAdmin) {
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get("token");
  await client.mutate("session.setUp", { token, name, password });
}

/** The people of one console, as its first admin sees them. */
export class People {
  readonly admin: ConsoleClient;
  #made = 0;

  /** @param admin a client that is logged in as an admin */
  constructor(admin: ConsoleClient) {
    this.admin = admin;
  }

  /** A new user, with a name and a password of their own. */
  async add(role: Role, name = `${role}-${++this.#made}`): Promise<Person & { id: string }> {
    const person = { name, role, password: `${name} has a long password` };
    const { id } = await this.admin.mutate<UserRow>("people.add", person);
    return { ...person, id };
  }

  /** A client of its own with a new session of that person. */
  async logIn({ name, password }: Pick<Person, "name" | "password">): Promise<ConsoleClient> {
    const client = this.admin.anew();
    await client.mutate("session.logIn", { name, password });
    return client;
  }

  async idOf(name: string): Promise<string> {
    const users = await this.admin.query<UserRow[]>("people.users");
    const found = users.find((user) => user.name === name);
    if (!found) throw new Error(`there is no user ${name}`);
    return found.id;
  }
}
