import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatRecord } from "#domain/rules/record";
import { RemoteDirector } from "#server/director/remote";
import { selfSigned } from "#server/web/self-signed-fixture";
import { ConsoleClient } from "../console-client.ts";
import { People, setUp, setupLinkIn } from "../people.ts";
import { freePort, productFolder, type RunningProcess, startBoth, startProcess } from "../product.ts";
import { PeopleSnapshot } from "./people-snapshot.ts";

export interface ProductOptions {
  /** SERVICESxSERVERS instead of the out-of-the-box table */
  table: string;
  /** more of the director's settings: SIMULATED_CONNECTIONS and the like */
  simulation: Record<string, string>;
  /** over TLS, with a certificate that nobody signed */
  tls: boolean;
  /** false: nobody was made yet, and the set-up link is good */
  setUp: boolean;
}

/** The product on its simulated director, with its two processes and its people in reach. */
export class SimulatedProduct {
  readonly url: string;
  readonly stateDir: string;
  readonly runtimeDir: string;
  director: RunningProcess;
  people: People;
  readonly #folder: string;
  readonly #web: RunningProcess;
  readonly #simulation: Record<string, string>;
  #table: string;
  #cookie = "";
  #peopleAtFirst: PeopleSnapshot | null = null;
  #directorAtFirst = "";

  private constructor(
    url: string,
    folder: string,
    [director, web]: [RunningProcess, RunningProcess],
    { table, simulation }: ProductOptions,
  ) {
    this.url = url;
    this.#folder = folder;
    this.stateDir = join(folder, "state");
    this.runtimeDir = join(folder, "run");
    this.director = director;
    this.#web = web;
    this.#table = table;
    this.#simulation = simulation;
    this.people = new People(new ConsoleClient(url));
    this.#directorAtFirst = this.#directorState();
  }

  static async start(options: ProductOptions): Promise<SimulatedProduct> {
    const { table, simulation, tls, setUp: isSetUp } = options;
    const [folder, port] = [productFolder(), await freePort()];
    const pair = tls ? pairIn(join(folder, "tls")) : {};
    const web = startProcess("web", folder, { LISTEN: `127.0.0.1:${port}`, ...pair });
    const url = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
    const both = await startBoth(directorIn(folder, table, simulation), web);
    const product = new SimulatedProduct(url, folder, both, options);
    if (isSetUp) await product.#setUp();
    return product;
  }

  /** kill -9, as a crash or the kernel's out-of-memory killer does */
  async killDirector(): Promise<void> {
    const ended = new Promise((resolve) => this.director.child.once("exit", resolve));
    this.director.child.kill("SIGKILL");
    await ended;
  }

  async startDirector(): Promise<void> {
    this.director = await directorIn(this.#folder, this.#table, this.#simulation);
  }

  /** the whole table as ipvsadm text, a line each, asked of the director itself and not of the page under test */
  readonly rules = async (): Promise<string[]> => {
    const remote = new RemoteDirector(join(this.runtimeDir, "director.sock"));
    try {
      return (await remote.table()).flatMap((service) => formatRecord(service).split("\n"));
    } finally {
      await remote.close();
    }
  };

  /**
   * Makes it what it was when it was set up: the same people and sessions, no other line in the audit, and a new director with
   * nothing in its memory. Only what web remembers outside of its file stays: counts of tries and of refusals.
   */
  async renew(table = ""): Promise<void> {
    this.#putPeopleBack();
    if (this.#directorRuns) await this.killDirector();
    const folder = join(this.stateDir, "director");
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    this.#table = table;
    await this.startDirector();
    this.#directorAtFirst = this.#directorState();
    await this.#shownLive();
  }

  /** One that was renewed, before it is used: what a page asked for with its last breath may have come late. */
  async makeReady(table: string): Promise<void> {
    if (table !== this.#table || this.#directorState() !== this.#directorAtFirst) await this.renew(table);
    else this.#putPeopleBack();
  }

  #putPeopleBack(): void {
    this.#peopleAtFirst?.putBack();
    this.people = new People(new ConsoleClient(this.url, this.#cookie));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#web.stop(), this.#directorRuns && this.director.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #setUp(): Promise<void> {
    await setUp(this.people.admin, setupLinkIn(this.stateDir));
    this.#cookie = this.people.admin.cookie;
    this.#peopleAtFirst = new PeopleSnapshot(this.#folder);
  }

  get #directorRuns(): boolean {
    return this.director.child.exitCode === null && this.director.child.signalCode === null;
  }

  /** Another one after anything that the director keeps: every change is among it. */
  #directorState(): string {
    const folder = join(this.stateDir, "director");
    const files = readdirSync(folder).sort();
    const stamp = (name: string) => statSync(join(folder, name), { bigint: true });
    return files.map((name) => `${name} ${stamp(name).size} ${stamp(name).mtimeNs}`).join("\n");
  }

  /** Web, which may have lost the director a moment ago and wait before it asks again, shows live numbers. */
  async #shownLive(): Promise<void> {
    const view = { list: null, follow: [], counters: false, totals: true };
    const input = encodeURIComponent(JSON.stringify({ viewId: "product-is-renewed", view }));
    const headers = { cookie: this.#cookie, accept: "text/event-stream", "sec-fetch-site": "same-origin" };
    const response = await fetch(`${this.url}/api/trpc/live.stream?input=${input}`, {
      headers,
      signal: AbortSignal.timeout(30_000),
    });
    let said = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      said += chunk;
      if (said.includes('"state":{"kind":"live"}')) return;
    }
    throw new Error(`web does not see the renewed director: ${response.status} ${said}`);
  }
}

/** Directors start often here: what Node makes of the source it keeps for the next one. */
const compiled = fileURLToPath(new URL("../../.cache/test/compiled", import.meta.url));
const directorIn = (folder: string, table: string, simulation: Record<string, string>) =>
  startProcess("director", folder, {
    ...{ DIRECTOR: "simulated", SIMULATED_TABLE: table, ...simulation },
    NODE_COMPILE_CACHE: compiled,
  });

function pairIn(folder: string): { TLS_CERT: string; TLS_KEY: string } {
  mkdirSync(folder);
  const { certFile, keyFile } = selfSigned(folder, "console");
  return { TLS_CERT: certFile, TLS_KEY: keyFile };
}
