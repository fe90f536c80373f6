import type { Page } from "@playwright/test";

/** Everything that the browser holds against this page, from here on: what it reports to the page and what it prints. */
export async function watchPolicy(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction("reportViolation", (text: string) => violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber, sample } = event;
      const report = Reflect.get(window, "reportViolation") as (text: string) => void;
      report([violatedDirective, blockedURI, sourceFile, lineNumber, sample].join(" "));
    });
  });
  page.on("console", (message) => {
    if (/content.security.policy|refused to/i.test(message.text())) violations.push(message.text());
  });
  return violations;
}
