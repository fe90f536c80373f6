import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import { formatRecord } from "#domain/rules/record";
import { RemoteDirector } from "#server/director/remote";
import { type RunningProcess, startProcess } from "../product.ts";

/** The product on its simulated director, with its two processes in reach. */
export interface Product {
  url: string;
  director: RunningProcess;
  /** kill -9, as a crash or the kernel's out-of-memory killer does */
  killDirector(): Promise<void>;
  startDirector(): Promise<void>;
  /** the whole table as ipvsadm text, a line each, asked of the director itself and not of the page under test */
  rules(): Promise<string[]>;
}

interface Options {
  /** SERVICESxSERVERS instead of the out-of-the-box table */
  table: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** The two processes; when one of them does not start, the other is not left behind. */
async function both(
  ...starting: [Promise<RunningProcess>, Promise<RunningProcess>]
): Promise<[RunningProcess, RunningProcess]> {
  const started = await Promise.allSettled(starting);
  const [director, web] = started;
  if (director.status === "fulfilled" && web.status === "fulfilled") return [director.value, web.value];
  for (const outcome of started) if (outcome.status === "fulfilled") await outcome.value.stop();
  throw started.find((outcome) => outcome.status === "rejected")?.reason;
}

/** A fresh product for each test: every test finds the same table, whatever the others did to theirs. */
export const test = base.extend<Options & { product: Product; pageErrors: string[] }>({
  table: ["", { option: true }],
  product: async ({ table }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "ipvs-e2e-"));
    const port = await freePort();
    const start = () => startProcess("director", folder, { DIRECTOR: "simulated", SIMULATED_TABLE: table });
    const [director, web] = await both(start(), startProcess("web", folder, { LISTEN: `127.0.0.1:${port}` }));
    const product: Product = {
      url: `http://127.0.0.1:${port}`,
      director,
      killDirector: async () => {
        const ended = new Promise((resolve) => product.director.child.once("exit", resolve));
        product.director.child.kill("SIGKILL");
        await ended;
      },
      startDirector: async () => {
        product.director = await start();
      },
      rules: async () => {
        const remote = new RemoteDirector(join(folder, "run", "director.sock"));
        try {
          return (await remote.table()).flatMap((service) => formatRecord(service).split("\n"));
        } finally {
          await remote.close();
        }
      },
    };
    await use(product);
    await Promise.all([
      web.stop(),
      product.director.child.exitCode === null && product.director.child.signalCode === null
        ? product.director.stop()
        : 0,
    ]);
    rmSync(folder, { recursive: true, force: true });
  },
  baseURL: async ({ product }, use) => use(product.url),
  /** An error on any page fails the test that met it. */
  pageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await use(errors);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
