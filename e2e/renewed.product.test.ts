import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RemoteDirector } from "#server/director/remote";
import { firstAdmin } from "./people.ts";
import { letTimePass } from "./simulated/passing-time.ts";
import { SimulatedProduct } from "./simulated/simulated-product.ts";

let product: SimulatedProduct;
beforeAll(async () => {
  product = await SimulatedProduct.start({ table: "", simulation: {}, tls: false, setUp: true });
}, 60_000);
afterAll(() => product?.stop());

/** All that is kept of people, but for the times of sessions. */
function kept(): Record<string, unknown> {
  const database = new DatabaseSync(join(product.stateDir, "web", "web.sqlite"), { readOnly: true });
  try {
    const rows = (query: string) => database.prepare(query).all();
    const names = rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'session'").map(
      ({ name }) => name,
    );
    return {
      ...Object.fromEntries(names.map((name) => [name, rows(`SELECT * FROM "${name}"`)])),
      sessions: rows("SELECT id, token, userId FROM session"),
      schema: rows("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"),
    };
  } finally {
    database.close();
  }
}

async function revisions(): Promise<number> {
  const remote = new RemoteDirector(join(product.runtimeDir, "director.sock"));
  try {
    return (await remote.revisions({ limit: 100 })).length;
  } finally {
    await remote.close();
  }
}

const secret = () =>
  createHash("sha256")
    .update(readFileSync(join(product.stateDir, "web", "secret")))
    .digest("hex");
const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const service = { kind: "address", protocol: "tcp", address: "203.0.113.66", port: 80 };

test("whatever was done to it, a renewed product is as it was at first", async () => {
  const [people, rules, key] = [kept(), await product.rules(), secret()];
  const webAtFirst = product.people.admin.url;
  await product.people.add("viewer");
  await product.people.admin.mutate("tokens.add", { name: "a program", role: "viewer", days: 1 });
  await product.people.admin.mutate("table.change", { changes: [{ verb: "add-service", service, spec }] });
  letTimePass(product, firstAdmin.name, 11 * 60_000);
  expect(await product.rules()).not.toEqual(rules);
  expect(kept()).not.toEqual(people);

  await product.renew();
  expect(await product.rules()).toEqual(rules);
  expect(await revisions()).toBe(0);
  expect([kept(), secret(), product.people.admin.url]).toEqual([people, key, webAtFirst]);
  // The password counts as given a moment ago, and lines of the audit are guarded as before.
  await product.people.add("admin");
  const database = new DatabaseSync(join(product.stateDir, "web", "web.sqlite"));
  expect(() => database.exec("UPDATE audit SET actor = 'nobody'")).toThrow(/never changed/);
  database.close();
});

test("one that is ready goes on; one whose director was changed late, or has another table, is renewed again", async () => {
  await product.renew();
  const { director } = product;
  await product.rules();
  await product.makeReady("");
  expect(product.director).toBe(director);
  await product.people.admin.mutate("table.change", { changes: [{ verb: "add-service", service, spec }] });
  await product.makeReady("");
  expect(product.director).not.toBe(director);
  await product.killDirector();
  await product.renew();
  expect(await product.rules()).not.toEqual([]);
  await product.makeReady("0x0");
  expect(await product.rules()).toEqual([]);
});
