import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { Role } from "#domain/people";
import { formatRecord } from "#domain/rules/record";
import { RemoteDirector } from "#server/director/remote";
import { selfSigned } from "#server/web/self-signed-fixture";
import { ConsoleClient } from "../console-client.ts";
import { firstAdmin, People, type Person, setUp, setupLinkIn } from "../people.ts";
import { freePort, productFolder, type RunningProcess, startBoth, startProcess } from "../product.ts";
import { lend } from "../session.ts";

/** The product on its simulated director, with its two processes and its people in reach. */
export interface Product {
  url: string;
  stateDir: string;
  runtimeDir: string;
  director: RunningProcess;
  people: People;
  /** kill -9, as a crash or the kernel's out-of-memory killer does */
  killDirector(): Promise<void>;
  startDirector(): Promise<void>;
  /** the whole table as ipvsadm text, a line each, asked of the director itself and not of the page under test */
  rules(): Promise<string[]>;
}

interface Options {
  /** SERVICESxSERVERS instead of the out-of-the-box table */
  table: string;
  /** more of the director's settings: SIMULATED_CONNECTIONS and the like */
  simulation: Record<string, string>;
  /** of whoever sits at the browser */
  role: Role;
  /** false: the browser has no session */
  loggedIn: boolean;
  /** false: nobody was made yet, and the set-up link is good */
  setUp: boolean;
  /** over TLS, with a certificate that nobody signed */
  tls: boolean;
}

interface Fixtures {
  product: Product;
  /** who sits at the browser, logged in or not */
  visitor: Person;
  pageErrors: string[];
}

/** A fresh product for each test: every test finds the same table and the same people, whatever the others did to theirs. */
export const test = base.extend<Options & Fixtures>({
  table: ["", { option: true }],
  simulation: [{}, { option: true }],
  role: ["admin", { option: true }],
  loggedIn: [true, { option: true }],
  setUp: [true, { option: true }],
  tls: [false, { option: true }],
  ignoreHTTPSErrors: async ({ tls }, use) => use(tls),
  product: async ({ table, simulation, tls, setUp: isSetUp }, use) => {
    const folder = productFolder();
    const [port, stateDir, runtimeDir] = [await freePort(), join(folder, "state"), join(folder, "run")];
    const start = () =>
      startProcess("director", folder, { DIRECTOR: "simulated", SIMULATED_TABLE: table, ...simulation });
    const pair = tls ? pairIn(join(folder, "tls")) : {};
    const listen = { LISTEN: `127.0.0.1:${port}`, ...pair };
    const [director, web] = await startBoth(start(), startProcess("web", folder, listen));
    const url = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
    const admin = new ConsoleClient(url);
    const product: Product = {
      ...{ url, stateDir, runtimeDir, director },
      people: new People(admin),
      killDirector: async () => {
        const ended = new Promise((resolve) => product.director.child.once("exit", resolve));
        product.director.child.kill("SIGKILL");
        await ended;
      },
      startDirector: async () => {
        product.director = await start();
      },
      rules: async () => {
        const remote = new RemoteDirector(join(runtimeDir, "director.sock"));
        try {
          return (await remote.table()).flatMap((service) => formatRecord(service).split("\n"));
        } finally {
          await remote.close();
        }
      },
    };
    if (isSetUp) await setUp(admin, setupLinkIn(stateDir));
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
  visitor: async ({ product, role, setUp: isSetUp }, use) =>
    use(role === "admin" || !isSetUp ? firstAdmin : await product.people.add(role, `the-${role}`)),
  context: async ({ context, product, visitor, loggedIn, setUp: isSetUp }, use) => {
    // The admin at the browser has a session of their own, apart from the one that a test makes users with.
    if (loggedIn && isSetUp) await lend(context, await product.people.logIn(visitor));
    await use(context);
  },
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

function pairIn(folder: string): { TLS_CERT: string; TLS_KEY: string } {
  mkdirSync(folder);
  const { certFile, keyFile } = selfSigned(folder, "console");
  return { TLS_CERT: certFile, TLS_KEY: keyFile };
}

export { expect };
