import { defineConfig } from "@playwright/test";

const chromium = {
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
};

/** simulated: the product on this host, one for each worker. kernel: the product in the guest of the lab. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  outputDir: ".cache/test/playwright",
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: chromium,
    trace: "retain-on-failure",
    timezoneId: "Asia/Kathmandu",
  },
  projects: [
    { name: "simulated", testDir: "e2e/simulated" },
    { name: "kernel", testDir: "e2e/kernel", workers: 1, timeout: 180_000 },
  ],
});
