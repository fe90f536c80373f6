import { test as base, expect } from "@playwright/test";
import type { Role } from "#domain/people";
import { firstAdmin, type Person } from "../people.ts";
import { lend } from "../session.ts";
import { ProductPool } from "./product-pool.ts";
import { type ProductOptions, SimulatedProduct } from "./simulated-product.ts";

export type Product = SimulatedProduct;

interface Options extends ProductOptions {
  /** of whoever sits at the browser */
  role: Role;
  /** false: the browser has no session */
  loggedIn: boolean;
  /** true: with a web process that nobody has asked anything yet, for who counts tries and refusals */
  newWeb: boolean;
}

interface Fixtures {
  product: Product;
  /** who sits at the browser, logged in or not */
  visitor: Person;
  pageErrors: string[];
}

/** A product as if new for each test: every test finds the same table and the same people, whatever the others did to theirs. */
export const test = base.extend<Options & Fixtures, { pool: ProductPool }>({
  table: ["", { option: true }],
  simulation: [{}, { option: true }],
  role: ["admin", { option: true }],
  loggedIn: [true, { option: true }],
  setUp: [true, { option: true }],
  tls: [false, { option: true }],
  newWeb: [false, { option: true }],
  ignoreHTTPSErrors: async ({ tls }, use) => use(tls),
  pool: [
    async ({ browserName: _any }, use) => {
      const pool = new ProductPool();
      await use(pool);
      await pool.close();
    },
    { scope: "worker" },
  ],
  product: async ({ pool, table, simulation, tls, setUp, newWeb }, use) => {
    if (tls || newWeb || !setUp || Object.keys(simulation).length > 0) {
      const product = await SimulatedProduct.start({ table, simulation, tls, setUp });
      await use(product);
      await product.stop();
    } else {
      const product = await pool.take(table);
      await use(product);
      pool.giveBack(product);
    }
  },
  baseURL: async ({ product }, use) => use(product.url),
  visitor: async ({ product, role, setUp: isSetUp }, use) =>
    use(role === "admin" || !isSetUp ? firstAdmin : await product.people.add(role, `the-${role}`)),
  context: async ({ context, product, visitor, loggedIn, setUp: isSetUp }, use) => {
    // The admin at the browser has a session of their own, apart from the one that a test makes users with.
    if (loggedIn && isSetUp) await lend(context, await product.people.logIn(visitor));
    await use(context);
  },
  /** An error on any page, or words that a page does not have, fail the test that met it. */
  pageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (/MISSING_MESSAGE|FORMATTING_ERROR/.test(message.text())) errors.push(message.text());
      });
      await use(errors);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
