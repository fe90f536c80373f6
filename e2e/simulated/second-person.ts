import type { Browser } from "@playwright/test";
import { ServicesPage } from "../pages/services-page.ts";
import { expect } from "./product-fixture.ts";

/** The list in another browser of someone else, for as long as `work` takes. An error on its page fails the test too. */
export async function withSecondPerson(
  browser: Browser,
  baseURL: string,
  query: string,
  work: (services: ServicesPage) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ baseURL });
  const errors: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  await work(await ServicesPage.open(page, query));
  await context.close();
  expect(errors).toEqual([]);
}
