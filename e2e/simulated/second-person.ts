import type { Browser } from "@playwright/test";
import type { Role } from "#domain/people";
import { ServicesPage } from "../pages/services-page.ts";
import { lend } from "../session.ts";
import { expect, type Product } from "./product-fixture.ts";

/** The list in another browser of someone else, for as long as `work` takes. An error on its page fails the test too. */
export async function withSecondPerson(
  browser: Browser,
  { url, people }: Product,
  query: string,
  work: (services: ServicesPage) => Promise<void>,
  role: Role = "operator",
): Promise<void> {
  const context = await browser.newContext({ baseURL: url });
  await lend(context, await people.logIn(await people.add(role)));
  const errors: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  await work(await ServicesPage.open(page, query));
  await context.close();
  expect(errors).toEqual([]);
}
