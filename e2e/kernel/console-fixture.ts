import { type Browser, test as base, chromium } from "@playwright/test";
import { ConsoleClient } from "../console-client.ts";
import { People, setUp } from "../people.ts";
import { lend } from "../session.ts";
import { ConsolePage } from "./console-page.ts";
import { type Lab, startLab } from "./start-lab.mjs";

interface Options {
  /** words that start the product in the guest instead of the two services */
  product: string[] | null;
}

/**
 * A browser and the product on one network of their own: the director in a guest with a real IPVS kernel, as a user with one capability,
 * real servers behind it, and web as a user with none. At the browser sits an operator.
 */
export const test = base.extend<{ console: ConsolePage }, Options & { lab: Lab; people: People; inside: Browser }>({
  product: [null, { option: true, scope: "worker" }],
  lab: [
    async ({ product }, use) => {
      const lab = await startLab({ product, timeoutSeconds: 500 });
      await use(lab);
      await lab.close();
    },
    { scope: "worker", timeout: 150_000 },
  ],
  people: [
    async ({ lab }, use) => {
      const admin = new ConsoleClient(lab.url, "", lab.webSocket);
      await setUp(admin, lab.url + (await lab.linkPath()));
      await use(new People(admin));
    },
    { scope: "worker", timeout: 60_000 },
  ],
  inside: [
    async ({ lab }, use) => {
      const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
      const browser = await chromium.launch({ executablePath: lab.programInside("/usr/bin/chromium"), args });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  console: async ({ inside, lab, people }, use) => {
    const page = await inside.newPage({ viewport: { width: 1440, height: 900 } });
    await lend(page.context(), await people.logIn(await people.add("operator")));
    await use(new ConsolePage(page, lab));
    await page.close();
  },
});
