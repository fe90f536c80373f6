import { join } from "node:path";
import { defineConfig } from "vitest/config";

const guestOut = process.env.GUEST_OUT;

/** Minutes each, so `npm run test:long` alone has them. */
const longGuestTests = ["**/batch.guest.test.ts", "**/rules-tables.guest.test.ts"];

/**
 * unit: plain Node. unit-dom: components in happy-dom. product: the whole product as processes, on built pages. guest: on the host, the
 * guest's own runner. kernel: runs inside the real-kernel guest only, where the checkout is read-only, there is one CPU and a
 * process start takes a second: one worker for all files, generous limits.
 */
export default defineConfig({
  ...(guestOut === undefined ? {} : { cacheDir: join(process.env.TMPDIR ?? "/tmp", "vite") }),
  test: {
    fsModuleCache: guestOut === undefined,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{domain,server,components,app,scripts,e2e}/**/*.test.ts", "{scripts,e2e}/**/*.test.mjs"],
          exclude: ["**/*.guest.test.ts", "**/*.host.test.mjs", "**/*.product.test.ts"],
          environment: "node",
          // Some start processes or hash passwords, beside as many others as there are processors.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "unit-dom",
          include: ["{components,app}/**/*.test.tsx"],
          environment: "happy-dom",
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "product",
          include: ["e2e/*.product.test.ts"],
          environment: "node",
          maxWorkers: 1,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "guest",
          include: ["e2e/kernel/**/*.host.test.mjs"],
          environment: "node",
          maxWorkers: 1,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "kernel",
          include: guestOut === undefined ? [] : ["{e2e/kernel,server}/**/*.guest.test.ts"],
          exclude: process.env.TEST_LONG === undefined ? longGuestTests : [],
          environment: "node",
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
