import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./product-fixture.ts";

const colorSchemes = ["light", "dark"] as const;

/** axe finds nothing wrong with what the page shows now, in light and in dark. */
export async function expectAccessible(page: Page, where: string, exceptRules: string[] = []): Promise<void> {
  // However often axe looks in one test: each look has time of its own, on a busy machine too.
  test.setTimeout(test.info().timeout + 10_000);
  // One that fades away has the contrast of whatever moment it is looked at.
  await expect.poll(() => page.evaluate(closeToasts), `toasts before ${where}`).toBe(0);
  const rules = Object.fromEntries(exceptRules.map((rule) => [rule, { enabled: false }]));
  for (const colorScheme of colorSchemes) {
    await test.step(`axe: ${where}, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(settled);
      // No frame of another site is here to be looked into; what passes is counted and need not be described.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ rules, resultTypes: ["violations"] });
      const { violations, passes } = await axe.analyze();
      const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html}`));
      expect(found, `${where}, ${colorScheme}`).toEqual([]);
      expect(passes.length).toBeGreaterThan(10);
    });
  }
}

/** Closes all that the corner says; how many are there still. */
function closeToasts(): number {
  for (const button of document.querySelectorAll<HTMLElement>("[data-sonner-toast] [data-close-button]"))
    button.click();
  return document.querySelectorAll("[data-sonner-toast]").length;
}

/** Once nothing fades any more: as it was drawn last is how it stays. */
function settled(): Promise<unknown> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const ends = () =>
    document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
  return frame().then(() => Promise.allSettled(ends().map((each) => each.finished)));
}
