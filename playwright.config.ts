import { defineConfig } from "@playwright/test";

const chromium = {
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
};

/** simulated: the product on this host, two for each worker by turns. kernel: the product in the guest of the lab. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  fullyParallel: false,
  forbidOnly: true,
  // Who needs it is named as flaky in the summary of `npm test`, and is a bug.
  retries: 1,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    actionTimeout: 15_000,
    viewport: { width: 1440, height: 900 },
    launchOptions: chromium,
    // Pictures of every moment cost a tenth of the time; the document of every moment is kept all the same.
    trace: { mode: "retain-on-failure", screenshots: false },
    timezoneId: "Asia/Kathmandu",
  },
  projects: [
    { name: "simulated", testDir: "e2e/simulated", outputDir: ".cache/test/playwright/simulated" },
    { name: "kernel", testDir: "e2e/kernel", outputDir: ".cache/test/playwright/kernel", workers: 1, timeout: 180_000 },
  ],
});
