import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newTokenSchema } from "#domain/people";
import { host, refused, type TestPeople, testPeople } from "./people-fixture.ts";

let at: TestPeople;
beforeEach(() => {
  at = testPeople();
});
afterEach(() => at.close());

const day = 86_400_000;
const add = (name: string, role: "viewer" | "operator" | "admin" = "viewer", days: number | null = null) =>
  at.people.tokens.add({ name, role, days }, host);

describe("tokens", () => {
  test("are shown once and kept as a hash", async () => {
    const { row, token } = await add("prometheus");
    expect(token).toMatch(/^ipvsc_[\w-]{43}$/);
    const secret = token.slice("ipvsc_".length);
    for (const file of readdirSync(at.folder)) {
      const bytes = readFileSync(join(at.folder, file));
      for (const form of [secret, Buffer.from(secret, "base64url"), Buffer.from(secret, "base64url").toString("hex")])
        expect(bytes.includes(form), file).toBe(false);
    }
    expect(await at.people.tokens.list()).toEqual([row]);
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  test("are somebody with a role, who is not a person", async () => {
    const { row, token } = await add("deploy", "operator");
    expect(await at.people.tokens.who(token, "192.0.2.7")).toEqual({
      kind: "token",
      name: "deploy",
      role: "operator",
      tokenId: row.id,
    });
  });

  test("say when and from where they were used last, written at most once a minute", async () => {
    const { token } = await add("deploy");
    const used = async () => {
      const [row] = await at.people.tokens.list();
      return [row?.usedAtMs ?? 0, row?.usedFrom] as const;
    };
    expect(await used()).toEqual([0, null]);
    await at.people.tokens.who(token, "192.0.2.7");
    const [first] = await used();
    expect(first).toBeGreaterThan(Date.now() - 5000);
    at.pass(59_000);
    await at.people.tokens.who(token, "192.0.2.7");
    expect(await used()).toEqual([first, "192.0.2.7"]);
    await at.people.tokens.who(token, "192.0.2.8");
    expect((await used())[1]).toBe("192.0.2.8");
    at.pass(61_000);
    await at.people.tokens.who(token, "192.0.2.8");
    expect((await used())[0] - first).toBeGreaterThanOrEqual(120_000);
  });

  test("end with their last day", async () => {
    const { row, token } = await add("guest", "viewer", 2);
    expect((row.endsAtMs ?? 0) - row.createdAtMs).toBe(2 * day);
    at.pass(2 * day - 5000);
    expect(await at.people.tokens.who(token, "")).not.toBeNull();
    at.pass(5001);
    expect(await at.people.tokens.who(token, "")).toBeNull();
    // Listed still: who made it sees why it does not work any more.
    expect(await at.people.tokens.list()).toHaveLength(1);
  });

  test("are nobody's once revoked, by number or by name", async () => {
    const [one, other] = [await add("one"), await add("other")];
    await at.people.tokens.revoke(one.row.id, host);
    await at.people.tokens.revoke("other", host);
    expect(await at.people.tokens.who(one.token, "")).toBeNull();
    expect(await at.people.tokens.who(other.token, "")).toBeNull();
    expect(await refused(at.people.tokens.revoke("other", host))).toMatchObject({ code: "NO_SUCH_TOKEN" });
  });

  test("a name that is another's number revokes the one with that number", async () => {
    const wanted = await add("wanted");
    const impostor = await add(wanted.row.id);
    await at.people.tokens.revoke(wanted.row.id, host);
    expect(await at.people.tokens.who(wanted.token, "")).toBeNull();
    expect(await at.people.tokens.who(impostor.token, "")).not.toBeNull();
  });

  test("a name is there once, also when two ask at once, and is free again afterwards", async () => {
    const both = await Promise.allSettled([add("twice"), add("twice")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")?.reason.shape).toEqual({
      code: "TOKEN_EXISTS",
      params: { name: "twice" },
      field: "name",
    });
    await at.people.tokens.revoke("twice", host);
    await add("twice");
  });

  test("what is no token is nobody's and fails nothing", async () => {
    const { token } = await add("real");
    const garbage = [
      "",
      "ipvsc_",
      token.slice(0, -1),
      `${token}x`,
      ` ${token}`,
      token.toUpperCase(),
      token.replace("ipvsc_", ""),
      "ipvsc_' OR '1'='1",
      "ipvsc_\0",
      "ipvsc_é",
      `ipvsc_${"A".repeat(100_000)}`,
      "__proto__",
    ];
    for (const text of garbage) expect(await at.people.tokens.who(text, "192.0.2.7")).toBeNull();
    expect(await at.people.tokens.who(token, "x".repeat(1000))).not.toBeNull();
    expect(at.logged()).toBe("");
  });

  test("are read where the file cannot be written, and their use is not", async () => {
    const { token } = await add("scrape");
    at.raw().exec("CREATE TRIGGER full BEFORE UPDATE ON api_token BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    expect(await at.people.tokens.who(token, "192.0.2.7")).toMatchObject({ name: "scrape" });
    expect((await at.people.tokens.list())[0]?.usedAtMs).toBeNull();
  });
});

describe("what is asked for a token", () => {
  test.each([
    [{ name: " Prometheus 1 ", role: "viewer", days: null }, "Prometheus 1"],
    [{ name: "a:b_c-d.e", role: "admin", days: 3650 }, "a:b_c-d.e"],
  ])("%j", (given, name) => expect(newTokenSchema.parse(given).name).toBe(name));

  test.each([
    { name: "", role: "viewer", days: 1 },
    { name: "-x", role: "viewer", days: 1 },
    { name: "x\ny", role: "viewer", days: 1 },
    { name: "=1+1", role: "viewer", days: 1 },
    { name: "x".repeat(65), role: "viewer", days: 1 },
    { name: "x", role: "root", days: 1 },
    { name: "x", role: "anyone", days: 1 },
    { name: "x", role: "viewer", days: 0 },
    { name: "x", role: "viewer", days: 1.5 },
    { name: "x", role: "viewer", days: 3651 },
    { name: "x", role: "viewer", days: Number.NaN },
    { name: "x", role: "viewer", days: "1" },
    { name: "x", role: "viewer" },
    { name: ["x"], role: "viewer", days: 1 },
  ])("not %j", (given) => expect(newTokenSchema.safeParse(given).success).toBe(false));
});
