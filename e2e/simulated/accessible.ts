import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./product-fixture.ts";

/** axe finds nothing wrong with what the page shows now. */
export async function expectAccessible(page: Page, where: string, exceptRules: string[] = []): Promise<void> {
  await test.step(`axe: ${where}`, async () => {
    // One that fades away has the contrast of whatever moment it is looked at.
    await page.locator("[data-sonner-toast]").first().waitFor({ state: "detached" });
    const { violations, passes } = await new AxeBuilder({ page }).disableRules(exceptRules).analyze();
    const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html}`));
    expect(found, where).toEqual([]);
    expect(passes.length).toBeGreaterThan(10);
  });
}
